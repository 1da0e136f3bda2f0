/** Runs one after the other end like one run into an empty folder, and lose or double nothing on the way. */
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../../src/connect/file-store.ts'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { ConnectError } from '../../../../src/errors.ts'
import { readStatus } from '../../../../src/pipeline/index.ts'
import { readQuarantine } from '../../../../src/pipeline/state/read-quarantine.ts'
import { transcriptsJobOf } from '../../../../src/systems/transcripts/job/transcripts-job.ts'
import { Death, mortal } from '../../../pipeline/mortal.ts'
import { callFile, placeOf, publishedIn, put, run, textOf } from '../calls.ts'
import { CALLS, CHANGES, SALE, sample, WAITING } from '../changes.ts'

describe('runs of the transcripts job, one after the other', () => {
  it('publish what one run into an empty folder publishes, after each kind of change', async () => {
    const [data, out] = [placeOf(CALLS), memoryStore()]
    await run(data, out)
    for (const [what, change] of CHANGES) {
      await change(data)
      const { status } = await run(data, out)
      const clean = memoryStore()
      await run(data, clean)
      expect(await publishedIn(out), what).toEqual(await publishedIn(clean))
      expect((await run(data, out)).status, `again after ${what}, which was ${status}`).toBe('nothing_to_do')
    }
    const { rows } = await readQuarantine({ out })
    expect(rows.map(({ file, code }) => [file, code])).toEqual(WAITING)
  })

  it('takes the first name of two files with one call, and the other when the first goes', async () => {
    const other = callFile('C1', 'Agent: Anything else? Customer: No.', { agent_name: 'Mei Tanaka' })
    const data = memoryStore({ 'bronze/2025/C1.json': callFile('C1', SALE), 'bronze/2026/09/C1.json': other })
    const out = memoryStore()
    const { tables } = await run(data, out)
    expect(tables.gold_call_analytics).toBe(1)
    expect(await textOf(out, 'gold_call_analytics.csv')).toContain('\nC1,Ada Wong,')
    const { rows } = await readQuarantine({ out })
    expect(rows.map(({ file, code }) => [file, code])).toEqual([['bronze/2026/09/C1.json', 'duplicate_object']])
    await data.remove('bronze/2025/C1.json')
    await run(data, out)
    expect(await textOf(out, 'gold_call_analytics.csv')).toContain('\nC1,Mei Tanaka,')
    expect((await readQuarantine({ out })).rows).toEqual([])
  })

  it('withdraws nothing for a wrong prefix, an empty place or a listing that fails', async () => {
    const [data, out] = [placeOf(CALLS), memoryStore()]
    await run(data, out)
    const before = await publishedIn(out)
    const failing: FileStore = {
      ...data,
      location: data.location,
      list: async () => {
        throw new ConnectError('io_failed', 'the second page of the listing did not come', { isTransient: true })
      },
    }
    await expect(run(data, out, {}, transcriptsJobOf({ prefix: 'silver/' }))).rejects.toMatchObject({
      code: 'options_changed',
    })
    await expect(run(memoryStore(), out)).rejects.toMatchObject({ code: 'source_empty' })
    await expect(run(failing, out)).rejects.toMatchObject({ code: 'io_failed' })
    const half = memoryStore()
    for (const call of sample.slice(0, CALLS / 2)) await put(half, `bronze/${call.call_id}.json`, JSON.stringify(call))
    await expect(run(half, out)).rejects.toMatchObject({ code: 'too_many_withdrawn' })
    expect(await publishedIn(out)).toEqual(before)
    expect((await readStatus({ out })).commit).toBe(1)
    // what is meant is said
    const { tables } = await run(half, out, { acceptWithdrawals: ['bronze_calls'] })
    expect(tables.gold_call_analytics).toBe(CALLS / 2)
  })

  it('refuses a delivery in which too many calls cannot be read', async () => {
    const [data, out] = [placeOf(CALLS), memoryStore()]
    await run(data, out)
    for (let at = 0; at < 10; at++) await put(data, `bronze/BAD${at}.json`, '{')
    await expect(run(data, out)).rejects.toMatchObject({ code: 'too_many_quarantined' })
    expect((await readStatus({ out })).commit).toBe(1)
  })

  it('double and lose nothing where a run is killed before any call to its place', async () => {
    const data = placeOf(8)
    const clean = memoryStore()
    await run(data, clean)
    await put(data, 'bronze/NEW.json', callFile('NEW', SALE))
    await run(data, clean)
    const expected = await publishedIn(clean)
    for (let last = 0, isOver = false; !isOver; last += 2) {
      const out = memoryStore()
      await run(placeOf(8), out)
      try {
        await run(data, mortal(out, last))
        isOver = true
      } catch (error) {
        if (!(error instanceof Death) && !(error instanceof Error && error.cause instanceof Death)) throw error
      }
      // the lock of a dead process is taken over
      await out.remove('.support-etl/lock')
      await run(data, out)
      expect(await publishedIn(out), `killed before call ${last}`).toEqual(expected)
      expect(last).toBeLessThan(300)
    }
  })
})
