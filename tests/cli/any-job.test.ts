/** The commands that work for every job, on a place of a job that the program does not know. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FILES } from '../systems/workshop/job.ts'
import { emptyFolder, SAMPLE, supportEtlHere as supportEtl } from './command-line.ts'

const WORKSHOP = join(import.meta.dirname, '..', 'systems', 'workshop', 'job.ts')
const JOB = ['--job', WORKSHOP]

function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const root = mkdtempSync(join(tmpdir(), 'support-etl-any-job-'))
const [data, out] = [join(root, 'data'), join(root, 'state')]
afterAll(() => rmSync(root, { recursive: true, force: true }))

beforeAll(async () => {
  writeFiles(data, { ...FILES, 'machines/M3.json': '{"machine_id":"M9"}' })
  expect((await supportEtl(['run', ...JOB, '--data', data, '--out', out])).status).toBe(0)
  writeFiles(data, {
    'halls.csv': 'hall_id;hall_name\nH1;North wing\nH2;South\nH3;West\n',
    'delta/repairs_delta_202503.csv': 'repair_id,machine_id,hours,action\nR1,,,delete\nR4,M2,1,add\n',
  })
  expect((await supportEtl(['run', ...JOB, '--data', data, '--out', out])).status).toBe(0)
}, 60_000)

describe('a place of a job that the program does not know', () => {
  it('has its status, but for what waits', async () => {
    const { status, stdout, stderr } = await supportEtl(['status', '--out', out, '--data', data])
    expect([status, stderr]).toEqual([
      0,
      `warning: 1 row waits in quarantine; support-etl quarantine --out ${out} shows what does not fit\n`,
    ])
    expect(stdout).toMatch(/version 2, committed \d{4}-.*\njob workshop; lenient; 4 copies as csv\n/)
    expect(stdout).toMatch(/\nhalls +3 +1 +halls\.csv\nrepairs +3 +3 +2025-03\n/)
    expect(stdout).toContain('pending: unknown, because the code of job "workshop" is not known here; --job names')
    const json = JSON.parse((await supportEtl(['status', '--out', out, '--json'])).stdout)
    expect(json).toMatchObject({ job: 'workshop', pending: null, refusals: [] })
    const known = await supportEtl(['status', ...JOB, '--out', out, '--data', data])
    expect(known.stdout).toContain(`pending in ${data}: nothing\n`)
  })

  it('is verified, and repaired with its code alone', async () => {
    expect(await supportEtl(['verify', '--out', out])).toMatchObject({ status: 0, stderr: '' })
    rmSync(join(out, 'machines_by_hall.csv'))
    const damaged = await supportEtl(['verify', '--out', out])
    expect(damaged.status).toBe(1)
    expect(damaged.stdout).toMatch(/machines_by_hall\.csv +copy +missing/)
    const blind = await supportEtl(['verify', '--repair', '--out', out])
    expect([blind.status, blind.stderr]).toEqual([
      2,
      `error: ${out} holds the state of job "workshop", which this program does not have; give --job FILE to name the module that exports it\n  code      invalid_option (support-etl errors invalid_option)\n`,
    ])
    expect((await supportEtl(['verify', '--repair', ...JOB, '--out', out])).stdout).toMatch(/written again/)
  })

  it('shows its quarantine', async () => {
    const { status, stdout } = await supportEtl(['quarantine', '--out', out])
    expect(status).toBe(0)
    expect(stdout).toMatch(/machines\/M3\.json +1 +key_mismatch +machine_id +M9/)
    expect(stdout).toContain('\n1 row of 1 file\n')
    expect((await supportEtl(['quarantine', '--out', out, '--table', 'halls'])).stdout).toBe(
      `no row of halls waits in ${out}\n`,
    )
    expect(JSON.parse((await supportEtl(['quarantine', '--out', out, '--json'])).stdout)).toMatchObject({
      commit: 2,
      job: 'workshop',
      rows: [{ table: 'machines', code: 'key_mismatch', found: 'M9' }],
    })
    expect((await supportEtl(['quarantine', '--out', out, '--table', 'machine'])).stderr).toContain(
      'error: --table: there is no table "machine": did you mean "machines"?\n',
    )
  })

  it('shows the history of a table with months, and says which has none', async () => {
    const { stdout } = await supportEtl(['history', '--out', out, '--table', 'repairs', '--key', 'R1'])
    expect(stdout).toMatch(/^repair_id +version +valid_from +valid_to +is_deleted/)
    expect(stdout).toMatch(/\nR1 +1 +2025-03 +true +M1 +1\.5/)
    const halls = await supportEtl(['history', '--out', out, '--table', 'halls'])
    expect([halls.status, halls.stderr]).toEqual([2, expect.stringContaining('halls.csv) are not those of months')])
  })

  it('collects its garbage', async () => {
    const { status, stdout } = await supportEtl(['gc', '--out', out, '--grace-days', '0', '--keep-versions', '1'])
    expect([status, stdout]).toEqual([0, expect.stringMatching(/superseded/)])
  })

  it('is not taken for the place of another job', async () => {
    for (const command of ['report', 'answers']) {
      const { status, stderr } = await supportEtl([command, '--out', out])
      expect([status, stderr]).toEqual([
        2,
        expect.stringContaining(
          'holds the state of job "workshop", not of "support"; give --out to use another place\n',
        ),
      ])
    }
  })

  it('is not run without its code', async () => {
    const { status, stderr } = await supportEtl(['run', '--out', out, '--data', data])
    expect([status, stderr]).toEqual([2, expect.stringContaining('give --job FILE to name the module that exports it')])
  })
})

describe('support-etl diff', () => {
  it('counts what differs, table by table, and outputs with the code of the job', async () => {
    const blind = await supportEtl(['diff', '--out', out])
    expect(blind.status).toBe(0)
    expect(blind.stdout).toBe(
      `${out}: version 1 to version 2\n\n${[
        'table     added  removed  changed',
        '--------  -----  -------  -------',
        'machines      0        0        0',
        'halls         1        0        1',
        'repairs       1        1        0',
      ].join('\n')}\n`,
    )
    expect(blind.stderr).toBe(
      'warning: not compared: machines_by_hall, because the code of job "workshop" is not known; --job names its module\n',
    )
    const known = await supportEtl(['diff', '1', '2', '--out', out, ...JOB])
    expect([known.stderr, known.stdout]).toEqual(['', expect.stringMatching(/\nmachines_by_hall +2 +1 +1\n/)])
  })

  it('shows the rows of one table', async () => {
    const { stdout } = await supportEtl(['diff', '--out', out, '--table', 'halls'])
    expect(stdout).toContain(', halls: 1 row added, 0 removed, 1 changed\n')
    expect(stdout).toMatch(/\nchanged +H1 +hall_name: North → North wing\nadded +H3 +hall_name: West\n/)
    const json = JSON.parse((await supportEtl(['diff', '--out', out, '--table', 'halls', '--json'])).stdout)
    expect(json).toMatchObject({ job: 'workshop', from: 1, to: 2, tables: [{ name: 'halls', added: 1, changed: 1 }] })
    expect(json.rows).toEqual([
      {
        change: 'changed',
        before: { hall_id: 'H1', hall_name: 'North' },
        after: { hall_id: 'H1', hall_name: 'North wing' },
      },
      { change: 'added', before: null, after: { hall_id: 'H3', hall_name: 'West' } },
    ])
  })

  it.each([
    [['1', '7'], 'has no commit 7; they are 1 to 2'],
    [['one'], 'the first commit "one": expected a whole number'],
    [['1', '2', '3'], "too many arguments for 'diff'"],
    [['--table', 'hall'], 'these commits have no table "hall"; they have machines, halls, repairs, machines_by_hall'],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await supportEtl(['diff', ...args, '--out', out])
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})

describe('the flags of a job', () => {
  it('are shown by the commands that take them', async () => {
    const own = writeFiles(emptyFolder(), {
      'job.mjs': `import { defineTable, key, string } from 'support-etl'
import { choice, csv, defineJob, numberOption, snapshots, zoneOption } from 'support-etl/system'
const list = defineTable('list', { id: key(string()) })
export default defineJob({
  name: 'lists',
  options: {
    profile: choice('plain', ['plain', 'long'], { help: 'how names are shown' }),
    perMonth: numberOption(3, { least: 1, most: 9, help: 'how many a month' }),
    clock: zoneOption('UTC', { help: 'of the days', flag: '--clock-of' }),
  },
  tables: { list: { contract: list, source: snapshots({ file: 'list.csv', format: csv() }) } },
})
`,
    })
    // resolved from this repository, as an installed package would be
    const job = join(import.meta.dirname, 'lists.mjs')
    writeFileSync(job, readFileSync(join(own, 'job.mjs')))
    try {
      const { status, stdout } = await supportEtl(['run', '--help', '--job', job])
      expect(status).toBe(0)
      const told = stdout.replace(/\s+/g, ' ')
      expect(told).toContain('Options of job lists:')
      expect(told).toContain('--profile <choice> how names are shown (default: plain, or as before)')
      expect(told).toContain('--per-month <number> how many a month (default: 3, or as before)')
      expect(told).toContain('--clock-of <zone> of the days (default: UTC, or as before)')
      expect(told).toContain('(default: "output/lists")')
      expect(told).toContain('--accept-withdrawals <table...>')
      expect((await supportEtl(['help', 'run', '--job', job])).stdout).toBe(stdout)
      const folder = writeFiles(emptyFolder(), { 'data/list.csv': 'id\na\n' })
      const run = (...args: string[]) => supportEtl(['run', '--job', job, ...args], { cwd: folder })
      expect((await run('--profile', 'short')).stderr).toContain('Allowed choices are plain, long.')
      expect((await run('--per-month', '12')).stderr).toContain(
        'error: --per-month is 12; expected a number from 1 to 9\n',
      )
      expect(await run('--clock-of', 'Moon/Base')).toMatchObject({ status: 2 })
      const json = JSON.parse((await run('--per-month', '4', '--clock-of', 'Asia/Tokyo', '--json')).stdout)
      expect(json.options).toMatchObject({ profile: 'plain', perMonth: 4, clock: 'Asia/Tokyo' })
      expect(readdirSync(join(folder, 'output', 'lists')).sort()).toEqual(['.support-etl', 'list.csv'])
    } finally {
      rmSync(job)
    }
  }, 30_000)

  it('accept withdrawals as the message says', async () => {
    const halls = (count: number) => Array.from({ length: count }, (_, at) => `H${at};Hall ${at}\n`).join('')
    const [folder, place] = [emptyFolder(), emptyFolder()]
    writeFiles(folder, { ...FILES, 'halls.csv': `hall_id;hall_name\n${halls(20)}` })
    const run = (...args: string[]) => supportEtl(['run', ...JOB, '--data', folder, '--out', place, ...args])
    expect((await run()).status).toBe(0)
    writeFiles(folder, { 'halls.csv': `hall_id;hall_name\n${halls(5)}` })
    const refused = await run()
    expect(refused.status).toBe(3)
    const [, advice = ''] = /or give (--accept-withdrawals halls) to accept the loss/.exec(refused.stderr) ?? []
    expect(await run(...advice.split(' '))).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(place, 'halls.csv'), 'utf8').split('\n')).toHaveLength(7)
    expect((await run('--accept-withdrawals', 'repairs')).stderr).toContain('Allowed choices are machines, halls.')
  }, 30_000)
})

describe('--job', () => {
  const file = (text: string) => join(writeFiles(emptyFolder(), { 'job.mjs': text }), 'job.mjs')
  const run = (job: string) => supportEtl(['run', '--job', job, '--data', data, '--out', join(root, 'unused')])

  it.each([
    ['no file', () => join(dirname(WORKSHOP), 'jobs.ts'), /there is no such file \(did you mean .*job\.ts\?\)/],
    ['no job', () => file('export const job = 1'), /it exports neither a job of defineJob nor a system/],
    ['a module with a fault', () => file('export const job = ('), /the module cannot be loaded: .+/],
    ['a module that throws', () => file('throw new Error("no key")'), /the module cannot be loaded: no key/],
    ['a name of nothing', () => 'suport', /is neither a job of this program nor a file: did you mean "support"\?/],
  ])('refuses %s', async (_, job, message) => {
    const { status, stdout, stderr } = await run(job())
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  it('takes the job that the log names where a module exports several', async () => {
    const several = file(`
      const job = { name: 'a', options: {}, tables: {}, rollups: {}, outputs: {} }
      export const jobs = { name: 'x', jobs: async () => [job, { ...job, name: 'b' }] }`)
    expect((await run(several)).stderr).toContain('it exports the jobs a, b; export the one that is meant as default')
  })

  it('takes the name of a job of the program', async () => {
    const { status, stdout } = await supportEtl(['check', '--job', 'support', '--data', SAMPLE])
    expect([status, stdout]).toEqual([0, expect.stringContaining('files read')])
  })

  it('says which job a place holds when it is another one', async () => {
    const { status, stderr } = await supportEtl(['run', '--job', 'support', '--data', SAMPLE, '--out', out])
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(
        'error: this place holds the state of job "workshop", not of "support"; give --out to use another place\n',
      ),
    ])
  })
})
