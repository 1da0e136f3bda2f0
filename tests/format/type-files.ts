/**
 * The files of `fixtures/types` (every type in every container, by four writers), and what the readers make of each.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Table, Vector } from 'apache-arrow'
import { type FileBytes, placesOf } from '../../src/format/arrow/read/file.ts'
import { fileRows } from '../../src/format/arrow/read/file-rows.ts'
import { Damage } from '../../src/format/arrow/read/flat-reader.ts'
import { readArrow, readParquet, writeArrow, writeJson, writeParquet } from '../../src/format/index.ts'
import type { Frame } from '../../src/table/frame.ts'
import { type TableLike, viewTable } from '../../src/table/table-like.ts'

const folder = join(import.meta.dirname, '..', 'fixtures', 'types')

/** A cell as pyarrow finds it: what JSON has not stands under a name. */
export type Cell =
  | null
  | boolean
  | number
  | string
  | readonly Cell[]
  | { readonly long: string }
  | { readonly float: string }
  | { readonly decimal: string }
  | { readonly bytes: string }
  | { readonly struct: readonly (readonly [string, Cell])[] }
  | { readonly map: readonly (readonly [Cell, Cell])[] }

/** One file of a pack. */
export interface TypeFile {
  readonly writer: string
  readonly format: 'arrow' | 'parquet'
  readonly type: string
  readonly container: string
  /** The column's type by pyarrow's name. */
  readonly arrow: string
  readonly cells: readonly Cell[]
  readonly bytes: Uint8Array
}

/** All files of all packs. */
export function typeFiles(): TypeFile[] {
  const packs = readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz'))
  return packs.flatMap((name) => {
    const [writer = '', format = ''] = name.split('.')
    const lines = gunzipSync(readFileSync(join(folder, name)))
      .toString()
      .trim()
      .split('\n')
    return lines.map((line) => {
      const file = JSON.parse(line)
      const bytes = new Uint8Array(Buffer.from(file.bytes, 'base64'))
      return { ...file, writer, format, bytes } as TypeFile
    })
  })
}

const isList = (cell: object): cell is readonly Cell[] => Array.isArray(cell)

/** The value that a table of ours shows for a cell. */
export function shown(cell: Cell): unknown {
  if (cell === null || typeof cell !== 'object') return cell
  if (isList(cell)) return cell.map(shown)
  if ('long' in cell) return BigInt(cell.long)
  if ('float' in cell) return Number(cell.float)
  if ('decimal' in cell) return cell.decimal
  if ('bytes' in cell) return new Uint8Array(Buffer.from(cell.bytes, 'hex'))
  if ('struct' in cell) return Object.fromEntries(cell.struct.map(([name, value]) => [name, shown(value)]))
  if ('map' in cell) return mapShown(cell.map.map(([key, value]) => [shown(key), shown(value)]))
  throw new Error(`a cell that is not known: ${JSON.stringify(cell)}`)
}

function mapShown(pairs: [unknown, unknown][]): unknown {
  const map = new Map(pairs)
  return map.size === pairs.length ? map : pairs
}

/** The value that JSON gives: what it has no form of is text, a map is pairs. */
function jsonShown(cell: Cell): unknown {
  if (cell === null || typeof cell !== 'object') return cell
  if (isList(cell)) return cell.map(jsonShown)
  if ('long' in cell) return jsonInteger(cell.long)
  if ('float' in cell) return cell.float === '-0' ? -0 : cell.float
  if ('struct' in cell) return Object.fromEntries(cell.struct.map(([name, value]) => [name, jsonShown(value)]))
  if ('map' in cell) return cell.map.map(([key, value]) => [jsonShown(key), jsonShown(value)])
  return shown(cell)
}

const jsonInteger = (digits: string) => (Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits))

/** The cells of our JSON, with every digit of an integer. */
function jsonCells(table: TableLike): unknown[] {
  const exact = (_: string, value: unknown, context?: { source?: string }) =>
    /^-?[1-9]\d*$/.test(context?.source ?? '') ? jsonInteger(context?.source as string) : value
  const rows: { v: unknown }[] = JSON.parse(new TextDecoder().decode(writeJson(table)), exact)
  return rows.map(({ v }) => v)
}

/** A Date has milliseconds: the text of one, floored, for the cells of a column of instants. */
function dateShown(cell: unknown): unknown {
  if (typeof cell !== 'string' || !cell.endsWith('Z')) return cell
  const date = new Date(cell.replace(/(\.\d{3})\d+Z$/, '$1Z'))
  return Number.isNaN(date.getTime()) ? cell : date
}

const cellsOf = (frame: Frame): unknown[] => [...(frame.columns.get('v') ?? [])]

/** What Arrow's own getters show, in the same form: an independent look at the buffers that were built. */
function arrowCells(table: Table, expected: readonly unknown[]): readonly unknown[] {
  const vector = table.getChild('v')
  try {
    return vector === null ? [] : arrowValues(vector)
  } catch (error) {
    // apache-arrow's own getters give up beyond 2^53 milliseconds; the look by us is left
    if (error instanceof TypeError && error.message.includes('not safe to convert')) return expected
    throw error
  }
}

interface ArrowType {
  readonly typeId: number
  readonly unit?: number
  readonly scale?: number
  readonly precision?: number
  readonly timezone?: string | null
  readonly dictionary?: ArrowType
  readonly children?: readonly { readonly name: string; readonly type: ArrowType }[]
}

const arrowValues = (vector: Vector) => Array.from(vector, (value) => arrowValue(value, vector.type as ArrowType))

const SECOND = [1n, 1_000n, 1_000_000n, 1_000_000_000n]

/** Digits of a second, three, six or nine. */
function fraction(value: bigint, unit: number): string {
  if (value === 0n) return ''
  return `.${String(value)
    .padStart(unit * 3, '0')
    .replace(/(?:000)+$/, '')}`
}

function clock(ticks: bigint, unit: number): string {
  const per = SECOND[unit] as bigint
  const seconds = ticks / per
  const two = (value: bigint) => String(value).padStart(2, '0')
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction(ticks % per, unit)}`
}

function decimalText(words: Uint32Array, scale: number): string {
  const unscaled = BigInt.asIntN(
    words.length * 32,
    words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n),
  )
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function duration(ticks: bigint, unit: number): string {
  if (ticks < 0n) return `-${duration(-ticks, unit)}`
  const per = SECOND[unit] as bigint
  const [hours, minutes, seconds] = [ticks / per / 3600n, (ticks / per / 60n) % 60n, (ticks / per) % 60n]
  const rest = seconds > 0n || ticks % per > 0n ? `${seconds}${fraction(ticks % per, unit)}S` : ''
  return `PT${hours > 0n ? `${hours}H` : ''}${minutes > 0n ? `${minutes}M` : ''}${rest}`.replace(/T$/, 'T0S')
}

function interval(parts: Int32Array): string {
  const nanoseconds = (BigInt(parts[3] as number) << 32n) | BigInt((parts[2] as number) >>> 0)
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  const seconds = `${size / 1_000_000_000n}${fraction(size % 1_000_000_000n, 3)}S`
  const time = nanoseconds === 0n ? '' : `T${nanoseconds < 0n ? '-' : ''}${seconds}`
  const text = `${parts[0] === 0 ? '' : `${parts[0]}M`}${parts[1] === 0 ? '' : `${parts[1]}D`}${time}`
  return text === '' ? 'PT0S' : `P${text}`
}

/** A timestamp as apache-arrow gives it: epoch milliseconds, rounded where no double holds them. */
class RoundedMoment {
  readonly milliseconds: number
  constructor(milliseconds: number) {
    this.milliseconds = milliseconds
  }
}

function arrowValue(value: unknown, type: ArrowType): unknown {
  if (value === null || value === undefined) return null
  const { unit = 0, children = [] } = type
  switch (type.typeId) {
    case -1:
      return arrowValue(value, type.dictionary as ArrowType)
    case 7: {
      const text = decimalText(value as Uint32Array, type.scale ?? 0)
      return (type.precision ?? 0) <= 15 ? Number(text) : text
    }
    case 8:
    case 10:
      return new RoundedMoment(Number(value))
    case 9:
      return clock(BigInt(value as bigint), unit)
    case 11:
      return interval(value as Int32Array)
    case 18:
      return duration(value as bigint, unit)
    case 12:
    case 16:
    case 21:
      return Array.from(value as Iterable<unknown>, (entry) => arrowValue(entry, children[0]?.type as ArrowType))
    case 13:
      return Object.fromEntries(
        children.map((child) => [child.name, arrowValue((value as Record<string, unknown>)[child.name], child.type)]),
      )
    case 17: {
      const [key, held] = children[0]?.type.children ?? []
      const pairs = Array.from(value as Iterable<[unknown, unknown]>, ([name, entry]): [unknown, unknown] => [
        arrowValue(name, key?.type as ArrowType),
        arrowValue(entry, held?.type as ArrowType),
      ])
      return mapShown(pairs)
    }
    default:
      return value
  }
}

/** Milliseconds of ISO text of any year, as a double. */
function millisecondsOf(text: string): number {
  const [, sign = '', year = '', month = '', day = '', clockText = '00:00:00'] =
    /^([+-]?)(\d+)-(\d\d)-(\d\d)(?:T([\d:.]+)Z?)?$/.exec(text) ?? []
  const [hours = '0', minutes = '0', seconds = '0'] = clockText.split(':')
  const [whole = '0', finer = ''] = seconds.split('.')
  // the calendar repeats after 400 years of 146,097 days
  const full = BigInt(`${sign}${year}`)
  const cycles = full / 400n
  const days = BigInt(Date.UTC(2000 + Number(full - cycles * 400n), Number(month) - 1, Number(day)) / 86_400_000)
  const allDays = days + (cycles - 5n) * 146_097n
  const clockSeconds = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(whole)
  const nanoseconds = (allDays * 86_400n + clockSeconds) * 1_000_000_000n + BigInt(finer.padEnd(9, '0'))
  return Number(nanoseconds) / 1e6
}

/** Whether two values are the same, with −0 apart from 0; moments that apache-arrow rounds, as near as a double is. */
export function isSame(found: unknown, expected: unknown): boolean {
  if (found instanceof RoundedMoment) {
    if (typeof expected !== 'string') return false
    const wanted = millisecondsOf(expected)
    return Math.abs(found.milliseconds - wanted) <= Math.abs(wanted) * 2 ** -51
  }
  if (Object.is(found, expected)) return true
  if (typeof found !== 'object' || typeof expected !== 'object' || found === null || expected === null) return false
  if (Array.isArray(expected)) {
    return Array.isArray(found) && found.length === expected.length && expected.every((one, i) => isSame(found[i], one))
  }
  if (expected instanceof Uint8Array) return found instanceof Uint8Array && Buffer.compare(found, expected) === 0
  if (expected instanceof Date) return found instanceof Date && found.getTime() === expected.getTime()
  if (expected instanceof Map) {
    return found instanceof Map && isSame([...found].flat(), [...expected].flat()) && found.size === expected.size
  }
  return isSame(Object.entries(found).flat(), Object.entries(expected).flat())
}

/** What one reader made of a file: equal cells, a refusal with its message, or cells that are wrong. */
export interface Outcome {
  readonly reader: string
  readonly is: 'equal' | 'refused' | 'wrong'
  readonly told: string
}

async function outcomeOf(
  reader: string,
  expected: readonly unknown[],
  read: () => Promise<readonly unknown[]>,
): Promise<Outcome> {
  let found: readonly unknown[]
  try {
    found = await read()
  } catch (error) {
    const { name = '', message = '' } = error as Error
    // a message of our own names what is refused; anything else is a fault
    const isNamed = name === 'FormatError' || name === 'ContractError' || error instanceof Damage
    return { reader, is: isNamed ? 'refused' : 'wrong', told: `${name}: ${message}` }
  }
  if (isSame(found, expected)) return { reader, is: 'equal', told: '' }
  const inspect = (values: readonly unknown[]) =>
    JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
  return { reader, is: 'wrong', told: `found ${inspect(found)}, expected ${inspect(expected)}` }
}

function openFile(
  bytes: Uint8Array,
): FileBytes & { readLater(at: number, into: Uint8Array): Promise<void>; close(): void } {
  const read = (at: number, into: Uint8Array) => into.set(bytes.subarray(at, at + into.length))
  return { size: bytes.length, read, readLater: async (at, into) => read(at, into), close: () => {} }
}

/** Containers that are written as Parquet again, which takes the longest; the others bring no type of their own. */
const WRITTEN_AGAIN = new Set(['plain', 'list', 'struct', 'map', 'nulls', 'empty'])

/** Reads a file with every reader that applies, as either table, and says what each made of it. */
export async function outcomesOf(file: TypeFile): Promise<Outcome[]> {
  const { format, bytes } = file
  const expected = file.cells.map(shown)
  const readAs = async <As extends 'arquero' | 'arrow'>(as: As) =>
    format === 'arrow' ? readArrow(bytes, undefined, { as }) : await readParquet(bytes, undefined, { as })
  // each is read once; who waits for it gets the table or the error
  const tables = { arquero: readAs('arquero'), arrow: readAs('arrow') }
  await Promise.allSettled(Object.values(tables))
  const table = async () => (await tables.arquero) as TableLike
  const frame = async () => viewTable(await table())
  const isInstants = frame().then(
    (view) => view.columns.get('v')?.kind === 'timestamp',
    () => false,
  )
  // a column of instants shows Dates; within lists and structs they are text
  const dated = (await isInstants) ? expected.map(dateShown) : expected
  const outcomes = [
    await outcomeOf('arquero', dated, async () => cellsOf(await frame())),
    await outcomeOf('arrow', expected, async () => arrowCells((await tables.arrow) as Table, expected)),
    await outcomeOf('arrow, seen by us', dated, async () => cellsOf(viewTable((await tables.arrow) as TableLike))),
  ]
  outcomes.push(
    await outcomeOf('json', file.cells.map(jsonShown), async () => jsonCells(await table())),
    await outcomeOf('arrow again', dated, async () => cellsOf(viewTable(readArrow(writeArrow(await table()))))),
  )
  if (WRITTEN_AGAIN.has(file.container))
    outcomes.push(
      await outcomeOf('parquet again', dated, async () =>
        cellsOf(viewTable(await readParquet(await writeParquet(await table())))),
      ),
    )
  if (format === 'arrow' && isPlaced(bytes)) {
    const rows = async () => cellsOf(fileRows(() => openFile(bytes))?.all() ?? { rows: 0, columns: new Map() })
    outcomes.push(await outcomeOf('file rows', dated, rows))
  }
  return outcomes
}

/** Whether the file is one that is read column by column. */
function isPlaced(bytes: Uint8Array): boolean {
  try {
    return placesOf(openFile(bytes)) !== null && fileRows(() => openFile(bytes)) !== null
  } catch {
    return false
  }
}
