/** The runner of the conformance suite asks a program for its answers, and says what each is worth. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..', 'conformance')
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(folder, 'run.mjs'), ...args], { encoding: 'utf8', timeout: 60_000 })

/** A program that answers every case alike. */
const always = (answer: object): string[] => {
  const code = `require('node:readline').createInterface({ input: process.stdin }).on('line', () => console.log('${JSON.stringify(answer)}'))`
  return [process.execPath, '--eval', code]
}

describe('conformance/run.mjs', () => {
  it('finds the reference right in every case', () => {
    const reference = join(folder, 'engines', 'support-etl.mjs')
    const { stdout, stderr, status } = run(process.execPath, '--conditions=support-etl-source', reference)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^\d+ cases: \d+ refused, \d+ same\n$/)
    expect(status).toBe(0)
  })

  it('finds an engine wrong that always has no rows, and one that always fails', () => {
    const empty = run(...always({ rows: [] }))
    expect(empty.status).toBe(1)
    expect(empty.stdout).toMatch(/D17-1 wrong: [\s\S]* expected \[\[[\s\S]* answered \{"rows":\[\]\}/)
    expect(empty.stdout).toMatch(/D08-1 accepted/)
    const failing = run('--json', ...always({ error: 'no' }))
    const verdicts = JSON.parse(failing.stdout) as { id: string; verdict: string }[]
    expect(verdicts.find(({ id }) => id === 'D17-1')).toMatchObject({ verdict: 'stopped' })
    expect(verdicts.find(({ id }) => id === 'D08-1')).toMatchObject({ verdict: 'refused' })
  })

  it('says where a program ends early or is not there, and how it is used', () => {
    expect(run(process.execPath, '--eval', '0').stderr).toMatch(/ended before it answered D01-1/)
    expect(run('no-such-program').stderr).toMatch(/ENOENT/)
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringMatching(/^say which command/) })
  })
})
