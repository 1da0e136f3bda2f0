/** `run --engine` where no server listens: it is asked again for half a minute, and then named as absent. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SAMPLE } from './command-line.ts'
import { typed, wideLines } from './typed.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-engine-absent-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

describe('run --engine without a server', () => {
  it('says that none answers, repeats no token, and leaves no state', async () => {
    const out = join(base, 'out')
    const address = 'sc://127.0.0.1:1/;token=secret'
    const shown = await typed(80, ['run', '--data', SAMPLE, '--out', out, '--engine-url', address])
    expect(shown.status).toBe(1)
    expect(wideLines(shown, 80)).toEqual([])
    expect(shown.stderr.replaceAll(/\s+/g, ' ')).toContain('no Spark Connect server answers at the address')
    expect(shown.stderr).not.toContain('secret')
    expect(existsSync(join(out, 'engine.json'))).toBe(false)
  }, 90_000)
})
