/** A run on an engine says how far it is: which part of the work on a table or a rollup runs, and every second for how long. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import { openDuckdb } from '../../../src/engine/index.ts'
import { toldParts } from '../../../src/engine/state/told-parts.ts'
import { type Progress, runPipeline } from '../../../src/pipeline/index.ts'
import { supportJob } from '../../../src/systems/support/index.ts'
import { exerciseData } from './exercise-data.ts'
import { supportState } from './same-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-told-progress-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.useRealTimers())

/** The parts that were told, as text; one that is told again counts once. */
function partsOf(told: readonly Progress[]): string[] {
  const texts = told.flatMap(({ step, name, part }) => (part ? [`${step} ${name} ${part.number} of ${part.of}`] : []))
  return texts.filter((text, at) => text !== texts[at - 1])
}

const parts = (name: string, of: number) => Array.from({ length: of }, (_, at) => `apply ${name} ${at + 1} of ${of}`)

describe('a run on DuckDB', () => {
  it('tells each part of its work, from the first to the last one', { timeout: 60_000 }, async () => {
    const { files, options } = exerciseData()
    const out = supportState({ out: join(folder, 'out'), engine: 'duckdb' })
    const run = async (isIncluded: (name: string) => boolean): Promise<string[]> => {
      const told: Progress[] = []
      const data = memoryStore(Object.fromEntries(Object.entries(files).filter(([name]) => isIncluded(name))))
      const given = { data, out, ...options, maxQuarantined: 1 }
      await runPipeline(supportJob, given, { onProgress: (progress) => told.push(progress) })
      return partsOf(told).filter((text) => / (interactions|support_cube) /.test(text))
    }
    const first = await run((name) => name.startsWith('initial/'))
    // the extract is looked through for repeated keys, then it is the table
    expect(first).toEqual([...parts('interactions', 1), ...parts('interactions', 2), ...parts('support_cube', 2)])
    const deltas = await run(() => true)
    // the rows before the deltas, the fold, and the cells that it changes
    expect(deltas).toEqual([...parts('interactions', 3), ...parts('interactions', 3), ...parts('support_cube', 6)])
    await out.close()
  })
})

describe('toldParts', () => {
  it('tells every second how many rows the statement has read, until it ends', async () => {
    vi.useFakeTimers()
    const told: object[] = []
    let rows = 0
    const progress = () => {
      rows += 10
      return rows > 10 ? { rows, total: 40 } : null
    }
    const run = toldParts((each) => told.push(each), { progress }, 'agents', 2)
    let end = (_: string): void => {}
    const running = run(() => new Promise<string>((resolve) => (end = resolve)))
    await vi.advanceTimersByTimeAsync(2500)
    end('done')
    expect(await running).toBe('done')
    await vi.advanceTimersByTimeAsync(5000)
    const part = { number: 1, of: 2 }
    expect(told).toEqual([
      { name: 'agents', part, done: null, total: null },
      { name: 'agents', part, done: null, total: null },
      { name: 'agents', part, done: 20, total: 40, rows: 20 },
    ])
  })

  it('stops telling where the work fails', async () => {
    vi.useFakeTimers()
    const told: object[] = []
    const run = toldParts((each) => told.push(each), {}, 'agents', 1)
    await expect(run(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
    await vi.advanceTimersByTimeAsync(5000)
    expect(told).toHaveLength(1)
  })
})

describe('openDuckdb', () => {
  it('says how many rows a statement has read while it runs', { timeout: 60_000 }, async () => {
    const connection = await openDuckdb({ file: null, threads: 1 })
    const seen: number[] = []
    const timer = setInterval(() => {
      const found = connection.progress?.() ?? null
      if (found !== null) seen.push(found.rows / found.total)
    }, 20)
    await connection.exec('CREATE TABLE many AS SELECT i, hash(i) AS word FROM range(3000000) AS r(i)')
    await connection.exec('CREATE TABLE sorted AS SELECT i, row_number() OVER (ORDER BY word) AS n FROM many')
    clearInterval(timer)
    await connection.close()
    expect(seen.length).toBeGreaterThan(2)
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...seen)).toBeLessThanOrEqual(1)
    expect(new Set(seen).size).toBeGreaterThan(1)
  })
})
