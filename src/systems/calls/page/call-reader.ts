/**
 * Reads the curated Parquet file into a call set: hyparquet reads, the library builds the columns.
 * @module
 */
import { type ColumnChunks, eachCell, membersOf, numbersOf, openParquet } from '../../../page/parquet-columns.ts'
import { type SiteFile, SiteFileError } from '../../../page/site-file.ts'
import { encodeTexts } from '../../../table/utf8.ts'
import { type CallSet, callSetOf, type MemberCodes, type TextBytes } from '../figures/call-set.ts'

const COLUMNS = [
  'call_id',
  'agent_id',
  'agent_name',
  'region',
  'customer_id',
  'start_time',
  'end_time',
  'call_duration_minutes',
  'issue_type',
  'resolution',
  'rating',
  'call_date',
  'hour_of_day',
] as const
type ColumnName = (typeof COLUMNS)[number]

/** What is wrong with a file, in words that the page shows. */
export class UnreadableCalls extends Error {}

type Chunks = ReadonlyMap<ColumnName, ColumnChunks>

const chunksOf = (chunks: Chunks, name: ColumnName): ColumnChunks => chunks.get(name) ?? []
const numbers = (chunks: Chunks, name: ColumnName, rows: number) => numbersOf(chunksOf(chunks, name), rows)
const codes = (chunks: Chunks, name: ColumnName, rows: number): MemberCodes => membersOf(chunksOf(chunks, name), rows)

function texts(chunks: Chunks, name: ColumnName, rows: number): TextBytes {
  const all: (string | null)[] = new Array(rows).fill(null)
  eachCell(chunksOf(chunks, name), rows, (row, cell) => {
    all[row] = cell === null ? null : String(cell)
  })
  const { bytes, offsets, valid } = encodeTexts(all, name)
  return { bytes: bytes.slice(), offsets, valid }
}

/** Returns the calls of a curated Parquet file. `onProgress` gets the share read so far. */
export async function readCalls(source: SiteFile, onProgress: (share: number) => void): Promise<CallSet> {
  const file = await openParquet(source).catch((error: unknown) => {
    if (error instanceof SiteFileError) throw error
    throw new UnreadableCalls('The file of calls is not a readable Parquet file. Run `support-etl calls clean` again.')
  })
  const present = new Set(file.schema.map(({ name }) => name))
  const missing = COLUMNS.filter((name) => !present.has(name))
  if (missing.length > 0) {
    throw new UnreadableCalls(
      `The file has no column ${missing.map((name) => `“${name}”`).join(', ')}. Give the dashboard the file that \`support-etl calls clean\` writes.`,
    )
  }
  const { rows } = file
  const chunks = new Map<ColumnName, ColumnChunks>()
  for (const [done, column] of COLUMNS.entries()) {
    chunks.set(column, await file.read(column))
    onProgress((done + 1) / (COLUMNS.length + 1))
  }
  return callSetOf({
    start: numbers(chunks, 'start_time', rows),
    end: numbers(chunks, 'end_time', rows),
    day: Int32Array.from(numbers(chunks, 'call_date', rows)),
    hour: numbers(chunks, 'hour_of_day', rows),
    minutes: numbers(chunks, 'call_duration_minutes', rows),
    rating: numbers(chunks, 'rating', rows),
    region: codes(chunks, 'region', rows),
    issue: codes(chunks, 'issue_type', rows),
    agent: codes(chunks, 'agent_id', rows),
    agentName: codes(chunks, 'agent_name', rows),
    resolution: codes(chunks, 'resolution', rows),
    callId: texts(chunks, 'call_id', rows),
    customerId: texts(chunks, 'customer_id', rows),
  })
}
