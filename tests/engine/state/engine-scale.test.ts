/** The command that measures tables larger than memory, with few rows: it ends equal, and says what it used. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-engine-scale-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const script = join(import.meta.dirname, '..', '..', '..', 'bench', 'engine-scale.ts')
const measured = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=support-etl-source', script, '--folder', folder, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  })

describe('bench/engine-scale.ts', () => {
  it('ends with the sums of the rows as they were made, and leaves nothing', { timeout: 130_000 }, () => {
    const { status, stdout, stderr } = measured('--rows', '20000', '--delta-rows', '1000', '--memory', '512MB')
    expect([stderr.includes('Error'), status]).toEqual([false, 0])
    expect(stderr).toMatch(/^about \d+ MiB of disk are needed in .*, and \d+ MiB are free\n/)
    expect(stderr).toMatch(/fold 2: [\d.]+ s, peak memory \d+ MiB, peak disk \d+ MiB\n/)
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ engine: 'duckdb', rows: 20_000, deltaRows: 1000, memory: '512MB' })
    expect(result.sums).toContain(`interactions ${result.rowsLeft}, calls `)
    expect(result.peakMemoryMiB).toBeGreaterThan(50)
    expect(readdirSync(folder)).toEqual([])
  })

  it('stops before it makes rows where there is too little disk, or too few rows', () => {
    const much = measured('--rows', '1000000000000')
    expect([much.status, much.stderr]).toEqual([1, expect.stringContaining('there is too little disk')])
    const few = measured('--rows', '100', '--delta-rows', '90')
    expect([few.status, few.stderr]).toEqual([1, expect.stringContaining('--rows has to be more than three times')])
    expect(readdirSync(folder)).toEqual([])
  })
})
