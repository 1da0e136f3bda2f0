/** The rebuild form on ClickHouse: staged rows of 25 data sets full of traps give the published bytes of a run without an engine. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import { buildRows, type DriverCell } from '../../../src/engine/build-rows.ts'
import { dialectOf, type FoldOptions, foldPlan, ORDER, type Relation, renderQuery } from '../../../src/engine/index.ts'
import { monthsOfDays } from '../../../src/engine/month-plan.ts'
import { csvChunks } from '../../../src/format/csv/write/write.ts'
import { nodeEffects, runPipeline } from '../../../src/pipeline/index.ts'
import { readHead } from '../../../src/pipeline/log/commit-log.ts'
import { readWhole } from '../../../src/pipeline/state/data-files.ts'
import { readInputs } from '../../../src/pipeline/state/stored-inputs.ts'
import { supportJob, supportReportContract } from '../../../src/systems/support/index.ts'
import { supportReportPlan } from '../../../src/systems/support/plan.ts'
import { TimestampColumn } from '../../../src/table/column.ts'
import type { TableContract } from '../../../src/table/contract.ts'
import type { Frame } from '../../../src/table/frame.ts'
import { ACTION_WORDS, readActions } from '../../../src/transform/delta/compile/actions.ts'
import { resolveDeltaOptions } from '../../../src/transform/delta/delta-options.ts'
import { python } from '../../python-tools.ts'
import { type StagedChange, type StagedTable, stagingStatements } from '../staging.ts'
import { trapData } from './trap-data.ts'

const dialect = dialectOf('clickhouse')
const effects = nodeEffects()
const DAY = 86_400_000
const SEEDS = Array.from({ length: 25 }, (_, at) => at + 1)

/** ClickHouse keeps instants and days from 1900 to 2299: those of the data sets that are outside come nearer. */
function withinClickhouse(text: string): string {
  return text
    .replaceAll('0001-01-01', '1900-01-02')
    .replaceAll('1883-11-18', '1901-11-18')
    .replaceAll('9999-12-31', '2299-11-30')
}

const cellAt = (frame: Frame, name: string, row: number): string | number | boolean | null => {
  const column = frame.columns.get(name)
  if (column === undefined || column.isNull(row)) return null
  if (column instanceof TimestampColumn) return column.milliseconds(row)
  return column.at(row) as string | number | boolean
}

/** The rows of an input as staged changes. */
function changesOf(contract: TableContract, frame: Frame, month: string | null): StagedChange[] {
  const word = frame.columns.get('action')
  const codes = word === undefined ? null : readActions(word, resolveDeltaOptions({}), () => '').codes
  return Array.from({ length: frame.rows }, (_, row) => ({
    action: month === null ? 'add' : (ACTION_WORDS[codes?.[row] ?? 0] as StagedChange['action']),
    row: Object.fromEntries(Object.keys(contract.columns).map((name) => [name, cellAt(frame, name, row)])),
  }))
}

interface Case {
  readonly statements: readonly string[]
  readonly query: string
}

/** The rows of a plan as cells that lose nothing on their way through JSON. */
function exactQuery(plan: Relation, { columns }: TableContract, order: readonly string[]): string {
  const select = Object.entries(columns).map(([name, { kind }]) => {
    const value = kind === 'timestamp' ? `toUnixTimestamp64Milli(\`${name}\`)` : `\`${name}\``
    return `toString(${value})`
  })
  const by = order.map((name) => `\`${name}\``).join(', ')
  return `SELECT ${select.join(', ')} FROM (${renderQuery(plan, dialect)}) ORDER BY ${by}`
}

function frameOfAnswer({ columns }: TableContract, answer: readonly (readonly (string | null)[])[]): Frame {
  const cells = Object.values(columns).map(({ kind }, at) =>
    answer.map((row): DriverCell => {
      const text = row[at] ?? null
      if (text === null || kind === 'text') return text
      if (kind === 'timestamp') return Number(text) * 1000
      return kind === 'date' ? Date.parse(`${text}T00:00Z`) / DAY : Number(text)
    }),
  )
  return buildRows(cells, columns, answer.length)
}

const csvOf = (frame: Frame): string =>
  Buffer.concat([...csvChunks(frame, {})].map((chunk) => Buffer.from(chunk))).toString()

/** The days of UTC in which the instants of the staged rows are. */
function daysOf(frames: readonly Frame[]): number[] {
  return frames.flatMap(({ columns }) =>
    [...columns.values()].flatMap((column) => {
      if (!(column instanceof TimestampColumn)) return []
      const days = Array.from({ length: column.length }, (_, row) => Math.floor(column.milliseconds(row) / DAY))
      return days.filter((day) => !Number.isNaN(day))
    }),
  )
}

interface Expected {
  readonly cases: readonly Case[]
  /** The published copy of each case, and its contract. */
  readonly copies: readonly { readonly contract: TableContract; readonly text: string }[]
}

async function casesOf(seed: number): Promise<Expected> {
  const { files, options } = trapData(seed)
  const data = memoryStore(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, withinClickhouse(text)])),
  )
  const out = memoryStore()
  await runPipeline(supportJob, { data, out, ...options, format: 'csv', maxQuarantined: 1 })
  const head = await readHead(out, effects)
  if (head === null) throw new Error('nothing was committed')
  const statements: string[] = []
  const staged: Record<string, FoldOptions> = {}
  const copies: { contract: TableContract; text: string }[] = []
  const queries: string[] = []
  let days: number[] = []
  for (const [name, { contract }] of Object.entries(supportJob.tables)) {
    const inputs = await readInputs(out, head.record, name, null, effects)
    const table: StagedTable = {
      ...{ name: `staged_${name}`, contract },
      files: inputs.map(({ frame, month }) => changesOf(contract, frame, month)),
    }
    statements.push(...stagingStatements(table, dialect))
    const lacking = Object.keys(contract.columns).map((column) => [
      column,
      inputs.flatMap(({ frame }, at) => (frame.columns.has(column) ? [] : [at])),
    ])
    const fold = { staged: table.name, lacking: Object.fromEntries(lacking) }
    staged[name] = fold
    queries.push(exactQuery(foldPlan(contract, fold), contract, [ORDER]))
    copies.push({ contract, text: Buffer.from(await readWhole(out, `${name}.csv`)).toString() })
    if (name === 'interactions') days = daysOf(inputs.map(({ frame }) => frame))
  }
  const months = monthsOfDays(options.timeZone, days)
  const report = supportReportPlan({ ...months, monthFrom: options.monthFrom, staged: staged as never })
  queries.push(exactQuery(report, supportReportContract, supportReportContract.key))
  copies.push({
    contract: supportReportContract,
    text: Buffer.from(await readWhole(out, 'support_report.csv')).toString(),
  })
  return { copies, cases: queries.map((query, at) => ({ statements: at === 0 ? statements : [], query })) }
}

describe.skipIf(!existsSync(python))('the rebuild form on ClickHouse', () => {
  it('publishes the bytes of a run without an engine, for every data set', { timeout: 400_000 }, async () => {
    const all = await Promise.all(SEEDS.map(casesOf))
    const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, '..', 'python-engines.py')], {
      input: JSON.stringify({ engine: 'clickhouse', cases: all.flatMap(({ cases }) => cases) }),
      ...{ encoding: 'utf8', timeout: 300_000, maxBuffer: 2 ** 28 },
    })
    if (status !== 0) throw new Error(stderr)
    const answers = JSON.parse(stdout) as (string | null)[][][]
    let at = 0
    let rows = 0
    for (const [place, { copies }] of all.entries()) {
      for (const { contract, text } of copies) {
        const found = frameOfAnswer(contract, answers[at++] ?? [])
        rows += found.rows
        expect(csvOf(found), `seed ${SEEDS[place]}, ${contract.name}`).toBe(text)
      }
    }
    expect(rows).toBeGreaterThan(1000)
  })
})
