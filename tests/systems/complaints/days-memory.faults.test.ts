/** The memory of `complaints run` does not grow with the days that it lands. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { supportEtlSource } from '../../cli/command-line.ts'

const bench = join(import.meta.dirname, '..', '..', '..', 'bench')
/** Each complains 0.28 times a day. */
const [CUSTOMERS, ROWS] = [72_000, 20_000]

describe('complaints run', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'support-etl-complaint-days-'))
  })
  afterAll(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })

  /** Lands so many days in a process of its own, which counts what it landed and its peak memory in MiB. */
  const run = (days: number): { readonly rows: number; readonly peakMemory: number } => {
    const world = join(folder, `world-${days}`)
    const size = ['--customers', String(CUSTOMERS), '--days', String(days)]
    const made = supportEtlSource(['complaints', 'generate', ...size, '--out', world])
    expect(made.status, made.stderr).toBe(0)
    const script = [join(bench, 'complaints-child.ts'), world, join(folder, `lake-${days}`)]
    const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=support-etl-source', ...script], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout)
  }

  it('takes no more for 40 days than for 10', { timeout: 600_000 }, ({ task }) => {
    const [few, many] = [run(10), run(40)]
    // the same customers, and 30 days more
    expect((many.rows - few.rows) / 30).toBeGreaterThan(ROWS)
    expect(many.peakMemory / few.peakMemory).toBeLessThan(1.1)
    const name = 'days of 20,000 complaints, MiB at most (varies)'
    task.meta.figures = { [`10 ${name}`]: Math.round(few.peakMemory), [`40 ${name}`]: Math.round(many.peakMemory) }
  })
})
