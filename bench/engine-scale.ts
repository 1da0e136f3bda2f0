/**
 * `node --conditions=support-etl-source bench/engine-scale.ts [--rows 100000000] [--delta-rows 1000000] [--memory 8GB] [--disk 60GB] [--folder DIR]`:
 * the tables of the monthly job on DuckDB, larger than the memory that it is given: an extract, then two deltas. The rows are made
 * in DuckDB and staged as a run stages them, because the CSV of a hundred million rows is 12 GB; everything after that is what
 * `run --engine duckdb` does. At the end the cube that was kept by difference is compared with one that is counted anew. It is
 * also compared with sums that are computed without any fold: from the last change of each key, deleted keys left out.
 * @module
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDuckdb } from '../src/engine/index.ts'
import { Bronze } from '../src/engine/state/bronze.ts'
import { openState } from '../src/engine/state/open-state.ts'
import { openSpools } from '../src/engine/state/spool-files.ts'
import { SqlTables } from '../src/engine/state/sql-tables.ts'
import { bronzeOf } from '../src/engine/state/table-names.ts'
import { nodeEffects } from '../src/pipeline/index.ts'
import { SUPPORT_PLANS } from '../src/systems/support/engine-plans.ts'
import { supportJob } from '../src/systems/support/index.ts'
import { int64 } from '../src/table/contract.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000000' },
    'delta-rows': { type: 'string', default: '1000000' },
    memory: { type: 'string', default: '8GB' },
    disk: { type: 'string', default: '60GB' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const rows = Number(values.rows)
const deltaRows = Number(values['delta-rows'])
const folder = mkdtempSync(join(values.folder, 'support-etl-scale-'))
const file = join(folder, 'state.duckdb')

/** Rows from the `first` key on, as SQL; `step` spreads the keys of a delta over those of the extract. */
function made(batch: number, count: number, first: number, step: number): string {
  const key = `(${first} + i * ${step})`
  const start = `(TIMESTAMP '2024-01-01' + INTERVAL 1 SECOND * (hash(${key}, 1) % 34000000)::BIGINT)`
  const action = batch === 0 ? "'add'" : "CASE hash(i, 2) % 10 WHEN 0 THEN 'delete' WHEN 1 THEN 'add' ELSE 'update' END"
  const word = batch === 0 ? 'NULL' : action
  return `SELECT
    printf('INT%010d', ${key}) AS interaction_id,
    ${start} AS "timestamp",
    ['phone', 'chat', 'email', 'Phone '][1 + (hash(${key}, 3 + ${batch}) % 4)::INT] AS channel,
    'CAT' || (hash(${key}, 4 + ${batch}) % 20) AS category_id,
    'AGT' || (hash(${key}, 5) % 500) AS agent_id,
    'CTR' || (hash(${key}, 6) % 12) AS contact_center_id,
    ${start} AS interaction_start,
    ${start} + INTERVAL 6 MINUTE AS agent_resolution_timestamp,
    ${start} + INTERVAL 9 MINUTE AS interaction_end,
    (hash(${key}, 7 + ${batch}) % 4000)::DOUBLE / 100 AS call_duration_minutes,
    (1 + hash(${key}, 8) % 5)::DOUBLE AS satisfaction_rating,
    'made-${batch}' AS _file, i + 1 AS _row, ${word} AS _word, ${batch} AS _batch, i AS _seq, ${action} AS _action
  FROM range(${count}) AS r(i)`
}

const state = openState({
  ...{ title: 'duckdb', isShared: true, mayExist: () => true },
  open: () => openDuckdb({ file, memoryLimit: values.memory }),
})
const seconds: Record<string, number> = {}
async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const begun = performance.now()
  const result = await work()
  seconds[name] = Math.round((performance.now() - begun) / 100) / 10
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stderr.write(`${name}: ${seconds[name]} s, peak ${peak} MiB\n`)
  return result
}

try {
  const { interactions } = supportJob.tables
  if (interactions === undefined) throw new Error('the job has no interactions')
  const { contract } = interactions
  const tools = { newHash: nodeEffects().newHash, newSpools: () => openSpools(folder) }
  await state.change(async (tables) => {
    await tables.connection.exec(`SET temp_directory = '${join(folder, 'spilled')}'`)
    await tables.connection.exec(`SET max_temp_directory_size = '${values.disk}'`)
    await new Bronze(tables, tools).create(contract)
  })
  const batches = [0, 1, 2].map((batch) => {
    const columns = Object.keys(contract.columns)
    return { batch, table: contract.name, file: `made-${batch}`, bytes: 0, columns, word: 'action', contract }
  })
  const options = { timeZone: 'America/New_York', monthFrom: 'interaction_start' }
  const spread = Math.floor((rows * 1.02) / deltaRows)
  let cells = 0
  for (const [batch, one] of batches.entries()) {
    const [count, first, stride] = batch === 0 ? [rows, 0, 1] : [deltaRows, batch, spread]
    const version = await state.begin()
    const tables = new SqlTables(version.tables, SUPPORT_PLANS)
    await step(`stage ${batch === 0 ? 'extract' : `delta ${batch}`}`, () =>
      version.tables.connection.exec(`INSERT INTO "${bronzeOf(contract.name)}" ${made(batch, count, first, stride)}`),
    )
    const form = batch === 0 ? 'rebuild' : 'merge'
    if (batch > 0) {
      const touched = await step(`touched rows ${batch}`, () => tables.loadTouched(interactions, [one]))
      if (touched.rows === 0) throw new Error('the delta touches nothing')
    }
    const fold = { form, inputs: [], added: 1 } as const
    const count2 = await step(`fold ${batch}`, () =>
      tables.fold(interactions, fold, batches.slice(0, batch + 1), [one]),
    )
    const cube = await step(`cube ${batch}`, () =>
      tables.rollUp('support_cube', batch === 0 ? 'build' : 'update', contract, options),
    )
    cells = cube?.rows ?? 0
    await tables.dropSteps([contract.name])
    await step(`commit ${batch}`, () => version.commit())
    process.stderr.write(`${count2} rows, ${cells} cells\n`)
  }
  const plan = SUPPORT_PLANS.support_cube
  if (plan === undefined) throw new Error('the cube has no plan')
  const { connection } = await state.read()
  const committed = new SqlTables(await state.read(), SUPPORT_PLANS)
  const isSame = await step('cube counted anew', () =>
    committed.isRollupIntact('support_cube', plan, contract, options),
  )
  if (!isSame) throw new Error('the cube that was kept by difference is not the one that is counted anew')
  const figures = { interactions: int64(), calls: int64(), micro_minutes: int64() }
  const one = async (query: string): Promise<string> => {
    for await (const { columns } of connection.query(query, figures)) {
      return Object.keys(figures)
        .map((name) => String(columns.get(name)?.at(0)))
        .join(' ')
    }
    return 'nothing'
  }
  // the keys of a delta rise in steps, so which delta has a key is arithmetic
  const isOf = (batch: number) =>
    `(n - ${batch}) % ${spread} = 0 AND n >= ${batch} AND (n - ${batch}) // ${spread} < ${deltaRows}`
  const last = (batch: number) => `SELECT n, channel, call_duration_minutes, _action FROM (
    SELECT *, substr(interaction_id, 4)::BIGINT AS n FROM (${made(batch, batch === 0 ? rows : deltaRows, batch, batch === 0 ? 1 : spread)})
  ) WHERE ${batch === 2 ? 'true' : `NOT (${isOf(2)})`} AND ${batch === 0 ? `NOT (${isOf(1)})` : 'true'}`
  const expected = await step('sums of the rows as made', () =>
    one(`SELECT COUNT(*)::BIGINT, COUNT(*) FILTER (lower(trim(channel)) = 'phone')::BIGINT,
      SUM(CASE WHEN lower(trim(channel)) = 'phone' THEN round(call_duration_minutes * 1000000)::BIGINT ELSE 0 END)::BIGINT
      FROM (${[0, 1, 2].map(last).join(' UNION ALL ')}) WHERE _action <> 'delete'`),
  )
  const found = await one(
    'SELECT SUM(interactions)::BIGINT, SUM(calls)::BIGINT, SUM(call_duration_micro_minutes)::BIGINT FROM support_cube',
  )
  if (found !== expected) throw new Error(`the cube has ${found}, and the rows as made ${expected}`)
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  const size = Math.round(statSync(file).size / 1024 ** 2)
  process.stdout.write(
    `${JSON.stringify({ rows, deltaRows, memory: values.memory, cells, peakMiB: peak, fileMiB: size, seconds })}\n`,
  )
} finally {
  await state.close()
  rmSync(folder, { recursive: true, force: true })
}
