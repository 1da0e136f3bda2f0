import { describe, expect, it } from 'vitest'
import { commandLine } from '../systems/calls/places.ts'
import { CODES } from '../terminal/error-codes.ts'
import { typed, wideLines } from './typed.ts'

describe('support-etl errors', () => {
  it('explains every code that the library has', async () => {
    const { stdout } = await commandLine('errors', '--json')
    const known = JSON.parse(stdout) as { code: string; meaning: string; cure: string; exit_status: number }[]
    expect(known.map(({ code }) => code).toSorted()).toEqual([...CODES].toSorted())
    for (const { code, meaning, cure, exit_status } of known) {
      expect([code, meaning !== '', cure !== ''], code).toEqual([code, true, true])
      expect([1, 2, 3, 75], code).toContain(exit_status)
      expect(`${meaning}${cure}`, code).not.toMatch(/\]\(|\*\*/)
    }
  })

  it('prints one of them, within the width of the terminal', async () => {
    const shown = await typed(80, ['errors', 'late_file'])
    expect(shown).toMatchObject({ status: 0, stderr: '' })
    expect(shown.stdout).toMatch(/^late_file\n\n[\s\S]+\n\nCure: [\s\S]+\n\nexit status 3\n$/)
    expect(wideLines(shown, 80)).toEqual([])
  })

  it('prints links as the files that they lead to, and gives a machine each part', async () => {
    const { stdout } = await commandLine('errors', 'log_damaged')
    expect(stdout).toMatchInlineSnapshot(`
      "log_damaged

      A commit record fails its checksum, or a number of the sequence is missing.

      Cure: Restore the log from a copy, or run into a new folder (recipes (docs/recovery.md)).

      exit status 1
      "
    `)
    expect(JSON.parse((await commandLine('errors', 'log_damaged', '--json')).stdout)).toMatchInlineSnapshot(`
      {
        "code": "log_damaged",
        "cure": "Restore the log from a copy, or run into a new folder (recipes (docs/recovery.md)).",
        "exit_status": 1,
        "meaning": "A commit record fails its checksum, or a number of the sequence is missing.",
        "topic": "Pipeline",
      }
    `)
  })

  it('lists them all with what they are about, in the order of the page', async () => {
    const { status, stdout, stderr } = await commandLine('errors')
    expect([status, stderr]).toEqual([0, ''])
    const lines = stdout.split('\n')
    expect(lines.slice(0, 3).map((line) => line.replace(/-{26,}/, '-----'))).toMatchInlineSnapshot(`
      [
        "code                     about",
        "-----------------------  -----",
        "invalid_contract         Contracts, columns and values",
      ]
    `)
    const listed = lines.slice(2, -1).map((line) => line.split(/ {2,}/))
    const known = JSON.parse((await commandLine('errors', '--json')).stdout)
    expect(listed).toEqual(known.map(({ code, topic }: { code: string; topic: string }) => [code, topic]))
  })

  it('refuses a code that does not exist, with the one that was meant', async () => {
    const { status, stderr } = await commandLine('errors', 'late_fil')
    expect(status).toBe(2)
    expect(stderr).toContain('there is no code "late_fil": did you mean "late_file"?')
  })

  it('is named by the errors themselves', async () => {
    const { stderr } = await commandLine('errors', 'none')
    expect(stderr).toContain('  code      invalid_option (support-etl errors invalid_option)\n')
  })
})
