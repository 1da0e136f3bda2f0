/** The monthly job's files rewritten as random dialects: what inspect says of them, and the report that they give. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SAMPLE, supportEtl } from './command-line.ts'

const REAL = join(import.meta.dirname, '../../../shared/data/support-challenge')
const TABLES = ['interactions', 'agents', 'contact_centers', 'service_categories']
const two = (value: number) => String(value).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Forms of timestamps, each with what writes a UTC instant in it. */
const STAMPS: Readonly<Record<string, (at: Date) => string>> = {
  'dd/MM/yyyy HH:mm:ss': (at) => `${DAYS['dd/MM/yyyy']?.(at)} ${at.toISOString().slice(11, 19)}`,
  'dd.MM.yyyy HH:mm:ss': (at) => `${DAYS['dd.MM.yyyy']?.(at)} ${at.toISOString().slice(11, 19)}`,
  'M/d/yyyy h:mm:ss a': (at) => {
    const hours = at.getUTCHours()
    const day = `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`
    return `${day} ${hours % 12 || 12}:${at.toISOString().slice(14, 19)} ${hours < 12 ? 'AM' : 'PM'}`
  },
  'dd-MMM-yyyy HH:mm:ss': (at) =>
    `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${at.toISOString().slice(11, 19)}`,
  iso: (at) => at.toISOString().replace('.000', ''),
}
const DAYS: Readonly<Record<string, (at: Date) => string>> = {
  'dd/MM/yyyy': (at) => `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`,
  'dd.MM.yyyy': (at) => `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()}`,
  iso: (at) => at.toISOString().slice(0, 10),
}
const ALIASES: Readonly<Record<string, string>> = {
  call_duration_minutes: 'Handle Minutes',
  full_name: 'Agent Name',
  contact_center_name: 'Center',
  department: 'Dept',
}

/** Chance that is the same on every machine. */
function chanceOf(seed: number): <T>(choices: readonly T[]) => T {
  let state = seed * 2654435761
  return (choices) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0
    return choices[((state ^ (state >>> 13)) >>> 0) % choices.length] as (typeof choices)[number]
  }
}

/** How all files of a folder are written. */
interface Dialect {
  readonly delimiter: string
  readonly encoding: 'utf-8' | 'latin1' | 'utf-16le'
  readonly stamps: string
  readonly days: string
  readonly decimal: '.' | ','
  readonly none: string
  readonly end: string
  readonly preamble: number
  readonly isClock: boolean
  readonly isRenamed: boolean
}

function dialectOf(seed: number): Dialect {
  const pick = chanceOf(seed)
  const delimiter = pick([';', '\t', '|', ','])
  return {
    delimiter,
    encoding: pick(['utf-8', 'latin1', 'utf-16le'] as const),
    stamps: pick(Object.keys(STAMPS)),
    days: pick(Object.keys(DAYS)),
    decimal: delimiter === ',' ? '.' : pick(['.', ','] as const),
    none: pick(['', 'NULL']),
    end: pick(['\n', '\r\n']),
    preamble: pick([0, 2]),
    isClock: pick([true, false]),
    isRenamed: pick([true, false]),
  }
}

/** The part of a dialect that flags can say. */
const flagged = (dialect: Dialect): Dialect => ({
  ...dialect,
  ...{ days: 'iso', none: '', preamble: 0, isClock: false, isRenamed: false },
})

/** The cells of CSV with commas, whose cells have no line ends. */
const recordsOf = (text: string): string[][] =>
  text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')),
    )

/** Minutes as `hh:mm:ss`, with a fraction where the seconds have one. */
function clock(minutes: number, decimal: string): string {
  const all = Math.round(minutes * 60_000)
  const fraction = all % 1000 === 0 ? '' : decimal + String(all % 1000).padStart(3, '0')
  const seconds = Math.floor(all / 1000)
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => two(Math.floor(part))).join(':') + fraction
}

function cellText(name: string, cell: string, dialect: Dialect): string {
  const { delimiter, stamps, days, decimal, none, isClock } = dialect
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(cell)) return STAMPS[stamps]?.(new Date(cell)) ?? ''
  if (/^\d{4}-\d\d-\d\d$/.test(cell)) return DAYS[days]?.(new Date(cell)) ?? ''
  if (cell === '') return none
  const isMinutes = name === 'call_duration_minutes'
  const isNumber = (isMinutes || name === 'satisfaction_rating') && /^\d+(\.\d+)?$/.test(cell)
  if (isNumber) return isClock && isMinutes ? clock(Number(cell), decimal) : cell.replace('.', decimal)
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Rewrites all files below a folder. */
function rewrite(folder: string, dialect: Dialect): void {
  const { delimiter, encoding, end, preamble, isRenamed } = dialect
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.csv'))) {
    const [names = [], ...records] = recordsOf(readFileSync(join(folder, file), 'utf8'))
    const header = names.map((name) => (isRenamed ? (ALIASES[name] ?? name) : name))
    const lines = records.map((record) => record.map((cell, at) => cellText(names[at] ?? '', cell, dialect)))
    const before = Array.from({ length: preamble }, (_, at) => `Exported by the test ${at}`)
    const text = [...before, ...[header, ...lines].map((cells) => cells.join(delimiter)), ''].join(end)
    writeFileSync(
      join(folder, file),
      Buffer.from(text, encoding === 'utf-8' ? 'utf8' : encoding === 'latin1' ? 'latin1' : 'utf16le'),
    )
  }
}

/** The entry of a table in `support-etl.json`. */
function entryOf(table: string, dialect: Dialect): Record<string, unknown> {
  const { delimiter, encoding, stamps, days, decimal, none, preamble, isClock, isRenamed } = dialect
  const renamed = Object.entries(ALIASES).map(([name, other]) => [other, name])
  return {
    delimiter,
    ...(encoding !== 'utf-8' && { encoding }),
    ...(stamps !== 'iso' && { timestamps: { form: stamps } }),
    ...(days !== 'iso' && { dates: days }),
    ...(decimal === ',' && { decimal }),
    ...(none !== '' && { nulls: [none] }),
    ...(preamble > 0 && { skip_lines: preamble }),
    ...(isClock &&
      table === 'interactions' && { durations: { call_duration_minutes: { form: 'hh:mm:ss', unit: 'minutes' } } }),
    ...(isRenamed && { columns: Object.fromEntries(renamed) }),
  }
}

/** What inspect must say of the first file of a table: all of the dialect that the file shows. */
function refuseSilence(data: string, table: string, dialect: Dialect): void {
  const file = join(data, 'initial', `${table}.csv`)
  const { declaration, doubts, columns, comparison, ...layout } = JSON.parse(
    supportEtl(['inspect', file, '--table', table, '--json']).stdout,
  )
  const bytes = readFileSync(file)
  const text = bytes.toString(dialect.encoding === 'utf-16le' ? 'utf16le' : 'latin1')
  const isAscii = Array.from(text).every((letter) => letter < '\u0080')
  const unsure = (doubts as string[]).join('\n')
  const named = (found: unknown, form: string) => found === form || unsure.includes(form)
  const kinds = (kind: string) =>
    (columns as { kind: string; forms: unknown }[]).some((one) => one.kind === kind && one.forms !== null)
  expect(layout).toMatchObject({ delimiter: dialect.delimiter, skippedLines: dialect.preamble })
  if (dialect.encoding === 'utf-16le') expect(declaration.encoding).toBe('utf-16le')
  else if (dialect.encoding === 'latin1' && !isAscii) expect(declaration.encoding).toMatch(/latin1|windows-1252/)
  if (kinds('timestamp')) expect(named(declaration.timestamps?.form, dialect.stamps)).toBe(true)
  if (kinds('day')) expect(named(declaration.dates, dialect.days)).toBe(true)
  if (text.includes('NULL')) expect(declaration.nulls).toEqual(['NULL'])
  if (table === 'interactions') {
    const name = dialect.isRenamed ? ALIASES.call_duration_minutes : 'call_duration_minutes'
    if (dialect.isClock) expect(declaration.durations[name as string]).toMatchObject({ form: 'hh:mm:ss' })
    else if (/[;\t|]\d+,\d+[;\t|\r\n]/.test(text)) expect(declaration.decimal).toBe(',')
  }
  const own = Object.entries(ALIASES).filter(([name]) => dialect.isRenamed && [...comparison.missing].includes(name))
  const isOwn = (name: string) => text.includes(ALIASES[name] ?? '\0')
  expect(own.map(([name]) => name)).toEqual(Object.keys(ALIASES).filter((name) => dialect.isRenamed && isOwn(name)))
  expect(comparison.extra).toEqual(own.map(([, other]) => other))
}

/** The published copies of a run. */
function published(data: string, out: string, flags: readonly string[]) {
  const { status, stderr } = supportEtl(['run', '--data', data, '--out', out, ...flags])
  const copies = [...TABLES, 'support_report'].map((name) =>
    status === 0 ? readFileSync(join(out, `${name}.csv`), 'utf8') : null,
  )
  return { status, stderr, copies }
}

/** Declares the tests of dialects: on the sample of the package, and on the exercise where it is. */
export function describeDialects(seeds: readonly number[]): void {
  describe.each([
    ['the sample', SAMPLE],
    ['the exercise (skipped where ../shared/data is not there)', REAL],
  ])('the monthly job of %s, rewritten', (_, folder) => {
    const isThere = existsSync(folder)
    it.skipIf(!isThere).each(seeds)('gives the same bytes in random dialect %i, which inspect names', (seed) => {
      const place = mkdtempSync(join(tmpdir(), 'support-etl-dialects-'))
      onTestFinished(() => rmSync(place, { recursive: true, force: true }))
      const at = (name: string) => join(place, name)
      for (const name of ['plain', 'declared', 'flagged']) cpSync(folder, at(name), { recursive: true })
      const plain = published(at('plain'), at('plain-out'), [])
      expect([plain.status, plain.copies.includes(null)]).toEqual([0, false])

      const dialect = dialectOf(seed)
      rewrite(at('declared'), dialect)
      for (const table of TABLES) refuseSilence(at('declared'), table, dialect)
      const tables = Object.fromEntries(TABLES.map((table) => [table, entryOf(table, dialect)]))
      writeFileSync(join(at('declared'), 'support-etl.json'), JSON.stringify({ tables }))
      expect([dialect, published(at('declared'), at('declared-out'), [])]).toEqual([dialect, plain])

      const { delimiter, encoding, stamps, decimal } = dialect
      rewrite(at('flagged'), flagged(dialect))
      const flags = ['--delimiter', delimiter, '--encoding', encoding, '--timestamps', stamps, '--decimal', decimal]
      expect([dialect, published(at('flagged'), at('flagged-out'), flags)]).toEqual([dialect, plain])
    })
  })
}
