import { describe, expect, it } from 'vitest'
import { PROGRAM } from '../../../src/cli/program/program.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import {
  choice,
  csv,
  type DerivedRows,
  defineJob,
  extractsAndDeltas,
  type JobOption,
  type JobOptions,
  numberOption,
  partitions,
  readState,
  runPipeline,
  snapshots,
  textOption,
  zoneOption,
} from '../../../src/pipeline/index.ts'
import { RESERVED_OPTIONS } from '../../../src/pipeline/job/define-job.ts'
import { flagOf } from '../../../src/pipeline/job/job-options.ts'
import { CALLS_COMMANDS } from '../../../src/systems/calls/commands/index.ts'
import { complaintsJob } from '../../../src/systems/complaints/job/complaints-job.ts'
import { interactionsJob } from '../../../src/systems/interactions/job/interactions-job.ts'
import { supportJob } from '../../../src/systems/support/job.ts'
import { transcriptsJob } from '../../../src/systems/transcripts/job/transcripts-job.ts'
import { NumberColumn } from '../../../src/table/column.ts'
import {
  type ColumnContracts,
  defineTable,
  int32,
  key,
  metadata,
  recorded,
  string,
} from '../../../src/table/contract.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { countUp } from '../../../src/table/take.ts'
import { COMMON_OPTIONS } from '../../../src/terminal/command-spec.ts'
import { textOf } from '../phone-job.ts'

const halls = defineTable('halls', { id: key(string()), name: string() })
const source = extractsAndDeltas()
const tables = { halls: { contract: halls, source } }
const help = 'for a test'
const size = defineTable('size', { rows: int32() })
const pass = (rows: Frame): DerivedRows => ({ frame: rows, parents: countUp(rows.rows), issues: [] })
const sizeOf = (rows: number) => frameOf([['rows', new NumberColumn('int32', Int32Array.of(rows))]])

describe('defineJob', () => {
  it('gives a job without rollups, outputs and options where none are named', () => {
    expect(defineJob({ name: 'halls', tables })).toEqual({
      name: 'halls',
      options: {},
      tables,
      derived: {},
      rollups: {},
      outputs: {},
    })
  })

  const made = (columns: ColumnContracts, rest: object = {}) => {
    const contract = defineTable('made', columns)
    return () => defineJob({ name: 'a', tables, derived: { made: { from: 'halls', contract, rows: pass, ...rest } } })
  }
  it.each<[string, () => unknown, RegExp]>([
    [
      'an unknown parent',
      made({ id: key(string()) }, { from: 'rooms' }),
      /derived table made that is made from "rooms"; there is halls/,
    ],
    ['itself as its parent', made({ id: key(string()) }, { from: 'made' }), /made from "made"; there is halls/],
    ['another key', made({ id: key(int32()) }), /with the key id \(int32\); give it that of "halls": id \(text\)/],
    ['no key', made({ id: string() }), /with the key none/],
    [
      'an unknown option',
      made({ id: key(string()) }, { uses: ['zone'] }),
      /derived table made that uses the option "zone"/,
    ],
    ['no function', made({ id: key(string()) }, { rows: null }), /derived table made without a function rows/],
    ['a contract of another name', made({ id: key(string()) }, { contract: halls }), /named "halls"; name both alike/],
    ['a metadata column', made({ id: key(string()), _file: metadata(string()) }), /the metadata column "_file"/],
    [
      'a contract that evolves',
      made(
        { id: key(string()) },
        { contract: defineTable('made', { id: key(string()) }, { unknownColumns: 'evolve' }) },
      ),
      /whose contract evolves/,
    ],
    [
      'a parent without a key',
      () => {
        const contract = defineTable('halls', { id: string() })
        const derived = { made: { from: 'halls', contract: defineTable('made', { id: string() }), rows: pass } }
        return defineJob({ name: 'a', tables: { halls: { contract, source } }, derived })
      },
      /made from "halls", which has no key/,
    ],
    [
      'the name of a table',
      () => defineJob({ name: 'a', tables, derived: { halls: { from: 'halls', contract: halls, rows: pass } } }),
      /named "halls"; rename one/,
    ],
    [
      'a recorded column of a table that is not derived',
      () => {
        const contract = defineTable('halls', { id: key(string()), seen_at: recorded('created') })
        return defineJob({ name: 'a', tables: { halls: { contract, source } } })
      },
      /the recorded column "seen_at"; derived tables, outputs and tables of objects or snapshots have/,
    ],
    [
      'a recorded column of a table of days',
      () => {
        const contract = defineTable('halls', { id: key(string()), seen_at: recorded('created') })
        const days = partitions({ prefix: 'halls/', name: '{day}.csv', format: csv() })
        return defineJob({ name: 'a', tables: { halls: { contract, source: days } } })
      },
      /the recorded column "seen_at"; current\.json says when a day was loaded/,
    ],
    [
      'a recorded column of a snapshot without a key',
      () => {
        const contract = defineTable('halls', { id: string(), seen_at: recorded('created') })
        return defineJob({
          name: 'a',
          tables: { halls: { contract, source: snapshots({ file: 'a.csv', format: csv() }) } },
        })
      },
      /the recorded column "seen_at" and without a key/,
    ],
  ])('refuses a derived table with %s', (_, call, message) => {
    expect(call).toThrow(message)
  })

  const output = { contract: size, reads: ['halls'], build: () => sizeOf(1) }
  it.each<[string, () => unknown, RegExp]>([
    [
      'a table whose contract has another name',
      () => defineJob({ name: 'a', tables: { rooms: { contract: halls, source } } }),
      /table "rooms" whose contract is named "halls"/,
    ],
    [
      'an output named as a table',
      () => defineJob({ name: 'a', tables, outputs: { halls: output } }),
      /two tables, derived tables, rollups or outputs named "halls"/,
    ],
    [
      'an output that reads what is not there',
      () => defineJob({ name: 'a', tables, outputs: { size: { ...output, reads: ['hall'] } } }),
      /output size that reads "hall"; there is halls/,
    ],
    [
      'a step that uses an option the job does not have',
      () => defineJob({ name: 'a', tables, outputs: { size: { ...output, uses: ['zone' as never] } } }),
      /uses the option "zone"; there is none/,
    ],
    [
      'a name with a slash',
      () => defineJob({ name: 'a', tables, outputs: { '../size': output } }),
      /use letters, digits and _/,
    ],
    [
      'an option of the command line',
      () => defineJob({ name: 'a', tables, options: { months: zoneOption('UTC', { help }) } }),
      /option "months" \(--months\), which every command has/,
    ],
    [
      'a flag of the command line',
      () => defineJob({ name: 'a', tables, options: { zone: zoneOption('UTC', { help, flag: '--out' }) } }),
      /option "zone" \(--out\)/,
    ],
    [
      'one flag for two options',
      () =>
        defineJob({
          name: 'a',
          tables,
          options: { zone: zoneOption('UTC', { help }), other: zoneOption('UTC', { help, flag: '--zone' }) },
        }),
      /flag --zone twice/,
    ],
    [
      'a default that the option refuses',
      () => defineJob({ name: 'a', tables, options: { zone: zoneOption('Moon/Base', { help }) } }),
      /Moon\/Base/,
    ],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(message)
  })

  it('keeps every option of the commands to themselves', async () => {
    const jobs = [supportJob, transcriptsJob, interactionsJob, complaintsJob]
    const options = jobs.flatMap((job) => Object.entries<JobOption>(job.options))
    const own = options.map(([name, option]) => flagOf(name, option))
    const places = new Set(['--calls', '--agents', '--output', '--manifest', '--period', '--profile'])
    // flags of questions about one system, which no job of another system meets
    const asked = new Set([
      '--month',
      '--contact-center',
      '--department',
      '--quarter',
      '--interactions',
      '--deltas',
      '--evidence',
    ])
    // flags of commands that know no other job than theirs
    const ofTranscripts = ['--prefix', '--batch-size', '--database', '--num-calls', '--last-day', '--rules']
    const ofInteractions = ['--channel', '--type', '--start-date', '--end-date', '--group-by', '--page', '--per-page']
    const ofAnomalies = ['--kind', '--webhook', '--customers']
    const ofComplaints = [
      '--day',
      '--from',
      '--to',
      '--sheet',
      '--forms',
      '--forms-schema',
      '--missing-exit',
      '--sla',
      '--deck',
    ]
    const ofWarehouse = ['--warehouse', '--schema', '--customer']
    const ofGenerators = ['--first-day']
    asked.add('--engine')
    for (const flags of [ofTranscripts, ofInteractions, ofAnomalies, ofComplaints, ofWarehouse, ofGenerators])
      for (const flag of flags) asked.add(flag)
    // the dashboard and the server run no job with options of its own
    const served = new Set([
      '--port',
      '--open',
      '--no-open',
      '--export',
      '--host',
      '--public-host',
      '--rate-limit',
      '--scope',
    ])
    for (const flag of ['--jwt-issuer', '--jwt-audience', '--jwt-keys', '--system', '--tables']) served.add(flag)
    const jobless = CALLS_COMMANDS.map(({ name }) => name)
    const commands = PROGRAM.commands.filter(({ name }) => !jobless.includes(name))
    const late = await Promise.all(commands.map(({ lateOptions }) => lateOptions?.([]) ?? []))
    const all = [...commands.flatMap((command) => command.options), ...late.flat(), ...COMMON_OPTIONS]
    const flags = all.map((option) => option.flags.split(' ')[0] ?? '')
    expect(flags).toEqual(expect.arrayContaining(['--time-zone', '--out', '--job', '--month', '--json']))
    const reserved = new Set(Array.from(RESERVED_OPTIONS, (name) => flagOf(name, {})))
    const free = flags.filter((flag) => ![reserved, asked, places, served].some((known) => known.has(flag)))
    expect(free.filter((flag) => !own.includes(flag))).toEqual([])
  })

  it.each(['zone', '--no-zone', '-z', '--Zone', '--zone x'])('refuses the flag %j', (flag) => {
    const options = { zone: zoneOption('UTC', { help, flag }) }
    expect(() => defineJob({ name: 'x', options, tables: {} })).toThrow('write it like --per-month')
  })
})

describe('the options of a job', () => {
  it.each<[string, JobOption, unknown, RegExp]>([
    ['a zone that does not exist', zoneOption('UTC', { help }), 'Moon/Base', /Moon\/Base/],
    ['a word that is not a choice', choice('a', ['a', 'b'], { help }), 'c', /word "c" is none of a, b/],
    [
      'a number out of range',
      numberOption(1, { help, least: 0, most: 2 }),
      '3',
      /word is 3; expected a number from 0 to 2/,
    ],
    ['what is not text', textOption('a', { help }), 3, /word is a number; expected text/],
  ])('refuse %s', (_, option, value, message) => {
    expect(() => option.parse(value, 'word')).toThrow(message)
  })

  it('read numbers as a command line writes them', () => {
    expect(numberOption(1, { help, least: 0, most: 20 }).parse('12', 'n')).toBe(12)
  })

  const counting = <Options extends JobOptions>(options: Options, uses: readonly (keyof Options & string)[]) =>
    defineJob({
      name: 'halls',
      options,
      tables,
      outputs: { size: { contract: size, reads: ['halls'], uses, build: (_, values) => sizeOf(Number(values.rows)) } },
    })
  const data = memoryStore({ 'initial/halls.csv': 'id,name\nH1,North\n' })

  it('are handed to a step that names them, with the value of the call, the last commit or the default', async () => {
    const job = counting({ rows: numberOption(3, { help, least: 0, most: 9 }) }, ['rows'])
    const out = memoryStore()
    await runPipeline(job, { data, out })
    expect(await textOf(out, 'size.csv')).toBe('rows\n3\n')
    const { options, status } = await runPipeline(job, { data, out, rows: 5 })
    expect([options.rows, status, await textOf(out, 'size.csv')]).toEqual([5, 'committed', 'rows\n5\n'])
    expect((await runPipeline(job, { data, out })).status).toBe('nothing_to_do')
    expect((await readState(job, { out })).options.rows).toBe(5)
  })

  it('keep the value of the last commit when the default of the job becomes another one', async () => {
    const out = memoryStore()
    await runPipeline(counting({ rows: numberOption(3, { help, least: 0, most: 9 }) }, ['rows']), { data, out })
    const { status, options } = await runPipeline(
      counting({ rows: numberOption(4, { help, least: 0, most: 9 }) }, ['rows']),
      { data, out },
    )
    expect([status, options.rows]).toEqual(['nothing_to_do', 3])
  })

  it('cannot be read by a step that does not name them', async () => {
    const job = counting({ rows: numberOption(3, { help, least: 0, most: 9 }) }, [])
    await expect(runPipeline(job, { data, out: memoryStore() })).rejects.toThrow(
      `output size reads the option "rows" and does not name it; add it to its uses: ['rows']`,
    )
  })

  it('are refused under a name that the job does not have', async () => {
    const job = counting({ rows: numberOption(3, { help, least: 0, most: 9 }) }, ['rows'])
    const options = { data, out: memoryStore(), row: 4 }
    await expect(runPipeline(job, options)).rejects.toThrow(/no option "row"; did you mean "rows"/)
  })
})
