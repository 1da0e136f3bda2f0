/** Outputs that remember: rows of earlier commits that the tables no longer hold. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import {
  csv,
  defineJob,
  extractsAndDeltas,
  type RunOptions,
  readState,
  runPipeline,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { defineTable, key, recorded, string } from '../../../src/table/contract.ts'
import { columnOf, type Frame, frameOf, selectColumns } from '../../../src/table/frame.ts'
import { inferColumn } from '../../../src/table/infer.ts'
import { textOf } from '../phone-job.ts'

const agents = defineTable('agents', { id: key(string()) })
const everSeen = defineTable('ever_seen', { id: key(string()), since: string() })

/** Every agent that a commit had, with the minute of the first one. */
function remember(rows: Frame, { rows: before, committedAt }: { rows: Frame | null; committedAt: number }): Frame {
  const seen = new Map(
    before === null ? [] : Array.from(columnOf(before, 'id'), (id, row) => [id, columnOf(before, 'since').at(row)]),
  )
  for (const id of columnOf(rows, 'id')) if (!seen.has(id)) seen.set(id, `minute ${committedAt / 60_000}`)
  return frameOf(
    [
      ['id', inferColumn([...seen.keys()], 'id')],
      ['since', inferColumn([...seen.values()], 'since')],
    ],
    seen.size,
  )
}

const jobOf = (output: { contract?: typeof everSeen; remember?: typeof remember } = {}) =>
  defineJob({
    name: 'agents',
    tables: { agents: { contract: agents, source: snapshots({ file: 'agents.csv', format: csv() }) } },
    outputs: {
      ever_seen: {
        contract: everSeen,
        reads: ['agents'],
        build: (state) => selectColumns(state.table('agents'), ['id']),
        remember,
        ...output,
      },
    },
  })
const job = jobOf()

class Place {
  readonly out = memoryStore()
  minute = 0

  /** A run with these agents, a letter each. */
  run(letters: string, options: RunOptions = {}) {
    const data = memoryStore({ 'agents.csv': `id\n${[...letters].join('\n')}\n` })
    const now = this.minute++ * 60_000
    return runPipeline(job, { data, out: this.out, acceptWithdrawals: ['agents'], ...options }, { now: () => now })
  }

  async lines() {
    return (await textOf(this.out, 'ever_seen.csv')).replaceAll('minute ', '').trim().split('\n').slice(1)
  }
}

describe('an output that remembers', () => {
  it('gets its own rows of the commit before, and the time of this one', async () => {
    const place = new Place()
    await place.run('AB')
    await place.run('B')
    await place.run('BC')
    expect(await place.lines()).toEqual(['A,0', 'B,0', 'C,2'])
  })

  it('stays as it is through a run with nothing new, a removed copy, a rebuild, and runs that do not publish it', async () => {
    const place = new Place()
    await place.run('AB', { publish: [] })
    await place.run('C', { publish: [] })
    expect((await place.run('C', { publish: ['ever_seen'] })).status).toBe('committed')
    const before = await place.lines()
    expect(before).toEqual(['A,0', 'B,0', 'C,1'])
    await place.out.remove('ever_seen.csv')
    await place.run('C', { publish: ['ever_seen'] })
    expect(await place.lines()).toEqual(before)
    await place.run('C', { publish: ['ever_seen'], apply: 'rebuild' })
    expect(await place.lines()).toEqual(before)
  })

  it('is read as each commit stored it, and verified', async () => {
    const place = new Place()
    await place.run('A')
    await place.run('B')
    const idsOf = async (asOf?: string) => [
      ...columnOf(
        await (await readState(job, { out: place.out, ...(asOf && { asOf }) })).loadOutput('ever_seen'),
        'id',
      ),
    ]
    expect([await idsOf('commit:1'), await idsOf()]).toEqual([['A'], ['A', 'B']])
    expect((await verifyState(job, { out: place.out })).damages).toEqual([])
    for (const { name } of await place.out.list('.support-etl/data/ever_seen-')) {
      await place.out.write(name, [Uint8Array.of(1, 2, 3)])
    }
    expect((await verifyState(job, { out: place.out })).damages.length).toBeGreaterThan(0)
    // what nobody can vouch for is not built upon
    await expect(place.run('C')).rejects.toMatchObject({ code: 'data_damaged' })
  })

  it('refuses rows that do not fit its contract, and commits nothing', async () => {
    const broken = defineJob({
      ...job,
      outputs: {
        ever_seen: { ...jobOf().outputs.ever_seen, contract: everSeen, remember: (rows: Frame) => rows },
      },
    } as Parameters<typeof defineJob>[0])
    const out = memoryStore()
    const data = memoryStore({ 'agents.csv': 'id\nA\n' })
    await expect(runPipeline(broken, { data, out })).rejects.toMatchObject({ code: 'column_missing' })
    expect(await out.list('.support-etl/log/')).toEqual([])
  })

  it('is not known as of a month, and has no recorded columns beside it', async () => {
    const monthly = defineJob({ ...job, tables: { agents: { contract: agents, source: extractsAndDeltas() } } })
    const data = memoryStore({ 'initial/agents.csv': 'id\nA\n', 'delta/agents_delta_202502.csv': 'id,action\nB,add\n' })
    const out = memoryStore()
    await runPipeline(monthly, { data, out })
    const state = await readState(monthly, { out, asOf: '2025-01' })
    await expect(state.loadOutput('ever_seen')).rejects.toMatchObject({ code: 'invalid_option' })
    const contract = defineTable('ever_seen', { id: key(string()), since: recorded('created') })
    expect(() => jobOf({ contract: contract as never })).toThrow(/recorded columns and with remember/)
  })
})
