/** What inspectFile proposes for files written under random dialects reads them back equal. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkCsv, inspectFile } from '../../src/format/index.ts'
import { readDeclaration } from '../../src/pipeline/index.ts'
import { boolean, date, defineTable, float64, key, nullable, string, timestamp } from '../../src/table/contract.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 200)
const two = (value: number) => String(value).padStart(2, '0')

const contract = defineTable('calls', {
  id: key(string()),
  at: timestamp(),
  day: nullable(date()),
  cost: nullable(float64()),
  talk_minutes: nullable(float64()),
  open: boolean(),
  note: nullable(string()),
})

const STAMPS: Readonly<Record<string, (at: Date) => string>> = {
  'dd/MM/yyyy HH:mm': (at) =>
    `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  'MM/dd/yyyy HH:mm': (at) =>
    `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  'd.M.yyyy H:mm': (at) =>
    `${at.getUTCDate()}.${at.getUTCMonth() + 1}.${at.getUTCFullYear()} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`,
  'M/d/yyyy h:mm a': (at) =>
    `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${at.getUTCHours() % 12 || 12}:${two(at.getUTCMinutes())} ${at.getUTCHours() < 12 ? 'AM' : 'PM'}`,
  iso: (at) => at.toISOString(),
}
const DAYS: Readonly<Record<string, (at: Date) => string>> = {
  'dd.MM.yyyy': (at) => `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()}`,
  'MM/dd/yyyy': (at) => `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${at.getUTCFullYear()}`,
  iso: (at) => at.toISOString().slice(0, 10),
}

const scenario = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  encoding: fc.constantFrom('utf8', 'utf16le', 'latin1'),
  mark: fc.boolean(),
  end: fc.constantFrom('\n', '\r\n'),
  stamps: fc.constantFrom(...Object.keys(STAMPS)),
  days: fc.constantFrom(...Object.keys(DAYS)),
  decimal: fc.constantFrom('.', ','),
  groups: fc.boolean(),
  words: fc.constantFrom(['ja', 'nein'], ['true', 'false'], ['OUI', 'NON']),
  duration: fc.constantFrom('clock', 'iso'),
  preamble: fc.integer({ min: 0, max: 3 }),
  missing: fc.constantFrom('', 'NULL'),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

describe('inspectFile', () => {
  it('proposes what reads a file back equal, whatever its dialect', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        const {
          delimiter,
          encoding,
          mark,
          end,
          stamps,
          days,
          decimal,
          groups,
          words,
          duration,
          preamble,
          missing,
          seed,
        } = given
        const [yes = '', no = ''] = words
        const rows = Array.from({ length: 40 }, (_, row) => {
          // every day of a month occurs, so that the forms are decided
          const at = new Date(Date.UTC(2025, (seed + row) % 12, 1 + (row % 28), (seed + row) % 24, (row * 7) % 60))
          const cents = (seed * (row + 1) * 137) % 10_000_000
          const minutes = (((seed + row) * 13) % 7200) / 60
          return {
            id: `C${row}`,
            at,
            day: row % 5 === 0 ? null : at,
            cost: row % 7 === 0 ? null : cents / 100 + 0.25,
            minutes,
            open: row % 2 === 0,
            note: row % 3 === 0 ? null : `Zoë ${delimiter}"${row}"`,
          }
        })
        const number = (value: number) => {
          const [whole = '', fraction = ''] = value.toFixed(2).split('.')
          return `${groups ? whole.replace(/\B(?=(?:\d{3})+$)/g, decimal === ',' ? '.' : ',') : whole}${decimal}${fraction}`
        }
        const clock = (minutes: number) => {
          const seconds = Math.round(minutes * 60)
          return duration === 'iso'
            ? `PT${Math.floor(seconds / 60)}M${seconds % 60}S`
            : `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
        }
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const lines = rows.map(({ id, at, day, cost, minutes, open, note }) =>
          [
            id,
            quoted((STAMPS[stamps] as (at: Date) => string)(at)),
            day === null ? missing : (DAYS[days] as (at: Date) => string)(day),
            cost === null ? missing : quoted(number(cost)),
            clock(minutes),
            open ? yes : no,
            note === null ? '' : quoted(note),
          ].join(delimiter),
        )
        const before = Array.from({ length: preamble }, (_, line) => `Report of the month ${line}`)
        const text = [...before, Object.keys(contract.columns).join(delimiter), ...lines, ''].join(end)
        const hasMark = mark && encoding !== 'latin1'
        const bytes = new Uint8Array(Buffer.from(hasMark ? `\ufeff${text}` : text, encoding as BufferEncoding))
        const { declaration, doubts } = inspectFile(bytes, { file: 'calls.csv' })
        const json = new TextEncoder().encode(JSON.stringify({ tables: { calls: declaration } }))
        const [entry] = readDeclaration(json).tables.calls ?? []
        const { table, issues } = checkCsv(bytes, contract, entry?.options)
        expect([issues, JSON.stringify(declaration)]).toEqual([[], JSON.stringify(declaration)])
        expect(table.objects()).toEqual(
          rows.map(({ id, at, day, cost, minutes, open, note }) => ({
            id,
            at,
            day: day === null ? null : day.toISOString().slice(0, 10),
            cost: cost === null ? null : Number(cost.toFixed(2)),
            talk_minutes: Math.round(minutes * 60) / 60,
            open,
            note,
          })),
        )
        expect(doubts.filter((doubt) => /nothing decides/.test(doubt))).toEqual([])
      }),
      { numRuns },
    )
  })

  it('tells how far it is in a big file, and finds what it finds in one of its pieces', () => {
    const row = `K1;${'x'.repeat(1000)};1,5\n`
    const file = new TextEncoder().encode(`id;note;cost\n${row.repeat(10_000)}`)
    const told: number[] = []
    const onProgress = (done: number, total: number) => void told.push(done / total)
    const { rows, declaration } = inspectFile(file, { onProgress })
    expect([rows, declaration]).toEqual([10_000, { delimiter: ';', decimal: ',' }])
    expect(told).toEqual([(1 << 22) / file.length, (1 << 23) / file.length, 1])
    expect(() => inspectFile(file, { onProgress: 1 as never })).toThrow('onProgress')
  })

  it('says where nothing decides', () => {
    const file = new TextEncoder().encode('id;at\n1;01/02/2025 10:00\n2;03/04/2025 11:00\n')
    const { declaration, doubts, columns } = inspectFile(file)
    expect(declaration).toEqual({ delimiter: ';', timestamps: { form: 'dd/MM/yyyy HH:mm' } })
    expect(doubts).toContain(
      'timestamps: dd/MM/yyyy HH:mm and MM/dd/yyyy HH:mm fit every cell, so that nothing decides; ask who wrote the file',
    )
    expect(columns[1]?.forms?.candidates).toEqual([
      { form: 'dd/MM/yyyy HH:mm', fits: 2, decides: 0 },
      { form: 'MM/dd/yyyy HH:mm', fits: 2, decides: 0 },
    ])
  })

  it('names containers, envelopes and objects in a row', () => {
    const look = (bytes: Uint8Array | string) =>
      inspectFile(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes)
    expect(look(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0))).toMatchObject({ looks: 'gzip', declaration: null })
    expect(look('{"entries":[{"id":"1","n":2}],"total":1}')).toMatchObject({
      format: 'json',
      declaration: { path: 'entries' },
      rows: 1,
    })
    expect(look('{"id":"1"}{"id":"2"}')).toMatchObject({ declaration: { layout: 'concatenated' }, rows: 2 })
    expect(look('{"id":"1"}\n{"id":"2"}\n')).toMatchObject({ format: 'json_lines', declaration: {}, rows: 2 })
    expect(look('')).toMatchObject({ looks: 'an empty file', declaration: null })
    expect(look('sep=;\na;b\n1;2\n')).toMatchObject({ delimiter: ';', declaration: {}, rows: 1 })
  })
})
