/**
 * Tables and figures as people read them in a terminal.
 * @module
 */

/** What a cell may hold; null shows as nothing. */
export type Cell = string | number | bigint | boolean | null

export interface TableColumn {
  readonly title: string
  /** `right` for numbers; default `left`. */
  readonly align?: 'left' | 'right'
}

/** Characters that a terminal obeys instead of showing, or that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu
const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}]/gu
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/gu

/** Returns text that a terminal only shows: whatever it would obey stands as an escape, `\u001b` or `\n`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\n') return '\\n'
    if (character === '\r') return '\\r'
    if (character === '\t') return '\\t'
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  const shown = text.replace(INVISIBLE, '')
  return [...shown].length + (shown.match(WIDE)?.length ?? 0)
}

/** `1234567.5` as `1,234,567.5`, with at most six decimals and none that say nothing. */
export function figure(value: number): string {
  const [whole = '', decimals] = String(Number(value.toFixed(6))).split('.')
  let grouped = whole
  for (let at = whole.length - 3; at > 0 && whole[at - 1] !== '-'; at -= 3) {
    grouped = `${grouped.slice(0, at)},${grouped.slice(at)}`
  }
  return decimals === undefined ? grouped : `${grouped}.${decimals}`
}

/** A mean with two decimals, `–` where there is none. */
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

/**
 * Returns lines of text with a header, a rule and a line a row; every line ends in a newline. A table without rows is its header.
 *
 * @example
 * renderTable([{ title: 'name' }, { title: 'n', align: 'right' }], [['Ada', 1200]])
 * // name      n
 * // ----  -----
 * // Ada   1,200
 */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => columns.map((_, i) => shown(row[i] ?? null)))
  const widths = columns.map(({ title }, i) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[i] ?? '')), displayWidth(title)),
  )
  const line = (texts: readonly string[]) =>
    `${texts
      .map((text, i) => {
        const space = ' '.repeat((widths[i] ?? 0) - displayWidth(text))
        return columns[i]?.align === 'right' ? space + text : text + space
      })
      .join('  ')
      .trimEnd()}\n`
  const header = line(columns.map(({ title }) => printable(title)))
  return header + line(widths.map((width) => '-'.repeat(width))) + cells.map(line).join('')
}

/** JSON for machines: indented, bigints as numbers in text, ends in a newline. */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner), 2)}\n`
}
