/**
 * Figures as people read them in a terminal, and results as machines read them.
 * @module
 */

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
