import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parquetFrame } from '../../../src/format/parquet/parquet.ts'
import { report as referenceReport, replay, sourceFiles } from '../../systems/support/reference.ts'
import { emptyFolder, SAMPLE, supportEtlHere as supportEtl, supportEtl as supportEtlProcess } from '../command-line.ts'

const { tables } = replay(sourceFiles(SAMPLE))
/** A state that tests only read. */
let out = ''
let first = supportEtlProcess(['--version'])

beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'support-etl-state-'))
  first = supportEtlProcess(['run', '--data', SAMPLE, '--out', out])
})
afterAll(() => rmSync(out, { recursive: true, force: true }))

const expectedReport = () => readFileSync(join(SAMPLE, 'expected', 'support_report.csv'), 'utf8')
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { mtimeMs, size } = statSync(join(folder, name))
    return [name, size, mtimeMs]
  })

describe('support-etl run', () => {
  it('tells what each file did, what stands now and which copies were published', () => {
    expect([first.status, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toMatch(/^committed version 1 to /)
    expect(first.stdout).toMatch(/delta\/interactions_delta_202503\.csv +29 +26 +2 +0 +1 +0 +0\n/)
    expect(first.stdout).toMatch(/\ninteractions +68\nagents +11\ncontact_centers +4\nservice_categories +8\n/)
    expect(first.stdout).toContain(`${out}/support_report.csv\n`)
    expect(readFileSync(join(out, 'support_report.csv'), 'utf8')).toBe(expectedReport())
  })

  it('finds nothing to do the second time, and touches no file', async () => {
    const before = filesOf(out)
    const again = await supportEtl(['run', '--data', SAMPLE, '--out', out])
    expect([again.status, again.stdout]).toEqual([
      0,
      `nothing to do: ${out} is at version 1, ${SAMPLE} has nothing new\n`,
    ])
    expect(filesOf(out)).toEqual(before)
  })

  it('tells what it would do and writes nothing with --dry-run', async () => {
    const empty = emptyFolder()
    const { status, stdout } = await supportEtl([
      'run',
      '--data',
      SAMPLE,
      '--out',
      empty,
      '--dry-run',
      '--months',
      '202502',
    ])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^would apply what is new\n/)
    expect(stdout).toMatch(/delta\/agents_delta_202502\.csv +apply\n/)
    expect(stdout).toMatch(/delta\/agents_delta_202503\.csv +skip: not selected\n/)
    expect(readdirSync(empty)).toEqual([])
  })

  it('tells which copies it would put right with --dry-run', async () => {
    const folder = emptyFolder()
    const args = ['run', '--data', SAMPLE, '--out', folder]
    await supportEtl(args)
    rmSync(join(folder, 'agents.csv'))
    const before = filesOf(folder)
    const { status, stdout } = await supportEtl([...args, '--dry-run'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^would repair copies: everything is applied\n/)
    expect(stdout).toMatch(/\nagents\.csv +write the copy again: it is missing or differs\n/)
    expect(filesOf(folder)).toEqual(before)
    expect((await supportEtl(args)).stdout).toMatch(/^copies written again; /)
    expect((await supportEtl([...args, '--dry-run'])).stdout).toMatch(/^would do nothing: everything is applied\n/)
  })

  it('gives the status of the refusal when a dry run would be refused', async () => {
    const empty = emptyFolder()
    const { status, stdout, stderr } = await supportEtl([
      'run',
      '--data',
      SAMPLE,
      '--out',
      empty,
      '--dry-run',
      '--months',
      '202503',
      '--json',
    ])
    expect(status).toBe(3)
    expect(JSON.parse(stdout).refusals).toMatchObject([{ code: 'month_pending' }])
    expect(stderr).toMatch(/^error: month 2025-02 must be applied before 2025-03: .*\n {2}code {6}month_pending /)
  })

  it('takes months, formats and copies, and inherits them', async () => {
    const folder = emptyFolder()
    const options = ['--format', 'json', '--publish', 'report,dimensions', '--time-zone', 'UTC']
    expect(
      (await supportEtl(['run', '--data', SAMPLE, '--out', folder, '--months', '202502', ...options])).status,
    ).toBe(0)
    const { stdout } = await supportEtl(['run', '--data', SAMPLE, '--out', folder, '--months', '202503', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'committed',
      commit: 2,
      options: { format: 'json', timeZone: 'UTC' },
    })
    expect(readdirSync(folder).sort()).toEqual([
      '.support-etl',
      'agents.json',
      'contact_centers.json',
      'service_categories.json',
      'support_report.json',
    ])
    const rows = JSON.parse(readFileSync(join(folder, 'support_report.json'), 'utf8')) as Record<string, unknown>[]
    expect(rows.map((row) => Object.values(row))).toEqual(referenceReport(tables, { timeZone: 'UTC' }))
  })

  it('removes the copies that it no longer publishes, and shows those that are left over', async () => {
    const folder = emptyFolder()
    await supportEtl(['run', '--data', SAMPLE, '--out', folder, '--publish', 'report,agents'])
    const leftover = readFileSync(join(folder, 'agents.csv'))
    writeFileSync(join(folder, 'support_report.csv'), 'mine\n')
    const { stdout, stderr } = await supportEtl(['run', '--data', SAMPLE, '--out', folder, '--format', 'json'])
    expect(stdout).toContain(`\nremoved: no longer published\n  ${folder}/agents.csv\n`)
    expect(stderr).toBe('support_report.csv: was changed after it was published; it stays, and is no longer kept up\n')
    expect(readdirSync(folder).sort()).toEqual([
      '.support-etl',
      'agents.json',
      'support_report.csv',
      'support_report.json',
    ])

    writeFileSync(join(folder, 'agents.csv'), leftover)
    expect((await supportEtl(['status', '--out', folder, '--data', SAMPLE])).stdout).toMatch(
      /\nagents\.csv +no longer published; the next run removes it\n/,
    )
    expect((await supportEtl(['run', '--data', SAMPLE, '--out', folder])).stdout).toBe(
      `copies of an earlier version removed; ${folder} is at version 2\n\nremoved: no longer published\n  ${folder}/agents.csv\n`,
    )
  })

  it('publishes no copy where none is wanted, and removes those of the version before', async () => {
    const folder = emptyFolder()
    await supportEtl(['run', '--data', SAMPLE, '--out', folder])
    const { status, stdout } = await supportEtl(['run', '--data', SAMPLE, '--out', folder, '--publish', 'none'])
    expect([status, readdirSync(folder)]).toEqual([0, ['.support-etl']])
    expect(stdout).toContain(`\nremoved: no longer published\n  ${folder}/support_report.csv\n`)
    const fresh = emptyFolder()
    const first = await supportEtl(['run', '--data', SAMPLE, '--out', fresh, '--publish', 'none'])
    expect([first.status, readdirSync(fresh)]).toEqual([0, ['.support-etl']])
    expect(first.stdout).not.toContain('published')
  })

  it('refuses to overwrite a file that is not its own', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'agents.csv'), 'mine\n')
    const { status, stderr } = await supportEtl(['run', '--data', SAMPLE, '--out', folder])
    expect([status, stderr]).toEqual([
      2,
      [
        `error: ${folder} holds agents.csv, which no run of this place wrote and a copy would overwrite; move the file, or give --out to use another place, or give --publish to publish fewer copies`,
        '  code      file_exists (support-etl errors file_exists)',
        '',
      ].join('\n'),
    ])
    expect(readdirSync(folder)).toEqual(['agents.csv'])
  })

  it('sets bad rows aside, warns and goes on', async () => {
    const data = emptyFolder()
    cpSync(SAMPLE, data, { recursive: true })
    const bad =
      'agent_id,full_name,contact_center_id,hire_date,category_id,action\nA31,Ola Vik,010,yesterday,OUTG,add\n'
    writeFileSync(join(data, 'delta', 'agents_delta_202504.csv'), bad)
    const out = emptyFolder()
    const { status, stderr } = await supportEtl(['run', '--data', data, '--out', out])
    expect(status).toBe(0)
    const line = `support-etl quarantine --out ${out}`
    expect(stderr).toContain(`warning: 1 row waits in quarantine; ${line} shows what does not fit\n`)
  })

  it('says on a level for finding out why', async () => {
    const { stderr } = await supportEtl(['run', '--data', SAMPLE, '--out', emptyFolder(), '--log-level', 'debug'])
    expect(stderr).toContain('debug: committed version 1\n')
  })
})

describe('support-etl report', () => {
  it('prints the report as a table, numbers to the right', async () => {
    const { status, stdout, stderr } = await supportEtl(['report', '--out', out])
    expect([status, stderr]).toEqual([0, ''])
    const [source = '', , ...lines] = stdout.split('\n')
    expect(source).toMatch(/, version \d; months are those of interaction_start in America\/New_York$/)
    expect(lines[0]).toBe(
      'month    contact_center_name  department  total_interactions  total_calls  total_call_duration',
    )
    expect(lines[2]).toBe(
      '2025-01  Columbus OH          Accounts                     3            2                 25',
    )
    expect(lines).toHaveLength(2 + 25 + 1)
  })

  it('prints CSV and JSON as they are published', async () => {
    expect((await supportEtl(['report', '--out', out, '--format', 'csv'])).stdout).toBe(expectedReport())
    const rows = JSON.parse((await supportEtl(['report', '--out', out, '--format', 'json'])).stdout) as object[]
    expect(rows.map((row) => Object.values(row))).toEqual(referenceReport(tables))
  })

  it('prints Parquet into a pipe', async () => {
    const { stdout } = supportEtlProcess(['report', '--out', out, '--format', 'parquet'], { encoding: 'latin1' })
    const frame = await parquetFrame(new Uint8Array(Buffer.from(stdout, 'latin1')))
    expect([...frame.columns.keys()].at(-1)).toBe('total_call_duration')
    expect([...(frame.columns.get('total_interactions') ?? [])]).toEqual(referenceReport(tables).map((row) => row[3]))
  })

  it('says for machines of which version, zone and month column it is', async () => {
    const { stdout } = await supportEtl(['report', '--out', out, '--as-of', '202502', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      commit: 1,
      asOf: '2025-02',
      timeZone: 'America/New_York',
      monthFrom: 'interaction_start',
    })
  })

  it('shows the past with the dimensions of the past', async () => {
    const { stdout } = await supportEtl(['report', '--out', out, '--as-of', '2025-02', '--format', 'json'])
    const rows = JSON.parse(stdout) as object[]
    expect(rows.map((row) => Object.values(row))).toEqual(referenceReport(replay(sourceFiles(SAMPLE), '202502').tables))
  })

  it('shows the state as a commit left it', async () => {
    const { stdout } = await supportEtl(['report', '--out', out, '--as-of', 'commit:1', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ commit: 1, asOf: 'commit:1' })
    const { status, stderr } = await supportEtl(['report', '--out', out, '--as-of', 'commit:9'])
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('--as-of "commit:9" is after the last commit, commit:1'),
    ])
  })

  it('refuses a month that is none', async () => {
    const { status, stderr } = await supportEtl(['report', '--out', out, '--as-of', '202513'])
    expect(status).toBe(2)
    expect(stderr).toContain('"202513" is no month')
  })
})

describe('support-etl answers', () => {
  it('answers the three questions with the figures behind them', async () => {
    const { status, stdout, stderr } = await supportEtl(['answers', '--out', out])
    expect([status, stderr]).toEqual([0, ''])
    const months = 'in 2025-Q1 (2025-01 to 2025-03)'
    expect(stdout).toContain(`1. Interactions per contact center ${months}: 67 in all\n`)
    expect(stdout).toMatch(/Portland ME +22\n +Columbus OH +18\n +Savannah GA +14\n +Tampa FL +13\n/)
    expect(stdout).toContain(`2. The month with the most interactions ${months}: 2025-02, with 23 interactions\n`)
    expect(stdout).toContain(`3. The longest average call ${months}: Portland ME, 13.22 minutes\n`)
    expect(stdout).toContain(
      "Why: 14 of Portland ME's 16 calls go on after the agent has resolved them, by 6.96 minutes on average;",
    )
    expect(stdout).toContain('all 14 rated calls are among them: a survey after the call.')
    expect(stdout).toContain('Columbus OH 11.87, Savannah GA 10.38, Tampa FL 10.00, Portland ME 7.13.')
    expect(stdout).toContain(
      'The ranking reverses: Portland ME is first of 4 by call length and last by handle time; Columbus OH takes longest.',
    )
  })

  it('says what months of UTC would give', async () => {
    const { stdout } = await supportEtl(['answers', '--out', out])
    expect(stdout).toContain('With months of UTC, 4 of all 68 interactions would be in another month.\n')
    expect(stdout).toContain('Answer 1 changes: Portland ME 22, Columbus OH 18, Savannah GA 13, Tampa FL 13.\n')
    expect(stdout).toContain('Answer 2 changes: the busiest month would be 2025-03, with 23 interactions.\n')
    expect(stdout).toContain('Answer 3 stays.\n')
    const utc = emptyFolder()
    await supportEtl(['run', '--data', SAMPLE, '--out', utc, '--time-zone', 'UTC'])
    const told = JSON.parse((await supportEtl(['answers', '--out', utc, '--json'])).stdout)
    const { inUtc } = JSON.parse((await supportEtl(['answers', '--out', out, '--json'])).stdout)
    expect(inUtc).toEqual({
      interactions: 68,
      monthChanges: 4,
      interactionsByContactCenter: told.interactionsByContactCenter,
      busiestMonth: told.busiestMonth,
      longestAverageCall: told.longestAverageCall,
    })
    expect([told.inUtc, told.utcExplanation]).toEqual([null, []])
  })

  it('takes another quarter, or all months, for every answer', async () => {
    const asked = (quarter: string) => supportEtl(['answers', '--out', out, '--quarter', quarter])
    expect(
      JSON.parse((await supportEtl(['answers', '--out', out, '--quarter', '2025-Q2', '--json'])).stdout),
    ).toMatchObject({
      quarter: '2025-Q2',
      months: ['2025-04', '2025-05', '2025-06'],
      interactionsByContactCenter: [{ contact_center_name: 'Portland ME', total_interactions: 1 }],
      busiestMonth: { month: '2025-04', total_interactions: 1 },
      longestAverageCall: { contact_center_name: 'Portland ME', total_calls: 1, total_call_duration: 15 },
      calls: [{ contact_center_name: 'Portland ME', total_calls: 1 }],
    })
    expect((await asked('2025-Q2')).stdout).toContain(
      'in 2025-Q2 (2025-04 to 2025-06; the report has 2025-04): 1 in all\n',
    )
    expect((await asked('2024-Q4')).stdout).toContain('; the report has none of them): none\n')
    const { stdout } = await asked('all')
    expect(stdout).toContain('in all months, 2025-01 to 2025-04: 68 in all\n')
    expect(stdout).toContain('in all months, 2025-01 to 2025-04: Portland ME, 13.32 minutes\n')
    expect(await asked('2025-Q5')).toMatchObject({ status: 2, stderr: expect.stringContaining('expected a quarter') })
  })

  it('says that there is nothing to read, and what to do', async () => {
    const { status, stdout, stderr } = await supportEtl(['answers', '--out', emptyFolder(), '--json'])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'nothing_committed' } })
    expect(stderr).toMatch(/^error: .* holds no committed state; run the pipeline first/)
  })
})

describe('support-etl status', () => {
  it('tells the version, its tables and copies, and what waits', async () => {
    const folder = emptyFolder()
    await supportEtl(['run', '--data', SAMPLE, '--out', folder, '--months', '202502'])
    const { status, stdout } = await supportEtl(['status', '--out', folder, '--data', SAMPLE])
    expect(status).toBe(0)
    expect(stdout).toMatch(/version 1, committed \d{4}-\d\d-\d\dT/)
    expect(stdout).toMatch(/\ncontact_centers +3 +1 +initial\/contact_centers\.csv\n/)
    expect(stdout).toMatch(/\nsupport_report\.csv +\d+ +intact\n/)
    expect(stdout).toMatch(/pending in .*:\n {2}delta\/interactions_delta_202503\.csv\n/)
  })

  it('tells machines the same', async () => {
    const { stdout } = await supportEtl(['status', '--out', out, '--data', SAMPLE, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ commit: 1, tables: { interactions: 68 }, pending: [], lock: null })
  })
})

describe('support-etl explain', () => {
  const line = ['--month', '2025-02', '--contact-center', 'Portland ME', '--department', 'Network']

  it('lists the rows behind a figure with the lines they came from', async () => {
    const { status, stdout, stderr } = await supportEtl(['explain', '--out', out, '--data', SAMPLE, ...line])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(
      '2025-02, Portland ME, Network: total_interactions 3, total_calls 3, total_call_duration 36\n',
    )
    const raw = readFileSync(join(SAMPLE, 'delta', 'interactions_delta_202503.csv'), 'utf8').split('\r\n')[1]
    expect(stdout).toMatch(/0301 .* delta\/interactions_delta_202503\.csv +1 +2 +0301,/)
    expect(stdout).toContain(`${raw}\n`)
  })

  it('gives every line of the report the figures that the report gives', async () => {
    const report = JSON.parse((await supportEtl(['report', '--out', out, '--format', 'json'])).stdout) as Record<
      string,
      string
    >[]
    for (const row of report.filter((_, at) => at % 6 === 0)) {
      const { month = '', contact_center_name = '', department = '', ...figures } = row
      const cells = ['--month', month, '--contact-center', contact_center_name, '--department', department]
      const { stdout } = await supportEtl(['explain', '--out', out, '--data', SAMPLE, ...cells, '--json'])
      expect(JSON.parse(stdout)).toMatchObject({ ...figures, unread: [] })
    }
  })

  it('counts calls and durations as the report does, whatever their cells hold', async () => {
    const [data, folder] = [emptyFolder(), emptyFolder()]
    cpSync(SAMPLE, data, { recursive: true })
    const calls = ['NaN', '-0.0000005', '', '0.0000005', '1.0000005', '-1.5'].map((minutes, at) => {
      const channel = [' Phone ', 'PHONE', 'phone'][at % 3]
      return `X${at},2031-03-04T15:00:00Z,${channel},,,,2031-03-04T15:00:00Z,,,${minutes},`
    })
    const header = readFileSync(join(SAMPLE, 'initial', 'interactions.csv'), 'utf8').split(/\r?\n/)[0]
    const action = calls.map((line) => `${line},add`)
    writeFileSync(join(data, 'delta', 'interactions_delta_203103.csv'), [`${header},action`, ...action, ''].join('\n'))
    expect((await supportEtl(['run', '--data', data, '--out', folder])).status).toBe(0)
    const report = JSON.parse((await supportEtl(['report', '--out', folder, '--json'])).stdout) as {
      rows: Record<string, unknown>[]
    }
    const figures = report.rows.find(({ month }) => month === '2031-03')
    expect(figures).toMatchObject({ total_interactions: 6, total_calls: 6, total_call_duration: -0.499999 })
    const cells = ['--month', '2031-03', '--contact-center', 'Unknown', '--department', 'Unknown']
    const explained = ['explain', '--out', folder, '--data', data, ...cells]
    expect(JSON.parse((await supportEtl([...explained, '--json'])).stdout)).toMatchObject(figures ?? {})
    expect((await supportEtl(explained)).stdout).toContain(
      'total_interactions 6, total_calls 6, total_call_duration -0.499999',
    )
  })

  it('says when a source file has changed since it was applied', async () => {
    const { status, stdout, stderr } = await supportEtl(['explain', '--out', out, '--data', emptyFolder(), ...line])
    expect(status).toBe(0)
    expect(stdout).toContain('0206')
    expect(stderr).toMatch(/warning: .*\/delta\/interactions_delta_202502\.csv is not there: its lines cannot be shown/)
  })

  it('shows the row that was applied where the line is another one now', async () => {
    const data = emptyFolder()
    cpSync(SAMPLE, data, { recursive: true })
    const file = 'delta/interactions_delta_202502.csv'
    const explained = ['explain', '--out', out, '--data', data, ...line]
    const known = JSON.parse((await supportEtl([...explained, '--json'])).stdout)
    expect(known.rows.every(({ stored }: { stored: unknown }) => stored === null)).toBe(true)
    writeFileSync(join(data, file), readFileSync(join(SAMPLE, file), 'utf8').replaceAll('0206', '9999'))
    const { stdout, stderr } = await supportEtl(explained)
    expect(stderr).toContain(`${file} has changed since it was applied`)
    expect(stdout).not.toContain('9999')
    const [before = '', applied = ''] = stdout.split('as applied to interactions, where the line cannot be shown')
    expect(before).toContain('line in the file')
    expect(applied).toMatch(/^file +row +interaction_id +timestamp/m)
    expect(applied).toMatch(new RegExp(`^${file} +\\d+ +0206 +2025-02-`, 'm'))
    const { rows, unread } = JSON.parse((await supportEtl([...explained, '--json'])).stdout)
    expect(unread).toEqual([{ file, reason: 'changed' }])
    const row = rows.find(({ interaction_id: id }: { interaction_id: string }) => id === '0206')
    expect(row.source).toBeNull()
    expect(row.stored).toMatchObject({ interaction_id: '0206', timestamp: row.timestamp })
    expect(Object.keys(row.stored).filter((name) => name.startsWith('_'))).toEqual([])
  })

  it('refuses a line that the report does not have', async () => {
    const { status, stderr } = await supportEtl(['explain', '--out', out, ...line.slice(0, -1), 'Networks'])
    expect(status).toBe(2)
    expect(stderr).toContain('support_report has no line for "2025-02", "Portland ME", "Networks"')
  })
})

describe('support-etl history', () => {
  it('shows the versions of one row, and where each came from', async () => {
    const { status, stdout } = await supportEtl([
      'history',
      '--out',
      out,
      '--table',
      'agents',
      '--key',
      'A06',
      '--json',
    ])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([
      {
        agent_id: 'A06',
        contact_center_id: '030',
        valid_to: '2025-02',
        is_deleted: true,
        version: 1,
        _file: 'initial/agents.csv',
        _row: 6,
      },
      {
        agent_id: 'A06',
        contact_center_id: '040',
        valid_from: '2025-03',
        valid_to: null,
        is_deleted: false,
        version: 2,
        _row: 3,
      },
    ])
  })

  it('shows the versions of all rows as a table', async () => {
    const { stdout } = await supportEtl(['history', '--out', out, '--table', 'contact_centers'])
    expect(stdout.split('\n')[0]).toMatch(
      /^contact_center_id +version +valid_from +valid_to +is_deleted +contact_center_name/,
    )
    expect(stdout.split('\n')).toHaveLength(2 + 5 + 1)
  })

  it('refuses a key that never was', async () => {
    const { status, stderr } = await supportEtl(['history', '--out', out, '--table', 'agents', '--key', 'A99'])
    expect(status).toBe(2)
    expect(stderr).toContain('agents never had a row with this agent_id')
    expect(stderr).toContain('found     A99')
  })
})

describe('support-etl check', () => {
  it('finds what is odd in the sample, and nothing wrong', async () => {
    const { status, stdout } = await supportEtl(['check', '--data', SAMPLE])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^11 files read, 110 rows\n/)
    expect(stdout).toContain('legal, but odd: 7 findings')
    expect(stdout).toContain('1 interaction would be in another month in the zone EST')
    expect(stdout).not.toContain('a run would')
  })

  it('gives the status that a run would give', async () => {
    const data = emptyFolder()
    cpSync(SAMPLE, data, { recursive: true })
    writeFileSync(join(data, 'delta', 'agents_delta_202504.csv'), '')
    const { status, stdout } = await supportEtl(['check', '--data', data, '--json'])
    expect(status).toBe(3)
    expect(JSON.parse(stdout).findings).toContainEqual(
      expect.objectContaining({ severity: 'refused', code: 'empty_file' }),
    )
  })
})

describe('support-etl verify', () => {
  it('finds everything as the log says', async () => {
    const { status, stdout } = await supportEtl(['verify', '--out', out])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^1 commit, \d+ files, [\d,]+ bytes checked\neverything is as the log says\n$/)
  })

  it('finds what was changed, fails, and repairs copies', async () => {
    const folder = emptyFolder()
    await supportEtl(['run', '--data', SAMPLE, '--out', folder])
    writeFileSync(join(folder, 'agents.csv'), 'mine\n')
    const found = await supportEtl(['verify', '--out', folder])
    expect(found.status).toBe(1)
    expect(found.stdout).toMatch(/\nagents\.csv +copy +differs\n/)
    expect(found.stderr).toContain(`support-etl verify --out ${folder} --repair writes the copies again`)
    expect((await supportEtl(['verify', '--out', folder, '--repair'])).status).toBe(0)
    expect(readFileSync(join(folder, 'agents.csv'), 'utf8')).toBe(
      readFileSync(join(SAMPLE, 'expected', 'agents.csv'), 'utf8'),
    )
  })
})

describe('support-etl gc', () => {
  it('lists, removes with --remove, and leaves the state alone', async () => {
    const folder = emptyFolder()
    await supportEtl(['run', '--data', SAMPLE, '--out', folder])
    const stray = join(folder, '.support-etl', 'data', 'agents-0123456789abcdef.arrow')
    writeFileSync(stray, 'left by a run that died')
    const listed = await supportEtl(['gc', '--out', folder, '--grace-days', '0'])
    expect([listed.status, existsSync(stray)]).toEqual([0, true])
    expect(listed.stdout).toMatch(
      /agents-0123456789abcdef\.arrow +23 +unreferenced\n\n1 file, 23 bytes would be removed by --remove\n/,
    )
    expect((await supportEtl(['gc', '--out', folder, '--remove'])).stdout).toBe(`nothing to remove in ${folder}\n`)
    expect((await supportEtl(['gc', '--out', folder, '--remove', '--grace-days', '0'])).stdout).toContain(
      '1 file, 23 bytes removed',
    )
    expect(existsSync(stray)).toBe(false)
    expect((await supportEtl(['verify', '--out', folder])).status).toBe(0)
  })
})
