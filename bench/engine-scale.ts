/**
 * `node --conditions=support-etl-source bench/engine-scale.ts [--engine duckdb|spark] [--rows 100000000] [--delta-rows 1000000]
 * [--memory 8GB] [--disk 40GB] [--folder DIR]`: the tables of the monthly job on an engine: an extract, then two deltas. On DuckDB
 * they are larger than the memory that it is given; on Spark, a cluster of this machine, a worker is killed during the first fold.
 * The rows are made in the engine and staged as a run stages them, because the CSV of a hundred million rows is 12 GB; everything
 * after that is what `run --engine` does.
 *
 * At the end the cube that was kept by difference is compared with one that is counted anew. It is also compared with sums that
 * DuckDB computes without any fold and without a table: from the last change of each key, deleted keys left out.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type EngineConnection, openDuckdb } from '../src/engine/index.ts'
import { quoted } from '../src/engine/render.ts'
import { type Batch, Bronze } from '../src/engine/state/bronze.ts'
import { openSpools } from '../src/engine/state/spool-files.ts'
import { SqlTables } from '../src/engine/state/sql-tables.ts'
import { bronzeOf } from '../src/engine/state/table-names.ts'
import { nodeEffects } from '../src/pipeline/index.ts'
import type { JobTable } from '../src/pipeline/job/job.ts'
import { SUPPORT_PLANS } from '../src/systems/support/engine-plans.ts'
import { supportJob } from '../src/systems/support/index.ts'
import { int64 } from '../src/table/contract.ts'
import { duckdbEngine, type ScaleEngine, sparkEngine } from './scale-engines.ts'
import { BATCHES, cubeSums, expectedSums, madeRows, type Scale } from './scale-rows.ts'
import { freeDisk, ScaleWatch } from './scale-watch.ts'

const CUBE = 'support_cube'
const OPTIONS = { timeZone: 'America/New_York', monthFrom: 'interaction_start' }

/** Bytes of disk for a row of the extract and for one of a delta: three times what a run of 5 million rows took, for spilled rows. */
const DISK = { row: 200, deltaRow: 600 }

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'duckdb' },
    rows: { type: 'string', default: '100000000' },
    'delta-rows': { type: 'string', default: '1000000' },
    memory: { type: 'string', default: '8GB' },
    disk: { type: 'string', default: '40GB' },
    folder: { type: 'string', default: tmpdir() },
  },
})

async function rowOf(connection: EngineConnection, query: string): Promise<string> {
  const figures = { interactions: int64(), calls: int64(), micro_minutes: int64() }
  for await (const { columns } of connection.query(query, figures))
    return Object.keys(figures)
      .map((name) => `${name} ${columns.get(name)?.at(0)}`)
      .join(', ')
  return 'nothing'
}

/** The sums of the rows as they were made: nothing is stored. */
async function sumsAsMade(scale: Scale): Promise<string> {
  const connection = await openDuckdb({ file: null })
  const sums = await rowOf(connection, expectedSums(scale, connection.dialect))
  await connection.close()
  return sums
}

/** Stages all batches in one version, as runs stage their inputs. */
async function stageAll({ state }: ScaleEngine, { contract }: JobTable, scale: Scale, watch: ScaleWatch) {
  const tools = { newHash: nodeEffects().newHash, newSpools: () => openSpools(values.folder) }
  const version = await state.begin()
  await new Bronze(version.tables, tools).create(contract)
  const { connection } = version.tables
  const { dialect } = connection
  const into = `INSERT INTO ${quoted('table', bronzeOf(contract.name), dialect)}`
  for (const batch of BATCHES) {
    await watch.step(`stage ${batch}`, () => connection.exec(`${into} ${madeRows(batch, scale, dialect)}`))
  }
  await watch.step('commit of staged rows', () => version.commit())
}

/** Folds a batch and brings the cube up to date, in a version of its own. */
async function applyBatch(engine: ScaleEngine, table: JobTable, batches: readonly Batch[], watch: ScaleWatch) {
  const added = batches.at(-1) as Batch
  const { batch } = added
  const version = await engine.state.begin()
  const tables = new SqlTables(version.tables, SUPPORT_PLANS)
  if (batch > 0) {
    const touched = await watch.step(`rows before delta ${batch}`, () => tables.loadTouched(table, [added]))
    if (touched.rows === 0) throw new Error('the delta touches nothing')
  }
  const fold = { form: batch === 0 ? 'rebuild' : 'merge', inputs: [], added: 1 } as const
  const work = () => tables.fold(table, fold, batches, [added])
  const rows = await watch.step(`fold ${batch}`, () => (batch === 0 ? engine.wounded(work) : work()))
  const form = batch === 0 ? 'build' : 'update'
  const cube = await watch.step(`cube ${batch}`, () => tables.rollUp(CUBE, form, table.contract, OPTIONS))
  await tables.dropSteps([table.contract.name])
  await watch.step(`commit ${batch}`, () => version.commit())
  process.stderr.write(`${rows} rows, ${cube?.rows ?? 0} cells\n`)
  return { rowsLeft: rows, cells: cube?.rows ?? 0 }
}

/** Compares the cube with one that is counted anew, and with the rows as they were made. */
async function compareCube({ state }: ScaleEngine, { contract }: JobTable, scale: Scale, watch: ScaleWatch) {
  const tables = await state.read()
  const plan = SUPPORT_PLANS[CUBE]
  if (plan === undefined) throw new Error('the cube has no plan')
  const isSame = await watch.step('cube counted anew', () =>
    new SqlTables(tables, SUPPORT_PLANS).isRollupIntact(CUBE, plan, contract, OPTIONS),
  )
  if (!isSame) throw new Error('the cube that was kept by difference is not the one that is counted anew')
  const expected = await watch.step('sums of the rows as made', () => sumsAsMade(scale))
  const { connection } = tables
  const found = await rowOf(connection, cubeSums(quoted('table', CUBE, connection.dialect), connection.dialect))
  if (found !== expected) throw new Error(`the cube has ${found}, and the rows as made ${expected}`)
  return found
}

async function main(): Promise<void> {
  const table = supportJob.tables.interactions
  if (table === undefined) throw new Error('the job has no interactions')
  const scale = { rows: Number(values.rows), deltaRows: Number(values['delta-rows']) }
  if (!(scale.deltaRows > 0 && scale.deltaRows * 3 < scale.rows))
    throw new Error('--rows has to be more than three times --delta-rows')
  const needed = Math.ceil((scale.rows * DISK.row + scale.deltaRows * 2 * DISK.deltaRow) / 1024 ** 2)
  const free = freeDisk(values.folder)
  process.stderr.write(`about ${needed} MiB of disk are needed in ${values.folder}, and ${free} MiB are free\n`)
  if (free < needed) throw new Error('there is too little disk: name another folder with --folder')
  const folder = mkdtempSync(join(values.folder, 'support-etl-scale-'))
  const watch = new ScaleWatch(folder)
  let engine: ScaleEngine | null = null
  try {
    engine =
      values.engine === 'spark'
        ? await watch.step('start of the cluster', () => sparkEngine(folder))
        : duckdbEngine(folder, { memory: values.memory, disk: values.disk })
    const columns = Object.keys(table.contract.columns)
    const batches = BATCHES.map((batch): Batch => {
      const { contract } = table
      return { batch, table: contract.name, file: `made-${batch}`, bytes: 0, columns, word: 'action', contract }
    })
    await stageAll(engine, table, scale, watch)
    let last = { rowsLeft: 0, cells: 0 }
    for (const batch of BATCHES) last = await applyBatch(engine, table, batches.slice(0, batch + 1), watch)
    const sums = await compareCube(engine, table, scale, watch)
    const peaks = { peakMemoryMiB: watch.peakMemory, peakDiskMiB: watch.peakDisk }
    const result = { engine: values.engine, ...scale, ...(await engine.report()), ...last, sums, ...peaks }
    process.stdout.write(`${JSON.stringify({ ...result, seconds: watch.seconds })}\n`)
  } finally {
    await engine?.stop()
    watch.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
