/**
 * Tables and figures as people read them in a terminal.
 * @module
 */

import { refuseUnless } from '../arguments.ts'

/** The value of a cell; null shows as nothing. */
export type Cell = string | number | bigint | boolean | null

export interface TableColumn {
  readonly title: string
  /** `right` for numbers; default `left`. */
  readonly align?: 'left' | 'right'
}

/** Characters that a terminal obeys instead of showing, or that change the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu
const ASCII = /^[ -~]*$/
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}]/gu
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/gu

/**
 * Returns text that is safe to print: control characters become escapes such as `\u001b` or `\n`.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\n') return '\\n'
    if (character === '\r') return '\\r'
    if (character === '\t') return '\\t'
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** The width of a text in terminal columns. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length
  const shown = text.replace(INVISIBLE, '')
  return [...shown].length + (shown.match(WIDE)?.length ?? 0)
}

/** `1234567.5` gives `1,234,567.5`: at most six decimals, without trailing zeros. */
export function figure(value: number): string {
  const [whole = '', decimals] = String(Number(value.toFixed(6))).split('.')
  let grouped = whole
  for (let at = whole.length - 3; at > 0 && whole[at - 1] !== '-'; at -= 3) {
    grouped = `${grouped.slice(0, at)},${grouped.slice(at)}`
  }
  return decimals === undefined ? grouped : `${grouped}.${decimals}`
}

/** A mean with two decimals; `–` for null. */
export function average(value: number | null): string {
  return value === null ? '–' : value.toFixed(2)
}

/** `1 row`, `2 rows`, `1,000 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${figure(count)} ${count === 1 ? one : many}`
}

function shown(cell: Cell): string {
  if (cell === null) return ''
  return typeof cell === 'number' ? figure(cell) : printable(String(cell))
}

const CHUNK = 1 << 16

/**
 * Yields a table piece by piece: a header, a rule, and one line per row; every line ends in a
 * newline. A table without rows is only its header. It reads the rows twice, first for the widths,
 * so memory does not grow with the table.
 */
export function* tableChunks(
  columns: readonly TableColumn[],
  rows: Iterable<readonly Cell[]>,
): Generator<string, void, undefined> {
  const widths = columns.map(({ title }) => displayWidth(printable(title)))
  for (const row of rows) {
    for (let i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i] ?? 0, displayWidth(shown(row[i] ?? null)))
    }
  }
  const line = (texts: readonly string[]) => {
    const padded = texts.map((text, i) => {
      const space = ' '.repeat((widths[i] ?? 0) - displayWidth(text))
      return columns[i]?.align === 'right' ? space + text : text + space
    })
    return `${padded.join('  ').trimEnd()}\n`
  }
  let chunk = line(columns.map(({ title }) => printable(title))) + line(widths.map((width) => '-'.repeat(width)))
  for (const row of rows) {
    chunk += line(columns.map((_, i) => shown(row[i] ?? null)))
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

/**
 * Returns a small table as one text; see {@link tableChunks}.
 *
 * @example
 * import { renderTable } from 'support-etl/system'
 *
 * renderTable([{ title: 'name' }, { title: 'n', align: 'right' }], [['Ada', 1200]])
 * // name      n
 * // ----  -----
 * // Ada   1,200
 */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[]): string {
  refuseUnless(Array.isArray(columns), 'columns', columns, 'a list of { title }')
  refuseUnless(Array.isArray(rows), 'rows', rows, 'a list of rows, each a list of cells')
  return [...tableChunks(columns, rows)].join('')
}

/** A replacer for JSON.stringify: writes bigints as exact text. */
export function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/**
 * Returns JSON for machines: indented, with a final newline. Bigints become exact text.
 *
 * @example
 * import { renderJson } from 'support-etl/system'
 *
 * renderJson([1]) // '[\n  1\n]\n'
 */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, bigintAsText, 2)}\n`
}
