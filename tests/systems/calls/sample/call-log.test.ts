import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callLog, type GroundTruth } from '../../../../src/systems/calls/sample/call-log.ts'

const sample = join(import.meta.dirname, '..', '..', '..', '..', 'examples', 'data', 'calls')
const textOf = (options: Parameters<typeof callLog>[0], name: string) =>
  Buffer.concat([
    ...(callLog(options)
      .find((file) => file.name === name)
      ?.chunks() ?? []),
  ]).toString()
const hash = (text: string) => createHash('sha256').update(text).digest('hex')

describe('callLog', () => {
  it('made the sample that is shipped', () => {
    for (const { name } of callLog({ calls: 1200, seed: 7 })) {
      expect(hash(textOf({ calls: 1200, seed: 7 }, name)), name).toBe(hash(readFileSync(join(sample, name), 'utf8')))
    }
  })

  it('gives other bytes for another seed', () => {
    expect(textOf({ calls: 100, seed: 2 }, 'sample_calls.json')).not.toBe(textOf({ calls: 100 }, 'sample_calls.json'))
  })

  it('plants every kind of irregularity even in the smallest log, and tells where', () => {
    const truth = JSON.parse(textOf({ calls: 100, days: 7 }, 'ground_truth.json')) as GroundTruth
    expect(Object.keys(truth.rejected).sort()).toEqual([
      'call_id_missing',
      'end_before_start',
      'end_equals_start',
      'end_missing',
      'end_unreadable',
      'json_invalid',
      'start_missing',
      'start_unreadable',
    ])
    const lines = textOf({ calls: 100, days: 7 }, 'sample_calls.json').trim().split('\n')
    expect(lines).toHaveLength(truth.lines)
    const [cut] = truth.rejected.json_invalid ?? []
    expect(() => JSON.parse(lines[(cut?.line ?? 0) - 1] ?? '')).toThrow(SyntaxError)
    expect(truth.rating_out_of_range).toHaveLength(1)
  })

  it('lets no agent take two calls at once, but for those that are planted', () => {
    const options = { calls: 3000, seed: 5, days: 30 }
    const truth = JSON.parse(textOf(options, 'ground_truth.json')) as GroundTruth
    const planted = new Set([...truth.agent_overlap, ...truth.duration_outlier])
    const busy = new Map<string, number>()
    for (const text of textOf(options, 'sample_calls.json').trim().split('\n')) {
      if (!text.endsWith('}')) continue
      const { call_id, agent_id, start_time, end_time } = JSON.parse(text)
      const [start, end] = [Date.parse(start_time), Date.parse(end_time)]
      if (planted.has(call_id) || truth.replaced.includes(call_id) || !(end > start)) continue
      expect(start, call_id).toBeGreaterThanOrEqual(busy.get(agent_id) ?? 0)
      busy.set(agent_id, end)
    }
  })

  it('refuses numbers that make no sense', () => {
    for (const options of [{ calls: 99 }, { calls: 1.5 }, { calls: 100, days: 6 }, { calls: 100, seed: -1 }]) {
      expect(() => callLog(options)).toThrowError(expect.objectContaining({ code: 'invalid_option' }))
    }
  })
})
