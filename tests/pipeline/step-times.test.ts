/** What the last run took, step by step: told by status, and no part of what is committed. */
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { csv, defineJob, readStatus, runPipeline, snapshots } from '../../src/pipeline/index.ts'
import { StepTimes } from '../../src/pipeline/step-times.ts'
import { defineTable, key, string } from '../../src/table/contract.ts'
import { selectColumns } from '../../src/table/frame.ts'
import { countUp } from '../../src/table/take.ts'
import { contentOf } from './phone-job.ts'

const halls = defineTable('halls', { hall_id: key(string()), hall_name: string() })

/** A job whose steps take their time by a clock that only they move. */
function timedJob(derivedTime: number, outputTime: number) {
  const clock = { now: Date.UTC(2025, 3, 1) }
  const job = defineJob({
    name: 'timed',
    published: ['halls', 'hall_list'],
    tables: { halls: { contract: halls, source: snapshots({ file: 'halls.csv', format: csv() }) } },
    derived: {
      rooms: {
        from: 'halls',
        contract: defineTable('rooms', { hall_id: key(string()), hall_name: string() }),
        rows(frame) {
          clock.now += derivedTime
          const rows = selectColumns(frame, ['hall_id', 'hall_name'])
          return { frame: rows, parents: countUp(rows.rows), issues: [] }
        },
      },
    },
    outputs: {
      hall_list: {
        contract: halls,
        reads: ['rooms'],
        build(state) {
          clock.now += outputTime
          return state.table('rooms')
        },
      },
    },
  })
  const run = (data: FileStore, out: FileStore) => runPipeline(job, { data, out }, { now: () => clock.now })
  return { clock, run }
}

const placeOf = (name: string) => memoryStore({ 'halls.csv': `hall_id,hall_name\nH1,${name}\n` })

describe('the times of steps', () => {
  it('are those of the last run that committed, by name', async () => {
    const { clock, run } = timedJob(250, 40)
    const out = memoryStore()
    await run(placeOf('North'), out)
    // one step may be called more than once: its promise to look at one row at a time is tried
    const { milliseconds } = await readStatus({ out })
    expect(Object.keys(milliseconds)).toEqual(['halls', 'rooms', 'hall_list'])
    expect(milliseconds).toMatchObject({ halls: 0, hall_list: 40 })
    expect((milliseconds.rooms ?? 0) % 250).toBe(0)
    expect(milliseconds.rooms).toBeGreaterThanOrEqual(250)
    clock.now += 60_000
    expect((await run(placeOf('North'), out)).status).toBe('nothing_to_do')
    expect((await readStatus({ out })).milliseconds).toEqual(milliseconds)
  })

  it('are no content: a slow run writes the bytes of a fast one', async () => {
    const [slow, fast] = [memoryStore(), memoryStore()]
    await timedJob(9000, 8000).run(placeOf('North'), slow)
    await timedJob(0, 0).run(placeOf('North'), fast)
    expect(await contentOf(slow)).toEqual(await contentOf(fast))
    expect((await readStatus({ out: fast })).milliseconds).toEqual({ halls: 0, rooms: 0, hall_list: 0 })
  })

  it('add up for one name, are never below zero, and let an error through', async () => {
    let now = 1000
    const times = new StepTimes({ now: () => now })
    await times.measure('a', () => (now += 5))
    expect(await times.measure('a', async () => (now += 7))).toBe(1012)
    await times.measure('b', () => (now -= 500))
    await expect(
      times.measure('c', () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(times.milliseconds).toEqual({ a: 12, b: 0 })
  })
})
