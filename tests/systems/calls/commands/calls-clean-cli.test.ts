import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine, line, temporaryFolder } from '../places.ts'

const lines = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join('')

describe('support-etl calls clean, of a log that can hardly be read', () => {
  /** A folder with published calls, and a log of 40 rows, of which 29 are refused. */
  async function spoilt(): Promise<{ readonly args: readonly string[]; readonly hashes: () => string[] }> {
    const folder = temporaryFolder()
    const path = (name: string) => join(folder, name)
    writeFileSync(path('agents.csv'), 'agent_id,name,region\nA1,Ada,North\n')
    writeFileSync(
      path('calls.json'),
      lines(50, (at) => line({ call_id: `c${at}` })),
    )
    const args = ['calls', 'agents', 'output', 'manifest'].flatMap((name, at) => [
      `--${name}`,
      path(['calls.json', 'agents.csv', 'calls.parquet', 'manifest.json'][at] as string),
    ])
    expect((await commandLine('calls', 'clean', ...args)).status).toBe(0)
    writeFileSync(
      path('calls.json'),
      lines(40, (at) => line({ call_id: at, end_time: at < 29 ? 'n/a' : '2026-01-01T00:00:00Z' })),
    )
    const hashes = () =>
      ['calls.parquet', 'manifest.json'].map((name) =>
        createHash('md5')
          .update(readFileSync(path(name)))
          .digest('hex'),
      )
    return { args, hashes }
  }

  it('ends with 3, changes nothing, and advises what works', async () => {
    const { args, hashes } = await spoilt()
    const before = hashes()
    const { status, stderr, stdout } = await commandLine('calls', 'clean', ...args)
    expect([status, stdout, hashes()]).toEqual([3, '', before])
    expect(stderr).toContain('29 of 40 rows cannot be used, more than 5 %')
    expect(stderr).toContain('lines 1, 2, 3, 4, 5, 6 and 23 more')
    expect(stderr).not.toMatch(/maxQuarantined|support-etl check/)

    const [, share = ''] = /give --max-quarantined (\d+)% to leave them out/.exec(stderr) ?? []
    const [, flag = ''] = /give (--rejects) FILE to list/.exec(stderr) ?? []
    const rejects = join(temporaryFolder(), 'rejects.csv')
    const listed = await commandLine('calls', 'clean', ...args, flag, rejects)
    expect([listed.status, readFileSync(rejects, 'utf8').trim().split('\n').length]).toEqual([3, 30])
    expect(listed.stderr).toContain(`look at ${rejects}, which lists all refused rows`)
    const less = await commandLine('calls', 'clean', ...args, '--max-quarantined', `${Number(share) - 1}%`)
    expect([less.status, hashes()]).toEqual([3, before])
    const allowed = await commandLine('calls', 'clean', ...args, '--max-quarantined', `${share}%`)
    expect([allowed.status, allowed.stdout]).toEqual([0, expect.stringContaining(': 11 calls')])
  })

  it('tells a machine the same', async () => {
    const { args } = await spoilt()
    const { status, stdout } = await commandLine('calls', 'clean', ...args, '--json')
    const { error } = JSON.parse(stdout)
    expect([status, error.code, error.details.rows, error.details.rejected]).toEqual([
      3,
      'too_many_quarantined',
      40,
      29,
    ])
    expect(error.details.reasons).toEqual([{ reason: 'end_unreadable', rows: 29, lines: [1, 2, 3, 4, 5, 6] }])
  })

  it('advises no share where no row is left', async () => {
    const { args } = await spoilt()
    writeFileSync(args[1] as string, 'a,b\n1,2\n')
    const { status, stderr } = await commandLine('calls', 'clean', ...args)
    expect([status, stderr.includes('--max-quarantined')]).toEqual([3, false])
    expect(existsSync(args[5] as string)).toBe(true)
  })
})
