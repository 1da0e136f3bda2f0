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
