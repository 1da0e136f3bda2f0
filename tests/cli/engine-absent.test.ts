/** `run --engine` where no server listens, or where the host has no address: the run says so within seconds. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SAMPLE } from './command-line.ts'
import { typed, wideLines } from './typed.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-engine-absent-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** With half a minute of attempts, which a server that breaks during a run gets, the runs would take longer. */
const SOON = 15_000

describe('run --engine without a server', () => {
  it.each([
    ['nobody listens', 'sc://127.0.0.1:1/;token=secret'],
    // no part of a name is that long, so that no name server is asked
    ['the host has no address', `sc://${'x'.repeat(64)}.invalid:15002/;token=secret`],
  ])(
    'says that none answers where %s, repeats no token, and leaves no state',
    { timeout: SOON },
    async (_, address) => {
      const out = join(base, 'out')
      const shown = await typed(80, ['run', '--data', SAMPLE, '--out', out, '--engine-url', address])
      expect(shown.status).toBe(1)
      expect(wideLines(shown, 80)).toEqual([])
      expect(shown.stderr.replaceAll(/\s+/g, ' ')).toContain('no Spark Connect server answers at the address')
      expect(shown.stderr).not.toContain('secret')
      expect(existsSync(join(out, 'engine.json'))).toBe(false)
    },
  )
})
