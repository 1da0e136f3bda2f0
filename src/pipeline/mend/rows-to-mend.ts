/**
 * The rows that wait, each with the whole text of its record, for people who mend them.
 * @module
 */
import { isPacked, unpackWhole } from '../../connect/gzip.ts'
import { ConnectError } from '../../errors.ts'
import { readLastCommit } from '../audit/status.ts'
import { type Effects, nodeEffects } from '../effects.ts'
import { type Job, tablesOf } from '../job/job.ts'
import type { CommonRunOptions } from '../job/options.ts'
import type { InputRecord } from '../log/commit-record.ts'
import type { QuarantinedRow } from '../quarantine.ts'
import { csv } from '../sources/formats/csv-format.ts'
import { pieceLabel } from '../sources/read/piece-label.ts'
import { readWhole } from '../state/data-files.ts'
import { readQuarantine } from '../state/read-quarantine.ts'
import { openPlaces } from '../steps/survey.ts'
import type { MendedRow } from './mend-rows.ts'
import { openMended, readMended } from './read-mended.ts'

/** A row that waits, with the text that people mend. */
export interface RowToMend extends MendedRow {
  /** The line on which it begins; null where that is not known. */
  readonly line: number | null
  /** What does not fit, one sentence each. */
  readonly problems: readonly string[]
}

function problemOf({ code, column, found, expected }: QuarantinedRow): string {
  const where = column === null ? '' : `${column}: `
  const what = found === null ? '' : `found ${JSON.stringify(found)}, `
  return `${code}: ${where}${what}expected ${expected}`
}

/** The records of a file as text; those that quarantine holds where its format cannot show them, or the file is not there. */
async function textsOf(
  job: Job,
  input: InputRecord | undefined,
  rows: ReadonlySet<number>,
  read: (name: string) => Promise<Uint8Array>,
): Promise<ReadonlyMap<number, string>> {
  const table = tablesOf(job).find(({ contract }) => contract.name === input?.table)
  if (table === undefined || input === undefined) return new Map()
  try {
    const packed = await read(input.name)
    const bytes = isPacked(input.name) ? await unpackWhole(packed, input.name) : packed
    const format = table.source.format ?? csv()
    if (table.source.kind === 'objects' && format.kind === 'json')
      return new Map([[1, new TextDecoder().decode(bytes)]])
    const found = await format.findRecords?.(bytes, rows, { name: input.name, month: input.month })
    return new Map([...(found ?? [])].map(([row, { text }]) => [row, text]))
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return new Map()
    throw error
  }
}

/**
 * Returns the rows that wait, each once, with the text of its record as its file has it, or as it was mended before: what
 * `mendRows` takes when the texts are mended. Rows of derived tables are not among them: they are mended where they come from.
 *
 * @throws PipelineError nothing_committed, log_damaged, data_damaged - the state cannot be read
 * @throws ConnectError - a place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { defineJob, extractsAndDeltas, rowsToMend, runPipeline } from 'support-etl/pipeline'
 * import { defineTable, float64, key, string } from 'support-etl'
 *
 * const halls = defineTable('halls', { id: key(string()), area: float64() })
 * const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })
 * const data = memoryStore({ 'initial/halls.csv': 'id,area\nH1,120.5\nH2,wide\n' })
 * const out = memoryStore()
 * await runPipeline(job, { data, out })
 * const rows = await rowsToMend(job, { data, out })
 * rows.map(({ row, text }) => [row, text]) // [[2, 'H2,wide']]
 */
export async function rowsToMend(
  job: Job,
  options: Pick<CommonRunOptions, 'data' | 'out'> = {},
  given: Partial<Effects> = {},
): Promise<readonly RowToMend[]> {
  const effects: Effects = { ...nodeEffects(), ...given }
  const places = openPlaces(job, options, effects)
  const { record } = await readLastCommit(places.out, effects)
  const { data } = await openMended(places.data, await readMended(places.out, record, effects), job, effects)
  const waiting = (await readQuarantine({ out: places.out }, effects)).rows.filter(({ table }) =>
    Object.hasOwn(job.tables, table),
  )
  const files = Map.groupBy(waiting, ({ table, file }) => `${file} ${table}`)
  const rows: RowToMend[] = []
  for (const problems of files.values()) {
    const [{ table, file } = { table: '', file: '' }] = problems
    const input = record.inputs.find((one) => one.table === table && pieceLabel(one, record.inputs) === file)
    const numbers = new Set(problems.map(({ row }) => row))
    const texts = await textsOf(job, input, numbers, (name) => readWhole(data, name))
    for (const row of numbers) {
      const own = problems.filter((problem) => problem.row === row)
      const { line = null, raw = '' } = own[0] ?? {}
      rows.push({ table, file, row, line, problems: own.map(problemOf), text: texts.get(row) ?? raw })
    }
  }
  return rows
}
