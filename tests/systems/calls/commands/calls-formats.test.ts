/** A call log that is written otherwise than as JSON lines: declared in a file beside it, or by flags. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine, sample, temporaryFolder } from '../places.ts'

type Row = Readonly<Record<string, unknown>>

/** The log of a folder as rows: JSON lines or an array; what is damaged is left out of the rewritten logs. */
function rowsIn(folder: string): readonly Row[] {
  const text = readFileSync(join(folder, 'sample_calls.json'), 'utf8').trim()
  if (text.startsWith('[')) return JSON.parse(text) as Row[]
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Row]
    } catch {
      // the sample has a line that is cut off
      return []
    }
  })
}

/** Chance that is the same on every machine. */
function chanceOf(seed: number): <T>(choices: readonly T[]) => T {
  let state = seed * 2654435761
  return (choices) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0
    return choices[((state ^ (state >>> 13)) >>> 0) % choices.length] as (typeof choices)[number]
  }
}

const two = (value: number) => String(value).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Forms of timestamps, each with what writes a UTC instant in it. */
const FORMS: Readonly<Record<string, (at: Date) => string>> = {
  'dd/MM/yyyy HH:mm:ss.SSS': (at) =>
    `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()} ${at.toISOString().slice(11, 23)}`,
  'd.M.yyyy H:mm:ss.SSS': (at) =>
    `${at.getUTCDate()}.${at.getUTCMonth() + 1}.${at.getUTCFullYear()} ${at.getUTCHours()}:${at.toISOString().slice(14, 23)}`,
  'M/d/yyyy h:mm:ss.SSS a': (at) => {
    const hours = at.getUTCHours()
    const day = `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`
    return `${day} ${hours % 12 || 12}:${at.toISOString().slice(14, 23)} ${hours < 12 ? 'AM' : 'PM'}`
  },
  'dd-MMM-yyyy HH:mm:ss.SSS': (at) =>
    `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${at.toISOString().slice(11, 23)}`,
  epoch_milliseconds: (at) => String(at.getTime()),
}

const STAMPS = ['start_time', 'started_at', 'end_time']
const NUMBERS = ['duration_seconds', 'rating']

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/

/** The instant that a cell of a column names; null for what is no timestamp, which no rewriting makes one. */
function instantOf(name: string, value: unknown): Date | null {
  const text = String(value).trim()
  const found = STAMPS.includes(name) ? ISO.exec(text) : null
  return found === null ? null : new Date(found[3] === undefined ? `${text}Z` : text)
}

/** A number with another decimal mark. */
function numberText(name: string, value: unknown, decimal: string): string | null {
  return NUMBERS.includes(name) && /^\d+(\.\d+)?$/.test(String(value)) ? String(value).replace('.', decimal) : null
}

interface Rewriting {
  readonly bytes: Uint8Array
  /** As `support-etl.json` has it. */
  readonly entry: Readonly<Record<string, unknown>>
  readonly format: 'csv' | 'json' | 'json_lines'
}

function rewritten(rows: readonly Row[], seed: number): Rewriting {
  const pick = chanceOf(seed)
  const format = pick(['csv', 'csv', 'json', 'json_lines'] as const)
  const delimiter = pick([';', '\t', '|', ',', '~~'])
  const encoding = pick(['utf-8', 'latin1', 'windows-1252', 'utf-16le'] as const)
  const form = pick(Object.keys(FORMS))
  const decimal = delimiter === ',' ? '.' : pick(['.', ','] as const)
  const none = pick(['', 'NULL', '-'])
  const eol = pick(['\n', '\r\n'])
  const skipped = pick([0, 2])
  const cellOf = (name: string, value: unknown): string => {
    if (value === null || value === undefined) return none
    const instant = instantOf(name, value)
    if (instant !== null) return FORMS[form]?.(instant) ?? ''
    return numberText(name, value, decimal) ?? String(value)
  }
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const forms = {
    timestamps: { form },
    ...(decimal === ',' && { decimal }),
    ...(none !== '' && { nulls: [none] }),
    ...(encoding !== 'utf-8' && { encoding }),
  }
  const encode = (text: string) =>
    new Uint8Array(Buffer.from(text, encoding === 'utf-16le' ? 'utf16le' : encoding === 'utf-8' ? 'utf8' : 'latin1'))
  if (format !== 'csv') {
    const objects = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value === null ? null : cellOf(name, value)]),
      ),
    )
    const isEnvelope = format === 'json' && pick([true, false])
    const text =
      format === 'json_lines'
        ? objects.map((row) => JSON.stringify(row)).join(eol)
        : JSON.stringify(isEnvelope ? { page: 1, result: { calls: objects } } : objects, null, 1)
    const entry = { format, ...forms, ...(isEnvelope && { path: 'result.calls' }) }
    return { bytes: encode(text), entry, format }
  }
  const quoted = (text: string) =>
    /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
  const records = rows.map((row) => names.map((name) => quoted(cellOf(name, row[name]))).join(delimiter))
  const before = Array.from({ length: skipped }, (_, at) => `exported, ${at}`)
  const text = [...before, names.join(delimiter), ...records, ''].join(eol)
  const entry = { format, delimiter, ...forms, ...(skipped > 0 && { skip_lines: skipped }) }
  return { bytes: encode(text), entry, format }
}

/** The curated bytes of a log in a folder of its own. */
async function curated(log: Uint8Array, agents: Uint8Array, declared: object | null, ...flags: string[]) {
  const folder = temporaryFolder()
  const path = (name: string) => join(folder, name)
  writeFileSync(path('log'), log)
  writeFileSync(path('agents.csv'), agents)
  if (declared !== null) writeFileSync(path('support-etl.json'), JSON.stringify(declared))
  const files = ['--calls', path('log'), '--agents', path('agents.csv'), '--output', path('c.parquet')]
  const run = await commandLine('calls', 'clean', ...files, '--manifest', path('m.json'), ...flags)
  return { ...run, bytes: existsSync(path('c.parquet')) ? readFileSync(path('c.parquet')).toString('base64') : null }
}

const REAL = join(import.meta.dirname, '../../../../../shared/data/calls')

describe.each([
  ['the sample', sample],
  ['the exercise (skipped where ../shared/data is not there)', REAL],
])('calls clean of %s, rewritten', (_, folder) => {
  const exists = existsSync(folder)

  it.skipIf(!exists)('gives the same curated bytes under twenty random dialects, declared beside the log', async () => {
    const rows = rowsIn(folder)
    const agents = readFileSync(join(folder, 'agents.csv'))
    const plain = await curated(
      new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join('\n')),
      agents,
      null,
    )
    expect(plain.status).toBe(0)
    for (let seed = 1; seed <= 20; seed++) {
      const { bytes, entry } = rewritten(rows, seed)
      const run = await curated(bytes, agents, { tables: { calls: entry } })
      expect([seed, entry, run.status, run.stderr, run.bytes === plain.bytes]).toEqual([seed, entry, 0, '', true])
    }
  })

  it.skipIf(!exists)('gives them by flags alone, too', async () => {
    const rows = rowsIn(folder)
    const agents = readFileSync(join(folder, 'agents.csv'))
    const plain = await curated(
      new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join('\n')),
      agents,
      null,
    )
    const named = new TextDecoder().decode(agents).replaceAll(',', ';')
    for (const form of Object.keys(FORMS)) {
      const write = FORMS[form] as (at: Date) => string
      const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
      const cell = (name: string, value: unknown) => {
        if (value === null || value === undefined) return ''
        const instant = instantOf(name, value)
        return instant === null ? (numberText(name, value, ',') ?? `"${value}"`) : write(instant)
      }
      const lines = [names, ...rows.map((row) => names.map((name) => cell(name, row[name])))].map((line) =>
        line.join(';'),
      )
      const flags = ['--calls-format', 'csv', '--delimiter', ';', '--timestamps', form, '--decimal', ',']
      const log = new Uint8Array(Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'))
      const run = await curated(log, Buffer.from(named, 'latin1'), null, ...flags, '--encoding', 'latin1')
      expect([form, run.status, run.stderr, run.bytes === plain.bytes]).toEqual([form, 0, '', true])
    }
  })
})

const AGENTS = new TextEncoder().encode('agent_id,name,region\nA1,Ada,North\n')
const log = (...lines: string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`)
const HEADER = 'id;agent_id;started_at;duration_seconds;issue_type;resolution'

describe('calls clean of a declared log', () => {
  it('says how to declare a log that is CSV, and reads it so', async () => {
    const text = log(HEADER, 'C1;A1;2025-01-31T14:30:00Z;60;billing;resolved')
    const refused = await curated(text, AGENTS, null)
    expect([refused.status, refused.stderr]).toEqual([
      3,
      expect.stringContaining(
        'looks like CSV, expected JSON Lines or a JSON array of objects; add --calls-format csv (where the delimiter is no comma, declare it in support-etl.json), or export it as JSON\n',
      ),
    ])
    const declared = { tables: { calls: { delimiter: ';' } } }
    const commas = new TextEncoder().encode(new TextDecoder().decode(text).replaceAll(';', ','))
    for (const [file, formats] of [
      [text, declared],
      [commas, null],
    ] as const) {
      const { status, stdout } = await curated(file, AGENTS, formats, '--calls-format', 'csv')
      expect([status, stdout]).toEqual([0, expect.stringContaining('1 call')])
    }
  })

  it('refuses what is not written as declared, with the line, the cell and the form', async () => {
    const text = log(
      ...[HEADER, 'C1;A1;31/01/2025 14:30;60,5;billing;resolved', 'C2;A1;2025-01-31T14:30:00Z;60;billing;resolved'],
      ...['C3;A1;31/01/2025 14:30;60.5;billing;resolved', 'C4;A1;31/01/2025', HEADER],
    )
    const rejects = join(temporaryFolder(), 'rejects.csv')
    const entry = { format: 'csv', delimiter: ';', decimal: ',', timestamps: { form: 'dd/MM/yyyy HH:mm' } }
    const { status, stdout } = await curated(text, AGENTS, { tables: { calls: entry } }, '--rejects', rejects)
    expect([status, stdout]).toEqual([0, expect.stringContaining('1 call')])
    const form = '"a timestamp of the form dd/MM/yyyy HH:mm, no finer than microseconds"'
    expect(readFileSync(rejects, 'utf8').split('\n').slice(1, -1)).toEqual([
      `3,C2,start_unreadable,start_time,2025-01-31T14:30:00Z,${form}`,
      expect.stringMatching(/^4,C3,end_unreadable,duration_seconds,60\.5,".*, written as in 1234,5"$/),
      expect.stringMatching(/^5,,record_length,,3 cells,/),
      expect.stringMatching(/^6,,header_repeated,,the header line,/),
    ])
  })

  it('tells what was mended as declared, of the log and of the list', async () => {
    const text = log(HEADER, 'C1;A1;2025-01-31T14:30:00Z;60;billing')
    const list = new TextEncoder().encode('agent_id;name;region;\nA1;Ada;North;\n')
    const calls = { format: 'csv', delimiter: ';', ragged: 'pad' }
    const run = await curated(text, list, { tables: { calls, call_agents: { delimiter: ';' } } })
    expect(run.status).toBe(0)
    expect(run.stderr).toMatch(/log: 1 record has fewer cells than the header and was filled with empty ones/)
    expect(run.stderr).toMatch(/agents\.csv: column 4 has no name/)
  })

  it('refuses durations that count something else than the column, and a format that the list cannot have', async () => {
    const durations = { duration_seconds: { form: 'hh:mm:ss', unit: 'minutes' } }
    const text = log(HEADER, 'C1;A1;2025-01-31T14:30:00Z;00:01:00;billing;resolved')
    const minutes = await curated(text, AGENTS, { tables: { calls: { format: 'csv', delimiter: ';', durations } } })
    expect([minutes.status, minutes.stderr]).toEqual([2, expect.stringContaining('declare the unit seconds')])
    const seconds = { duration_seconds: { form: 'hh:mm:ss', unit: 'seconds' } }
    const entry = { format: 'csv', delimiter: ';', durations: seconds }
    expect((await curated(text, AGENTS, { tables: { calls: entry } })).status).toBe(0)
    const list = await curated(text, AGENTS, { tables: { call_agents: { format: 'json' } } })
    expect([list.status, list.stderr]).toEqual([
      2,
      expect.stringContaining('tables.call_agents.format is "json", expected "csv"'),
    ])
  })

  it('adds a log of another dialect to those that were applied', async () => {
    const folder = temporaryFolder()
    const path = (name: string) => join(folder, name)
    writeFileSync(path('agents.csv'), AGENTS)
    const call = {
      agent_id: 'A1',
      start_time: '2025-01-31T14:30:00Z',
      duration_seconds: 60,
      issue_type: 'x',
      resolution: 'y',
    }
    writeFileSync(path('one.json'), `${JSON.stringify({ call_id: 'C1', ...call })}\n`)
    writeFileSync(path('two.csv'), log(HEADER, 'C2;A1;31.01.2025 15:30;60;x;y'))
    const files = [
      '--agents',
      path('agents.csv'),
      '--output',
      path('c.parquet'),
      '--manifest',
      path('m.json'),
      '--append',
    ]
    expect((await commandLine('calls', 'clean', '--calls', path('one.json'), ...files)).status).toBe(0)
    const flags = ['--calls-format', 'csv', '--timestamps', 'dd.MM.yyyy HH:mm', '--config', path('d.json')]
    writeFileSync(path('d.json'), '{"tables":{"calls":{"delimiter":";"}}}')
    const two = await commandLine('calls', 'clean', '--calls', path('two.csv'), ...files, ...flags)
    expect([two.status, two.stderr, two.stdout]).toEqual([0, '', expect.stringContaining('2 calls')])
    // the same log again changes nothing, and is known although its dialect is another one than that of the first
    const again = await commandLine('calls', 'clean', '--calls', path('two.csv'), ...files, ...flags)
    expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('is as it was: 2 calls')])
    // read otherwise, it would be another log
    const other = await commandLine('calls', 'clean', '--calls', path('two.csv'), ...files, '--calls-format', 'csv')
    expect(other.status).toBe(2)
    expect(other.stderr).toMatch(
      /declared format of log\/two\.csv is not .*; clean all logs anew, the first of them without --append/,
    )
  })
})
