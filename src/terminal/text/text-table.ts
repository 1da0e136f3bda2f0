/**
 * Tables as people read them in a terminal: as wide as the terminal at most, and as long as the reader wants.
 * @module
 */

import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { brokenLines, CELL_BREAKS, displayWidth, longestPiece, printable, TITLE_BREAKS } from './lines.ts'
import { counted, figure } from './render.ts'

/** The value of a cell; null shows as nothing. */
export type Cell = string | number | bigint | boolean | null

/** A column of a table that is printed. */
export interface TableColumn {
  readonly title: string
  /** `right` for numbers, which align at the decimal point; default `left`. */
  readonly align?: 'left' | 'right'
}

/** The space that a table has. */
export interface TableView {
  /** The longest line, in terminal columns; null, or left out, for lines of any length. */
  readonly width?: number | null
  /** The most rows that are shown; null, or left out, for all. */
  readonly limit?: number | null
}

/** Rows that can be read more than once. */
export type TableRows = Iterable<readonly Cell[]> & { readonly length?: number }

const GAP = '  '
/** A cell of more lines makes a table hard to read; such a table is turned on its side. */
const MOST_LINES = 5
const CHUNK = 1 << 16

function shown(cell: Cell): string {
  if (cell === null) return ''
  return typeof cell === 'number' ? figure(cell) : printable(String(cell))
}

/** What the cells of a column need. */
interface Measure {
  /** Its place in a row. */
  readonly at: number
  readonly title: string
  readonly isRight: boolean
  /** Whether every cell is 0 or empty. */
  isIdle: boolean
  /** The widest cell or title. */
  natural: number
  /** The widest text that cannot be broken. */
  least: number
  /** The widest part of a number before its point, and from there on. */
  whole: number
  tail: number
}

/** The part of a number from its point on; null for what is no number. Text that looks like one is aligned by its author. */
function tailOf(cell: Cell): string | null {
  if (typeof cell !== 'number' && typeof cell !== 'bigint') return null
  const text = shown(cell)
  const point = text.indexOf('.')
  return point < 0 ? '' : text.slice(point)
}

function measure(columns: readonly TableColumn[], rows: Iterable<readonly Cell[]>): Measure[] {
  const measures = columns.map(({ title, align }, at): Measure => {
    const text = printable(title)
    const least = longestPiece(text, TITLE_BREAKS)
    const natural = displayWidth(text)
    return { at, title: text, isRight: align === 'right', isIdle: true, natural, least, whole: 0, tail: 0 }
  })
  for (const row of rows) {
    for (const column of measures) {
      const cell = row[column.at] ?? null
      const text = shown(cell)
      const width = displayWidth(text)
      if (text !== '' && text !== '0') column.isIdle = false
      const tail = column.isRight ? tailOf(cell) : null
      if (tail !== null) {
        column.tail = Math.max(column.tail, tail.length)
        column.whole = Math.max(column.whole, width - tail.length)
        continue
      }
      column.natural = Math.max(column.natural, width)
      column.least = Math.max(column.least, column.isRight ? width : longestPiece(text, CELL_BREAKS))
    }
  }
  for (const column of measures) {
    column.natural = Math.max(column.natural, column.whole + column.tail)
    column.least = Math.max(column.least, column.whole + column.tail)
  }
  return measures
}

/** The text of a cell; a number has its point where the others of its column have theirs. */
function cellText(cell: Cell, { isRight, tail }: Measure): string {
  const text = shown(cell)
  if (!isRight || tail === 0) return text
  const own = tailOf(cell)
  return own === null ? text : text + ' '.repeat(tail - own.length)
}

/** Returns the widths of columns that fit a line; null where no breaking makes them fit. */
function fittingWidths(measures: readonly Measure[], width: number | null): number[] | null {
  const natural = measures.map((column) => column.natural)
  if (width === null) return natural
  const space = width - GAP.length * (measures.length - 1)
  const sum = (widths: readonly number[]) => widths.reduce((total, one) => total + one, 0)
  if (sum(natural) <= space) return natural
  if (sum(measures.map(({ least }) => least)) > space) return null
  // every column gets what it needs up to one level, which is as high as the line allows
  const atLevel = (level: number) => measures.map(({ natural, least }) => Math.min(natural, Math.max(least, level)))
  let level = 0
  while (sum(atLevel(level + 1)) <= space) level++
  return atLevel(level)
}

function padded(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return isRight ? space + text : text + space
}

/** The lines of one row: as many as its tallest cell has. */
function rowLines(
  cells: readonly (readonly string[])[],
  measures: readonly Measure[],
  widths: readonly number[],
): string {
  const height = Math.max(1, ...cells.map((lines) => lines.length))
  let text = ''
  for (let line = 0; line < height; line++) {
    const parts = cells.map((lines, at) => padded(lines[line] ?? '', widths[at] ?? 0, measures[at]?.isRight ?? false))
    text += `${parts.join(GAP).trimEnd()}\n`
  }
  return text
}

function* upright(
  rows: Iterable<readonly Cell[]>,
  measures: readonly Measure[],
  widths: readonly number[],
): Generator<string, void, undefined> {
  const titles = measures.map(({ title }, at) => brokenLines(title, widths[at] ?? 0, TITLE_BREAKS))
  yield rowLines(titles, measures, widths)
  yield `${widths
    .map((width) => '-'.repeat(width))
    .join(GAP)
    .trimEnd()}\n`
  for (const row of rows) {
    const cells = measures.map((column, at) =>
      brokenLines(cellText(row[column.at] ?? null, column), widths[at] ?? 0, CELL_BREAKS),
    )
    yield rowLines(cells, measures, widths)
  }
}

/** One block a row, one line a column: a table that is wider than the terminal. */
function* turned(
  rows: Iterable<readonly Cell[]>,
  measures: readonly Measure[],
  width: number,
): Generator<string, void, undefined> {
  const names = Math.min(Math.max(...measures.map(({ title }) => displayWidth(title))), Math.floor(width / 2))
  const space = Math.max(1, width - names - GAP.length)
  let isFirst = true
  for (const row of rows) {
    if (!isFirst) yield '\n'
    isFirst = false
    for (const { at, title } of measures) {
      const titleLines = brokenLines(title, names, TITLE_BREAKS)
      const lines = brokenLines(shown(row[at] ?? null), space, CELL_BREAKS)
      for (let line = 0; line < Math.max(titleLines.length, lines.length); line++) {
        yield `${padded(titleLines[line] ?? '', names, false)}${GAP}${lines[line] ?? ''}`.trimEnd().concat('\n')
      }
    }
  }
  if (isFirst) yield `${brokenLines(measures.map(({ title }) => title).join(', '), width, TITLE_BREAKS).join('\n')}\n`
}

/** Whether a cell would take so many lines that the table is hard to read. */
function isTall(rows: Iterable<readonly Cell[]>, measures: readonly Measure[], widths: readonly number[]): boolean {
  for (const row of rows) {
    for (const [place, { at, isRight }] of measures.entries()) {
      if (isRight) continue
      const text = shown(row[at] ?? null)
      const width = widths[place] ?? 0
      if (displayWidth(text) > width && brokenLines(text, width, CELL_BREAKS).length > MOST_LINES) return true
    }
  }
  return false
}

/** The widths of a table that is upright; null where it has to be turned on its side. */
function uprightWidths(
  rows: Iterable<readonly Cell[]>,
  measures: readonly Measure[],
  width: number | null,
): number[] | null {
  const widths = fittingWidths(measures, width)
  const isBroken = widths?.some((one, at) => one < (measures[at]?.natural ?? 0))
  return isBroken && widths !== null && isTall(rows, measures, widths) ? null : widths
}

function* piecesOf(
  columns: readonly TableColumn[],
  rows: Iterable<readonly Cell[]>,
  width: number | null,
): Generator<string, void, undefined> {
  const measures = measure(columns, rows)
  const widths = uprightWidths(rows, measures, width)
  // without a width, everything fits
  if (widths !== null || width === null) return yield* upright(rows, measures, widths ?? [])
  const busy = measures.filter(({ isIdle }) => !isIdle)
  const kept = busy.length === 0 ? measures : busy
  const keptWidths = uprightWidths(rows, kept, width)
  if (keptWidths === null) yield* turned(rows, kept, width)
  else yield* upright(rows, kept, keptWidths)
  const idle = measures.filter((column) => !kept.includes(column)).map(({ title }) => title)
  if (idle.length === 0) return
  yield `\n${brokenLines(`0 or empty in every row: ${idle.join(', ')}`, width, TITLE_BREAKS).join('\n')}\n`
}

/** The first rows, as often as they are read. */
function firstRows(rows: TableRows, limit: number): Iterable<readonly Cell[]> {
  return {
    *[Symbol.iterator]() {
      let left = limit
      if (left === 0) return
      for (const row of rows) {
        yield row
        if (--left === 0) return
      }
    },
  }
}

function countOf(rows: TableRows): number {
  if (rows.length !== undefined) return rows.length
  let count = 0
  for (const _ of rows) count++
  return count
}

/**
 * Yields a table piece by piece: a header, a rule, and one line per row; every line ends in a newline. A table without rows is
 * only its header. Text is broken into several lines where the view is narrow. A table that does not fit even so loses the
 * columns that are 0 or empty in every row, which are named below it; then it is turned on its side, with a block for each row. Rows beyond the limit are counted below the table. Reads the rows several times, so
 * memory does not grow with the table.
 */
export function* tableChunks(
  columns: readonly TableColumn[],
  rows: TableRows,
  { width = null, limit = null }: TableView = {},
): Generator<string, void, undefined> {
  const count = limit === null ? 0 : countOf(rows)
  const isCut = limit !== null && count > limit
  let chunk = ''
  for (const piece of piecesOf(columns, isCut ? firstRows(rows, limit) : rows, width)) {
    chunk += piece
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  yield isCut ? `${chunk}\n${counted(count, 'row')}, ${figure(limit)} shown; --all shows every row\n` : chunk
}

const VIEW = { width: true, limit: true } satisfies OptionNames<TableView>

function refuseCount(name: keyof TableView, value: number | null | undefined, least: number): void {
  const isFit = value === null || value === undefined || (Number.isInteger(value) && value >= least)
  refuseUnless(isFit, name, value, `a whole number from ${least}, or null`)
}

/**
 * Returns a small table as one text: a header, a rule, and one line per row. Control characters in cells become escapes.
 * Columns on the right align at the decimal point. With `terminal.view` the table fits the terminal: text is broken into
 * lines, a table that is still too wide has a block for each row, and rows beyond the limit are only counted.
 *
 * @throws ContractError invalid_option - columns, rows or view are not what they should be
 * @example
 * import { renderTable } from 'support-etl/system'
 *
 * renderTable([{ title: 'name' }, { title: 'n', align: 'right' }], [['Ada', 1200]])
 * // name      n
 * // ----  -----
 * // Ada   1,200
 */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  view: TableView = {},
): string {
  refuseUnless(Array.isArray(columns), 'columns', columns, 'a list of { title }')
  refuseUnless(Array.isArray(rows), 'rows', rows, 'a list of rows, each a list of cells')
  refuseUnknown(view, VIEW)
  refuseCount('width', view.width, 1)
  refuseCount('limit', view.limit, 0)
  return [...tableChunks(columns, rows, view)].join('')
}

/** Returns the view of a table that is indented. */
export function indentedView({ width = null, limit = null }: TableView, columns: number): TableView {
  return { width: width === null ? null : Math.max(1, width - columns), limit }
}
