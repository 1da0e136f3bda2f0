/** Tables written by an independent writer in every encoding and form, and read back equal. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CsvDialect } from '../../../src/format/csv/dialect.ts'
import type { TextEncoding } from '../../../src/format/text/encodings.ts'
import {
  boolean,
  date,
  defineTable,
  float64,
  int32,
  key,
  nullable,
  string,
  timestamp,
} from '../../../src/table/contract.ts'
import { read, rowsOf } from './csv-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 1000)

/** The characters from 0x80 to 0x9f as the published table of windows-1252 lists them; a gap has none. */
const CP1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'
const CP1252_GAPS = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

function encode(text: string, encoding: TextEncoding, hasMark: boolean): Uint8Array {
  const marked = hasMark ? `\ufeff${text}` : text
  if (encoding === 'utf-8') return new TextEncoder().encode(marked)
  if (encoding === 'utf-16le') return new Uint8Array(Buffer.from(marked, 'utf16le'))
  if (encoding === 'utf-16be') return new Uint8Array(Buffer.from(marked, 'utf16le').swap16())
  if (encoding === 'latin1') return new Uint8Array(Buffer.from(text, 'latin1'))
  return Uint8Array.from(text, (letter) => {
    const high = letter === ' ' ? -1 : CP1252.indexOf(letter)
    return high >= 0 ? 0x80 + high : letter.charCodeAt(0)
  })
}

const LETTERS: Readonly<Record<TextEncoding, string>> = {
  'utf-8': 'aZ 09;"\'äß€😀語',
  'utf-16le': 'aZ 09;"\'äß€😀語\u0a0a\u0d0d\u2c2c',
  'utf-16be': 'aZ 09;"\'äß€😀語\u0a0a\u0d0d\u2c2c',
  latin1: 'aZ 09;"\'äßÿ\u0080\u009f',
  'windows-1252': `aZ 09;"'äßÿ${CP1252.replaceAll(' ', '')}`,
}

const two = (value: number) => String(value).padStart(2, '0')
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Forms, each with a writer of its own and the finest part it keeps in milliseconds. */
const FORMS: readonly (readonly [form: string, keeps: number, write: (at: Date) => string])[] = [
  ['iso', 1, (at) => at.toISOString()],
  [
    'dd/MM/yyyy HH:mm',
    60_000,
    (at) =>
      `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  ],
  [
    'M/d/yyyy h:mm a',
    60_000,
    (at) =>
      `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${at.getUTCHours() % 12 || 12}:${two(at.getUTCMinutes())} ${at.getUTCHours() < 12 ? 'am' : 'PM'}`,
  ],
  [
    "dd-MMM-yy'T'HH.mm.ss,SSS",
    1,
    (at) =>
      `${two(at.getUTCDate())}-${(MONTHS[at.getUTCMonth()] as string).toUpperCase()}-${two(at.getUTCFullYear() % 100)}T${two(at.getUTCHours())}.${two(at.getUTCMinutes())}.${two(at.getUTCSeconds())},${String(at.getUTCMilliseconds()).padStart(3, '0')}`,
  ],
  [
    'yyyyMMddHHmmssX',
    1000,
    (at) => `${new Date(at.getTime() - 90 * 60_000).toISOString().replace(/[-:T]|\..*/g, '')}-0130`,
  ],
  ['epoch_milliseconds', 1, (at) => String(at.getTime())],
  ['epoch_seconds', 1, (at) => (at.getTime() / 1000).toFixed(3)],
  ['epoch_microseconds', 1, (at) => `${at.getTime()}000`],
]

interface Row {
  readonly name: string | null
  readonly at: number
  readonly day: number | null
  readonly amount: number | null
  readonly count: number
  readonly open: boolean | null
}

const contract = defineTable('rows', {
  id: key(string()),
  name: nullable(string()),
  at: timestamp(),
  day: nullable(date()),
  amount: nullable(float64()),
  count: int32(),
  open: nullable(boolean()),
})

const START = Date.UTC(2000, 0, 1)
const END = Date.UTC(2099, 11, 31)

const scenario = fc
  .record({
    encoding: fc.constantFrom<TextEncoding>('utf-8', 'utf-16le', 'utf-16be', 'latin1', 'windows-1252'),
    hasMark: fc.boolean(),
    form: fc.constantFrom(...FORMS),
    decimal: fc.constantFrom<'.' | ','>('.', ','),
    thousands: fc.constantFrom(undefined, ' ', "'", '.', ','),
    delimiter: fc.constantFrom(';', '\t', '|', ','),
    chunk: fc.constantFrom(1, 3, 1024, Number.POSITIVE_INFINITY),
  })
  .filter(({ decimal, thousands }) => decimal !== thousands)
  .chain((given) =>
    fc.record({
      given: fc.constant(given),
      rows: fc.array(
        fc.record({
          name: fc.option(
            fc
              .string({ unit: fc.constantFrom(...LETTERS[given.encoding]), maxLength: 8 })
              .filter((text) => text.trim() === text && text !== 'n/a'),
          ),
          at: fc.integer({ min: START, max: END }),
          day: fc.option(fc.integer({ min: START / 86_400_000, max: END / 86_400_000 })),
          amount: fc.option(fc.integer({ min: -1e12, max: 1e12 }).map((cents) => cents / 100)),
          count: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
          open: fc.option(fc.boolean()),
        }),
        { maxLength: 12 },
      ),
    }),
  )

function writeNumber(value: number, { decimal, thousands = '' }: CsvDialect): string {
  const [whole = '', fraction] = String(Math.abs(value)).split('.')
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, () => (thousands === ' ' ? '\u00a0' : thousands))
  return `${value < 0 ? '-' : ''}${groups}${fraction === undefined ? '' : decimal + fraction}`
}

function writeFile(rows: readonly Row[], dialect: CsvDialect, write: (at: Date) => string): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = rows.map(({ name, at, day, amount, count, open }, row) =>
    [
      `R${row}`,
      name === null ? 'n/a' : quoted(name),
      quoted(write(new Date(at))),
      day === null
        ? ''
        : ((date) => `${date.getUTCDate()}.${date.getUTCMonth() + 1}.${date.getUTCFullYear()}`)(
            new Date(day * 86_400_000),
          ),
      amount === null ? 'n/a' : quoted(writeNumber(amount, dialect)),
      quoted(writeNumber(count, dialect)),
      open === null ? '' : open ? 'oui' : 'non',
    ].join(dialect.delimiter),
  )
  return `${[['id', 'name', 'at', 'day', 'amount', 'count', 'open'].join(dialect.delimiter), ...lines].join('\r\n')}\r\n`
}

function cellsOf(rows: readonly Row[]): unknown[][] {
  return rows.map(({ name, at, day, amount, count, open }, row) => {
    const date = day === null ? null : new Date(day * 86_400_000).toISOString().slice(0, 10)
    return [`R${row}`, name, new Date(at), date, amount, count, open]
  })
}

describe('a file under a declared dialect', () => {
  it('gives the rows that were written, however the bytes are cut', () => {
    fc.assert(
      fc.property(scenario, ({ given, rows }) => {
        const { encoding, hasMark, form, chunk, ...cells } = given
        const [letters, keeps, write] = form
        const { thousands, ...others } = cells
        const dialect: CsvDialect = {
          ...others,
          ...(thousands !== undefined && { thousands }),
          encoding,
          timestamps: { form: letters },
          dates: 'd.M.yyyy',
          nulls: ['n/a'],
          booleans: { true: ['oui'], false: ['non'] },
        }
        const written = rows.map((row) => ({ ...row, at: Math.floor(row.at / keeps) * keeps }))
        const bytes = encode(writeFile(written, dialect, write), encoding, hasMark && encoding.startsWith('utf'))
        const { frame, issues } = read(bytes, { ...dialect, contract }, chunk)
        expect(issues).toEqual([])
        expect(rowsOf(frame)).toEqual(cellsOf(written))
      }),
      { numRuns },
    )
  })

  it('is read alike beyond the size of a chunk and of a run of cells', () => {
    const rows: Row[] = Array.from({ length: 20_000 }, (_, row) => ({
      name: row % 7 === 0 ? null : `Zoë ${row % 1000} €`,
      at: START + row * 60_000,
      day: 15_000 + (row % 4000),
      amount: (row * 37) / 4,
      count: row,
      open: row % 2 === 0,
    }))
    const [letters, , write] = FORMS[2] as (typeof FORMS)[number]
    const dialect: CsvDialect = {
      delimiter: ';',
      decimal: ',',
      thousands: '.',
      timestamps: { form: letters },
      dates: 'd.M.yyyy',
      nulls: ['n/a'],
      booleans: { true: ['oui'], false: ['non'] },
    }
    const text = writeFile(rows, dialect, write)
    const whole = rowsOf(read(encode(text, 'utf-8', false), { ...dialect, contract }).frame)
    expect(whole).toEqual(cellsOf(rows))
    for (const encoding of ['utf-16le', 'utf-16be', 'windows-1252'] as const) {
      const bytes = encode(text, encoding, false)
      expect(rowsOf(read(bytes, { ...dialect, encoding, contract }, 65_537).frame)).toEqual(whole)
    }
  })

  it('has all characters of windows-1252, and refuses the bytes that are none', () => {
    for (let byte = 0x80; byte <= 0xff; byte++) {
      const bytes = Uint8Array.of(0x61, 0x0a, 0x62, 0x0a, byte, 0x63, 0x0a)
      const attempt = () => rowsOf(read(bytes, { encoding: 'windows-1252', types: 'text' }).frame)
      if (!CP1252_GAPS.includes(byte)) {
        const letter = byte < 0xa0 ? CP1252[byte - 0x80] : String.fromCharCode(byte)
        expect(attempt()).toEqual([['b'], [`${letter}c`.trim()]])
        continue
      }
      const place = {
        code: 'encoding_invalid',
        details: { file: 'input', line: 3, offset: 4, encoding: 'windows-1252' },
      }
      expect(attempt).toThrow(expect.objectContaining(place))
    }
  })
})
