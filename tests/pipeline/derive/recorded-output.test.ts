/** Outputs with recorded columns: when each line last changed. */
import { op } from 'arquero'
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import {
  collectGarbage,
  csv,
  defineJob,
  extractsAndDeltas,
  type RunOptions,
  readState,
  runPipeline,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { toArquero } from '../../../src/table/arquero/arquero.ts'
import { defineTable, int32, key, measure, recorded, string } from '../../../src/table/contract.ts'
import { columnOf } from '../../../src/table/frame.ts'
import { toFrame } from '../../../src/table/to-frame.ts'
import { textOf } from '../phone-job.ts'

const calls = defineTable('calls', { id: key(string()), agent: string() })
const counts = defineTable('counts', {
  agent: key(string()),
  calls: measure(int32()),
  created_at: recorded('created'),
  last_updated: recorded('updated'),
})

const jobOf = (contract = counts) =>
  defineJob({
    name: 'calls',
    tables: { calls: { contract: calls, source: snapshots({ file: 'calls.csv', format: csv() }) } },
    outputs: {
      counts: {
        contract,
        reads: ['calls'],
        build: (state) =>
          toFrame(toArquero(state.table('calls')).groupby('agent').rollup({ calls: op.count() }).orderby('agent')),
      },
    },
  })
const job = jobOf()

class Place {
  readonly out: FileStore = memoryStore()
  minute = 0

  /** A run whose calls are of these agents. */
  async run(agents: string, options: RunOptions = {}) {
    const lines = [...agents].map((agent, at) => `C${at},${agent}\n`)
    const data = memoryStore({ 'calls.csv': `id,agent\n${lines.join('')}` })
    const now = Date.UTC(2025, 0, 1, 0, this.minute++)
    return runPipeline(job, { data, out: this.out, acceptWithdrawals: ['calls'], ...options }, { now: () => now })
  }

  /** Agent, calls, and the minutes of creation and of the last change. */
  async lines() {
    const text = await textOf(this.out, 'counts.csv')
    return text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.replaceAll('2025-01-01T00:0', '').replaceAll(':00Z', ''))
  }
}

describe('an output with recorded columns', () => {
  it('says when each line first came and last changed', async () => {
    const place = new Place()
    await place.run('AAB')
    expect(await place.lines()).toEqual(['A,2,0,0', 'B,1,0,0'])
    await place.run('AABC')
    expect(await place.lines()).toEqual(['A,2,0,0', 'B,1,0,0', 'C,1,1,1'])
    await place.run('ABC')
    expect(await place.lines()).toEqual(['A,1,0,2', 'B,1,0,0', 'C,1,1,1'])
  })

  it('is new where a line comes back', async () => {
    const place = new Place()
    await place.run('AB')
    await place.run('A')
    await place.run('AB')
    expect(await place.lines()).toEqual(['A,1,0,0', 'B,1,2,2'])
  })

  it('keeps times through a run with nothing new, a rebuild, and a copy that was removed', async () => {
    const place = new Place()
    await place.run('AB')
    await place.run('AC')
    const before = await place.lines()
    expect((await place.run('AC')).status).toBe('nothing_to_do')
    await place.out.remove('counts.csv')
    expect((await place.run('AC')).status).toBe('republished')
    expect(await place.lines()).toEqual(before)
    await place.run('AC', { apply: 'rebuild' })
    expect(await place.lines()).toEqual(before)
  })

  it('is recorded where it is not published, and read as the commit recorded it', async () => {
    const place = new Place()
    await place.run('A', { publish: [] })
    await place.run('AA', { publish: [] })
    await place.run('AAB', { publish: [] })
    const times = async (asOf?: string) => {
      const output = await (await readState(job, { out: place.out, ...(asOf && { asOf }) })).loadOutput('counts')
      return Array.from(columnOf(output, 'last_updated'), (time) => (time as Date | null)?.getUTCMinutes() ?? null)
    }
    expect(await times()).toEqual([1, 2])
    expect(await times('commit:1')).toEqual([0])
    expect(await times('commit:2')).toEqual([1])
  })

  it('keeps its file from gc, and verify finds it damaged', async () => {
    const place = new Place()
    await place.run('A')
    await place.run('AB')
    await collectGarbage({ out: place.out, action: 'remove', graceDays: 0, keepVersions: 1 })
    await place.run('ABB')
    expect(await place.lines()).toEqual(['A,1,0,0', 'B,2,1,2'])
    const stored = (await place.out.list('.support-etl/data/')).filter(({ name }) => /counts-/.test(name))
    for (const { name } of stored) await place.out.write(name, [Uint8Array.of(1, 2, 3)])
    const { damages } = await verifyState(job, { out: place.out })
    expect(damages.some(({ name }) => /counts-/.test(name))).toBe(true)
    // times that nobody can vouch for are not stored again
    await expect(place.run('A')).rejects.toMatchObject({ code: 'data_damaged' })
  })

  it('has no times of a month, which no commit recorded', async () => {
    const source = extractsAndDeltas()
    const monthly = defineJob({
      ...job,
      tables: { calls: { contract: calls, source } },
    })
    const data = memoryStore({
      'initial/calls.csv': 'id,agent\nC1,A\n',
      'delta/calls_delta_202502.csv': 'id,agent,action\nC2,B,add\n',
    })
    const out = memoryStore()
    await runPipeline(monthly, { data, out }, { now: () => 0 })
    const past = await (await readState(monthly, { out, asOf: '2025-01' })).loadOutput('counts')
    expect(Array.from(columnOf(past, 'last_updated'))).toEqual([null])
  })

  it('needs a key', () => {
    const contract = defineTable('counts', { agent: string(), calls: int32(), last_updated: recorded('updated') })
    expect(() => jobOf(contract as never)).toThrow(
      'has an output "counts" with recorded columns and without a key; declare one with key()',
    )
  })
})
