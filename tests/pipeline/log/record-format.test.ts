import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import { nodeEffects } from '../../../src/pipeline/effects.ts'
import {
  collectGarbage,
  defineJob,
  readHistory,
  readState,
  readStatus,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { commitName, decodeCommit, encodeCommit } from '../../../src/pipeline/log/commit-record.ts'
import { readWhole } from '../../../src/pipeline/state/data-files.ts'
import { phoneJob, sourceOf, textOf, threeMonths } from '../phone-job.ts'

const data = sourceOf(threeMonths)
const effects = nodeEffects()

async function committed() {
  const out = memoryStore()
  await runPipeline(phoneJob, { data, out })
  const source = { hash: effects.newHash(), location: out.location, name: commitName(1) }
  return { out, record: decodeCommit(await readWhole(out, commitName(1)), source).record }
}

type Place = Awaited<ReturnType<typeof committed>>['out']
const commands: readonly (readonly [string, (out: Place) => Promise<unknown>])[] = [
  ['run', (out) => runPipeline(phoneJob, { data, out })],
  ['rebuild', (out) => runPipeline(phoneJob, { data, out, apply: 'rebuild' })],
  ['status', (out) => readStatus({ out })],
  ['verify', (out) => verifyState(phoneJob, { out })],
  ['gc', (out) => collectGarbage({ out, action: 'remove', graceDays: 0 })],
  ['state', (out) => readState(phoneJob, { out })],
  ['history', (out) => readHistory(phoneJob, { out, table: 'calls' })],
]

describe('a record', () => {
  it('holds whole contracts, policies, the values of options and the fingerprints of steps', async () => {
    const { record } = await committed()
    expect(record.tables.teams).toMatchObject({
      contract: JSON.parse(JSON.stringify(phoneJob.tables.teams?.contract)),
      delta: {},
      source: { kind: 'extracts_and_deltas' },
    })
    expect(record.jobOptions).toEqual({ timeZone: 'UTC', monthFrom: 'started_at' })
    expect(Object.keys(record.fingerprints)).toEqual(['team_counts', 'call_report'])
    expect(record.inputs.map(({ unit }) => unit)).toEqual(['', '', '2025-02', '2025-03', '2025-03'])
  })

  it.each(commands)('of an earlier format is refused by %s, with advice that works', async (_, call) => {
    const { out, record } = await committed()
    const older = { ...record, format: 1 as never }
    await out.write(commitName(1), [encodeCommit(older, effects.newHash()).bytes])
    const before = await out.list('')
    await expect(call(out)).rejects.toMatchObject({ code: 'log_older' })
    expect(await out.list('')).toEqual(before)
    const fresh = memoryStore()
    expect((await runPipeline(phoneJob, { data, out: fresh, apply: 'rebuild' })).status).toBe('committed')
  })

  it.each(commands)('with a feature that nobody knows yet is refused by %s', async (_, call) => {
    const { out, record } = await committed()
    await out.write(commitName(1), [encodeCommit({ ...record, features: ['tomorrow'] }, effects.newHash()).bytes])
    await expect(call(out)).rejects.toMatchObject({ code: 'log_newer', message: expect.stringContaining('tomorrow') })
  })

  it('of a later format is refused', async () => {
    const { out, record } = await committed()
    await out.write(commitName(1), [encodeCommit({ ...record, format: 3 as never }, effects.newHash()).bytes])
    await expect(readStatus({ out })).rejects.toMatchObject({ code: 'log_newer' })
  })
})

describe('a step whose fingerprint is another one', () => {
  const { team_counts } = phoneJob.rollups
  const { call_report } = phoneJob.outputs
  if (team_counts === undefined || call_report === undefined) throw new Error('the phone job has both')

  /** The same job, whose rollup counts every call twice. */
  const mended = (version: string) =>
    defineJob({
      ...phoneJob,
      rollups: {
        team_counts: {
          ...team_counts,
          version,
          build: (rows, options) => {
            const { cells, metadata } = team_counts.build(rows, options)
            const twice = new Map(cells.columns)
            const counts = twice.get('total_calls')
            if (counts?.kind === 'int32')
              for (const [row, count] of counts.values.entries()) counts.values[row] = Number(count) * 2
            return { cells, metadata }
          },
        },
      },
    })

  it('is done again by the next run, without a flag', async () => {
    const out = memoryStore()
    await runPipeline(phoneJob, { data, out })
    const once = await textOf(out, 'call_report.csv')
    expect((await runPipeline(mended('1'), { data, out })).status).toBe('nothing_to_do')
    const again = await runPipeline(mended('2'), { data, out })
    expect([again.status, again.applied]).toEqual(['committed', []])
    const twice = await textOf(out, 'call_report.csv')
    expect(twice).not.toBe(once)
    const clean = memoryStore()
    await runPipeline(mended('2'), { data, out: clean })
    expect(await textOf(clean, 'call_report.csv')).toBe(twice)
  })

  it('is done again for readers too, who find the rollup of another version', async () => {
    const out = memoryStore()
    await runPipeline(phoneJob, { data, out })
    const { cells } = await (await readState(mended('2'), { out })).loadRollup('team_counts')
    const stored = await (await readState(phoneJob, { out })).loadRollup('team_counts')
    expect([...(cells.columns.get('total_calls') ?? [])]).toEqual(
      [...(stored.cells.columns.get('total_calls') ?? [])].map((count) => Number(count) * 2),
    )
  })

  it('is done again after another version of the library, and so are outputs of another contract or option', async () => {
    const out = memoryStore()
    await runPipeline(phoneJob, { data, out })
    const later = await runPipeline(phoneJob, { data, out }, { versions: { 'support-etl': '99.0.0' } })
    expect([later.status, later.commit]).toEqual(['committed', 2])
    expect((await runPipeline(phoneJob, { data, out }, { versions: { 'support-etl': '99.0.0' } })).status).toBe(
      'nothing_to_do',
    )
    const ruled = defineJob({ ...phoneJob, outputs: { call_report: { ...call_report, rules: ['a rule'] } } })
    const third = await runPipeline(ruled, { data, out }, { versions: { 'support-etl': '99.0.0' } })
    expect([third.status, third.commit]).toEqual(['committed', 3])
  })
})
