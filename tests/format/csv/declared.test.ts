import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CsvDialect, checkCsv, dialect, readCsv } from '../../../src/format/index.ts'
import {
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  nullable,
  string,
  timestamp,
} from '../../../src/table/contract.ts'
import { bytesOf, caught, read, rowsOf } from './csv-tables.ts'

/** The instants of a column of timestamps; what does not fit is null. */
function instants(
  timestamps: NonNullable<CsvDialect['timestamps']>,
  cells: readonly string[],
  unit: 's' | 'ms' | 'us' = 'ms',
) {
  const contract = defineTable('stamps', { row: key(int32()), at: nullable(timestamp({ unit })) })
  const text = `row;at\n${cells.map((cell, row) => `${row};"${cell}"\n`).join('')}`
  const { frame, issues } = read(text, { delimiter: ';', contract, timestamps })
  const fits = new Map(rowsOf(frame).map(([row, at]) => [row, at instanceof Date ? at.toISOString() : at]))
  for (const { column, code } of issues) expect([column, code]).toEqual(['at', 'type_mismatch'])
  return cells.map((_, row) => fits.get(row) ?? null)
}

const numbers = (options: CsvDialect, cells: readonly string[]) => {
  const contract = defineTable('numbers', { row: key(int32()), x: nullable(float64()) })
  const { frame } = read(`row;x\n${cells.map((cell, row) => `${row};${cell}\n`).join('')}`, {
    delimiter: ';',
    contract,
    ...options,
  })
  const fits = new Map(rowsOf(frame).map(([row, x]) => [row, x]))
  return cells.map((_, row) => fits.get(row) ?? null)
}

describe('declared timestamps', () => {
  it('have the day first or the month first, as declared', () => {
    expect(instants({ form: 'dd/MM/yyyy HH:mm' }, ['03/04/2025 14:30'])).toEqual(['2025-04-03T14:30:00.000Z'])
    expect(instants({ form: 'MM/dd/yyyy HH:mm' }, ['03/04/2025 14:30'])).toEqual(['2025-03-04T14:30:00.000Z'])
  })

  it('fit their form or are an issue: no digit, letter or space more or less', () => {
    const form = 'dd/MM/yyyy HH:mm'
    const others = ['3/04/2025 14:30', '03/04/25 14:30', '03/04/2025 14:30:00', '03/04/2025  14:30', '03-04-2025 14:30']
    const impossible = [
      '31/04/2025 14:30',
      '03/13/2025 14:30',
      '29/02/2025 00:00',
      '03/04/2025 24:00',
      '03/04/2025 14:60',
    ]
    const strange = ['2025-04-03T14:30:00Z', '0x/04/2025 14:30', '03/04/2025 14:3', '٠٣/04/2025 14:30']
    for (const cell of [...others, ...impossible, ...strange])
      expect([cell, ...instants({ form }, [cell])]).toEqual([cell, null])
  })

  it('may have hours with AM and PM, whose 12 is the first', () => {
    const cells = [
      '1/5/2025 12:00 AM',
      '1/5/2025 12:59 PM',
      '01/05/2025 1:00 pm',
      '1/5/2025 0:30 AM',
      '1/5/2025 13:00 PM',
    ]
    expect(instants({ form: 'M/d/yyyy h:mm a' }, cells)).toEqual([
      ...['2025-01-05T00:00:00.000Z', '2025-01-05T12:59:00.000Z', '2025-01-05T13:00:00.000Z'],
      ...[null, null],
    ])
  })

  it('may be numbers since 1970, before it too', () => {
    expect(instants({ form: 'epoch_seconds' }, ['1736087400', '0', '-1', '1.5', '-0.001', '1e9', '', '1,5'])).toEqual([
      ...['2025-01-05T14:30:00.000Z', '1970-01-01T00:00:00.000Z', '1969-12-31T23:59:59.000Z'],
      ...['1970-01-01T00:00:01.500Z', '1969-12-31T23:59:59.999Z', null, null, null],
    ])
    expect(instants({ form: 'epoch_milliseconds' }, ['1736087400123', '99999999999999999'])).toEqual([
      '2025-01-05T14:30:00.123Z',
      null,
    ])
    expect(instants({ form: 'epoch_microseconds' }, ['1736087400123000', '1736087400123456'])).toEqual([
      '2025-01-05T14:30:00.123Z',
      null,
    ])
  })

  it('are wall times of the declared zone; one that comes twice or never is an issue', () => {
    const cells = ['2025-01-05 14:30', '2025-07-05 14:30', '2025-03-30 02:30', '2025-10-26 02:30', '2025-07-05T14:30Z']
    const zone = 'Europe/Berlin'
    const sure = ['2025-01-05T13:30:00.000Z', '2025-07-05T12:30:00.000Z']
    const offset = '2025-07-05T14:30:00.000Z'
    expect(instants({ zone }, cells)).toEqual([...sure, null, null, offset])
    const earlier = [...sure, '2025-03-30T00:30:00.000Z', '2025-10-26T00:30:00.000Z', offset]
    expect(instants({ zone, disambiguation: 'earlier' }, cells)).toEqual(earlier)
    const later = [...sure, '2025-03-30T01:30:00.000Z', '2025-10-26T01:30:00.000Z', offset]
    expect(instants({ zone, disambiguation: 'later' }, cells)).toEqual(later)
  })

  it('are wall times for each of which the runtime shows the same clock', () => {
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns']) {
      const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
      const cells = Array.from({ length: 9000 }, (_, at) =>
        new Date(Date.UTC(2025, 0, 1) + at * 3_540_000).toISOString().slice(0, 16).replace('T', ' '),
      )
      const found = instants({ zone }, cells)
      const wrong = cells.filter((cell, at) => found[at] !== null && clock.format(new Date(String(found[at]))) !== cell)
      // two changes of the clock, each of at most an hour
      expect([zone, wrong, found.filter((at) => at === null).length < 6]).toEqual([zone, [], true])
    }
  })

  it('may have digits finer than the unit, where they are to be cut', () => {
    const cells = ['2025-01-05 14:30:00.123999', '2025-01-05 14:30:00', '1969-12-31T23:59:59.9999Z']
    expect(instants({ form: 'iso' }, cells)).toEqual([null, '2025-01-05T14:30:00.000Z', null])
    const cut = ['2025-01-05T14:30:00.123Z', '2025-01-05T14:30:00.000Z', '1969-12-31T23:59:59.999Z']
    expect(instants({ finer: 'cut' }, cells)).toEqual(cut)
    expect(instants({ finer: 'cut' }, cells, 's')).toEqual(cut.map((text) => text.replace(/\.\d+/, '.000')))
  })

  it('say in an issue what was declared, and give no advice on other forms', () => {
    const contract = defineTable('t', { at: key(timestamp()) })
    const { issues } = read('at\n2025-01-05\n', {
      contract,
      timestamps: { form: 'dd/MM/yyyy HH:mm', zone: 'Europe/Berlin' },
    })
    expect(issues).toEqual([
      {
        code: 'type_mismatch',
        file: null,
        row: 1,
        column: 'at',
        found: '2025-01-05',
        expected:
          'a timestamp of the form dd/MM/yyyy HH:mm, a time that comes once in Europe/Berlin, no finer than milliseconds',
      },
    ])
  })

  it('are inferred by their form without a contract', () => {
    const text = 'at,day,x\n03/04/2025 14:30,3.4.2025,"1.000,5"\n'
    const declared = {
      timestamps: { form: 'dd/MM/yyyy HH:mm' },
      dates: 'd.M.yyyy',
      decimal: ',',
      thousands: '.',
    } as const
    expect(rowsOf(read(text, declared).frame)).toEqual([[new Date('2025-04-03T14:30:00Z'), '2025-04-03', 1000.5]])
    // what could lose a digit stays text
    expect(rowsOf(read('x\n"007,5"\n"1,5"\n', declared).frame)).toEqual([['007,5'], ['1,5']])
  })
})

describe('declared numbers', () => {
  it('have a decimal comma, and no point then', () => {
    expect(
      numbers({ decimal: ',' }, ['12,5', '-0,25', '7', '1,5e3', ',5', '12.5', '1,2,3', '1.234', 'NaN', '']),
    ).toEqual([...[12.5, -0.25, 7, 1500, 0.5, null, null, null, Number.NaN, null]])
  })

  it('have groups of three digits between separators', () => {
    const cells = ['1.234.567,5', '1234567,5', '12.34', '1.2345', '1..234', '.123', '12.345.', '-1.234', '1 234']
    expect(numbers({ decimal: ',', thousands: '.' }, cells)).toEqual([
      ...[1234567.5, 1234567.5, null, null, null, null, null, -1234, null],
    ])
    expect(numbers({ thousands: ' ' }, ['1 234.5', '1\u00a0234.5', '1\u202f234.5', '1  234'])).toEqual([
      1234.5,
      1234.5,
      1234.5,
      null,
    ])
    expect(numbers({ thousands: "'" }, ["1'234.5", '1’234.5'])).toEqual([1234.5, 1234.5])
  })

  it('are exact as 64-bit integers', () => {
    const contract = defineTable('n', { n: key(int64()) })
    const { frame } = read('n\n9.007.199.254.740.993\n', { contract, decimal: ',', thousands: '.' })
    expect(rowsOf(frame)).toEqual([[9_007_199_254_740_993n]])
  })
})

describe('a declared encoding', () => {
  const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))

  it('is that of the file, or the file is refused with the place', () => {
    const half = caught(() => read(utf16('a,b\n1,x\ud800y\n'), { encoding: 'utf-16le' }))
    expect(half).toMatchObject({ code: 'encoding_invalid', details: { line: 2, offset: 14 } })
    const cut = caught(() => read(utf16('a\nb\n').subarray(0, 7), { encoding: 'utf-16le' }))
    expect(cut).toMatchObject({ code: 'encoding_invalid', details: { line: 2, offset: 6 } })
  })

  it('is refused where the beginning shows another one', () => {
    const shown = (bytes: Uint8Array, encoding: NonNullable<CsvDialect['encoding']>) =>
      String(caught(() => read(bytes, { encoding })))
    expect(shown(bytesOf('a,b\n1,2\n'), 'utf-16le')).toMatch(/has no byte 0 .* expected utf-16le as declared/)
    expect(shown(utf16('\ufeffa,b\n'), 'utf-16be')).toMatch(/byte order mark of utf-16le/)
    expect(shown(bytesOf('\ufeffa,b\n'), 'latin1')).toMatch(/byte order mark of utf-8/)
    expect(shown(utf16('name,team\n'), 'windows-1252')).toMatch(/looks like UTF-16/)
    expect(shown(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), 'latin1')).toMatch(/looks like gzip/)
    expect(shown(bytesOf('PK\u0003\u0004\0\0'), 'utf-16le')).toMatch(/zip archive/)
    expect(shown(new Uint8Array(0), 'utf-16le')).toMatch(/found 0 bytes/)
  })

  it('holds for the header, sep= lines, csv-parse and rejected records', () => {
    const latin = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
    const contract = defineTable('t', { größe: key(int32()), ort: string() })
    const bytes = latin('sep=|\ngröße|ort\n1|5" Köln\n2|Münster\nx|Jülich\n')
    const { table, issues, rejected } = checkCsv(bytes, contract, { encoding: 'latin1', strayQuotes: 'text' })
    expect(table.objects()).toEqual([
      { größe: 1, ort: '5" Köln' },
      { größe: 2, ort: 'Münster' },
    ])
    expect(issues).toMatchObject([{ row: 3, column: 'größe', found: 'x' }])
    expect(rejected).toEqual([{ row: 3, line: 5, text: 'x|Jülich' }])
  })
})

describe('dialect', () => {
  it('gives one value for all readers, frozen', () => {
    const excel = dialect({ delimiter: ';', decimal: ',', nulls: ['-'], columnAliases: { Satz: 'rate' } })
    const contract = defineTable('t', { id: key(string()), rate: nullable(float64()), since: nullable(date()) })
    const bytes = bytesOf('id;Satz;since\nA;1,5;-\nB;-;2025-01-31\n')
    expect(readCsv(bytes, contract, excel).objects()).toEqual([
      { id: 'A', rate: 1.5, since: null },
      { id: 'B', rate: null, since: '2025-01-31' },
    ])
    expect(readCsv(bytes, contract, { ...excel, as: 'arrow' }).numRows).toBe(2)
    expect(Object.isFrozen(excel)).toBe(true)
  })

  it('refuses what no file can be read with, and names it', () => {
    const wrong: readonly (readonly [options: object, message: RegExp])[] = [
      [{ encoding: 'utf-7' }, /^encoding is a string; expected one of utf-8, utf-16le/],
      [{ timestamps: 'dd/MM/yyyy' }, /^timestamps is a string; expected an object such as/],
      [{ timestamps: { form: 'dd/MM/yyyy' } }, /"dd\/MM\/yyyy" lacks the hour, minute/],
      [{ timestamps: { form: 'dd/MM/yyyy hh:mm' } }, /has hours from 1 to 12 \(h\) without a/],
      [{ timestamps: { form: 'dd/MM/yyyy HH:mm a' } }, /write h/],
      [{ timestamps: { form: 'dd/MM/YYYY HH:mm' } }, /has "YYYY", expected yyyy/],
      [{ timestamps: { form: 'dd/MM/yyyy MM:mm HH' } }, /has "MM" beside another part/],
      [{ timestamps: { form: 'dMyyyy HH:mm' } }, /right before another digit/],
      [{ timestamps: { form: 'yyyy-MM-ddTHH:mm' } }, /has "T", .* put text into single quotes/],
      [{ timestamps: { form: "yyyy-MM-dd'THH:mm" } }, /a quote that is not closed/],
      [{ timestamps: { form: 'yyyy-MM-dd HH:mmX Z' } }, /behind the offset X|has "Z"/],
      [{ timestamps: { form: 'd'.repeat(101) } }, /^timestamps.form is a string/],
      [{ timestamps: { form: 'epoch_seconds', zone: 'UTC' } }, /name their instant themselves/],
      [{ timestamps: { zone: 'Europe/Berlim' } }, /did you mean "Europe\/Berlin"/],
      [{ timestamps: { zone: 'UTC', disambiguation: 'guess' } }, /^timestamps.disambiguation/],
      [{ dates: 'dd.MM.yyyy HH:mm' }, /has a time/],
      [{ decimal: ';' }, /^decimal is a string/],
      [{ thousands: '.' }, /another character than the decimal one/],
      [{ thousands: '_' }, /^thousands/],
      [{ nulls: [] }, /^nulls is a list/],
      [{ nulls: [' NULL'] }, /without outer spaces/],
      [{ booleans: { true: ['x'], false: ['x'] } }, /other words for true than for false/],
      [{ decimals: ',' }, /no option "decimals"; did you mean "decimal"/],
    ]
    for (const [options, message] of wrong) {
      const error = caught(() => dialect(options as CsvDialect))
      expect([JSON.stringify(options), (error as Error).message]).toEqual([
        JSON.stringify(options),
        expect.stringMatching(message),
      ])
      expect(error).toMatchObject({ code: expect.stringMatching(/invalid_option|time_zone_unknown/) })
    }
  })

  it('takes no long time over hostile text', () => {
    const hostile = ["'".repeat(100), '1'.repeat(100_000), '9'.repeat(50_000) + '.'.repeat(50_000), '-'.repeat(100_000)]
    for (const cell of hostile) {
      const before = performance.now()
      for (const form of ['dd/MM/yyyy HH:mm', 'd/M/yyyy H:mm', 'epoch_seconds']) instants({ form }, [cell])
      numbers({ decimal: ',', thousands: '.' }, [cell.replaceAll("'", '')])
      expect(performance.now() - before).toBeLessThan(1000)
    }
  })
})

const faults = join(import.meta.dirname, '../../../../shared/data/faults')

describe.skipIf(!readFolder(faults).includes('14-semicolon-cli'))(
  'the files that are read once formats can be declared',
  () => {
    it('are read: semicolons, and timestamps of six digits', () => {
      const folder = join(faults, '14-semicolon-cli/initial')
      for (const name of readFolder(folder))
        expect(readCsv(readFileSync(join(folder, name)), undefined, { delimiter: ';' }).numCols()).toBeGreaterThan(1)
      const stamps = defineTable(
        'interactions',
        { interaction_id: key(string()), interaction_start: nullable(timestamp()) },
        { unknownColumns: 'discard_value' },
      )
      const bytes = readFileSync(join(faults, '16-microsecond-stamps/initial/interactions.csv'))
      expect(checkCsv(bytes, stamps).issues.length).toBeGreaterThan(0)
      expect(checkCsv(bytes, stamps, { timestamps: { finer: 'cut' } }).issues).toEqual([])
    })
  },
)

function readFolder(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    // the real inputs are not there on every machine
    return []
  }
}
