import { describe, expect, it } from 'vitest'
import { callAnomalies } from '../../../../src/systems/calls/figures/anomalies.ts'
import { frameCallSet } from '../../../../src/systems/calls/figures/call-set.ts'
import { callFrame } from '../../../../src/systems/calls/figures/frame.ts'
import { setOf } from '../tables.ts'

const findings = (set: ReturnType<typeof setOf>, anomaly: string) =>
  callAnomalies(set)
    .filter((finding) => finding.anomaly === anomaly)
    .map(({ row, other }) => [row, other])

/** Calls of 4 to 8 minutes, an hour apart. */
const usual = (count: number, issue_type = 'billing') =>
  Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.UTC(2025, 0, 1, index)).toISOString(),
    minutes: 4 + (index % 5),
    issue_type,
  }))

describe('a duration that is an outlier', () => {
  const odd = (minutes: number) => ({ at: '2025-06-01T10:00:00Z', minutes })

  it('lies three interquartile ranges of the logarithm beyond a quartile, on either side', () => {
    // quartiles 5 and 7 minutes: fences at 7 · 1.4³ = 19.2 and 5 / 1.4³ = 1.82
    const isOdd = (minutes: number) => findings(setOf(...usual(40), odd(minutes)), 'duration_outlier').length === 1
    expect([19, 19.4, 900, 1.9, 1.75, 0.01].map(isOdd)).toEqual([false, true, true, false, true, true])
  })

  it('takes the shortest call of all, of 0.00 minutes, for one of a third of a second', () => {
    expect(findings(setOf(...usual(40), odd(0.001)), 'duration_outlier')).toEqual([[40, null]])
  })

  it('is none of many that are all the same', () => {
    expect(findings(setOf(...usual(40).map((call) => ({ ...call, minutes: 5 }))), 'duration_outlier')).toEqual([])
  })

  it('is found among thirty calls of its issue, and not among fewer', () => {
    expect(findings(setOf(...usual(29), odd(900)), 'duration_outlier')).toEqual([[29, null]])
    expect(findings(setOf(...usual(28), odd(900)), 'duration_outlier')).toEqual([])
    expect(findings(setOf(...usual(40), { ...odd(900), issue_type: 'outage' }), 'duration_outlier')).toEqual([])
  })
})

describe('calls of one agent that overlap', () => {
  it('do so by a moment, and not where one begins as the other ends', () => {
    const after = (at: string) => findings(setOf({ at: '2025-01-01T10:00:00Z', minutes: 5 }, { at }), 'agent_overlap')
    expect(after('2025-01-01T10:04:59.999Z')).toEqual([[1, 0]])
    expect(after('2025-01-01T10:05:00Z')).toEqual([])
  })

  it('are compared with the one that runs longest', () => {
    const set = setOf(
      { at: '2025-01-01T10:00:00Z', minutes: 60 },
      { at: '2025-01-01T10:10:00Z', minutes: 5 },
      { at: '2025-01-01T10:30:00Z', minutes: 45 },
      { at: '2025-01-01T11:05:00Z', minutes: 5 },
    )
    expect(findings(set, 'agent_overlap')).toEqual([
      [1, 0],
      [2, 0],
      [3, 2],
    ])
  })

  it('are not those of two agents, nor of none', () => {
    const at = '2025-01-01T10:00:00Z'
    expect(findings(setOf({ at }, { at, agent_id: 'A2' }), 'agent_overlap')).toEqual([])
    expect(findings(setOf({ at, agent_id: null }, { at, agent_id: null }), 'agent_overlap')).toEqual([])
    expect(findings(setOf({ at, agent_id: 'A9' }, { at, agent_id: 'A9' }), 'agent_overlap')).toEqual([[1, 0]])
  })

  it('are found in any order of the set, and told in that order', () => {
    const set = setOf(
      { at: '2025-01-01T10:00:00Z', minutes: 30 },
      { at: '2025-01-01T10:10:00Z', minutes: 5 },
      { at: '2025-01-01T10:20:00Z', minutes: 5 },
    )
    const shuffled = frameCallSet(callFrame(set, Int32Array.of(2, 0, 1)))
    expect(findings(shuffled, 'agent_overlap')).toEqual([
      [0, 1],
      [2, 1],
    ])
  })
})

describe('a rating out of range', () => {
  it('lies below 1 or above 5', () => {
    const ratings = [1, 5, 0.9, 5.1, -1, 3, null].map((rating, hour) => ({ at: `2025-01-01T0${hour}:00:00Z`, rating }))
    expect(findings(setOf(...ratings), 'rating_out_of_range')).toEqual([
      [2, null],
      [3, null],
      [4, null],
    ])
  })
})

describe('callAnomalies', () => {
  it('come in order of rows, of one row in the order of their kinds', () => {
    const set = setOf(
      ...usual(40),
      { at: '2025-06-01T10:00:00Z', minutes: 60 },
      { at: '2025-06-01T10:10:00Z', minutes: 900, rating: 9 },
    )
    expect(callAnomalies(set).map(({ anomaly, row }) => [row, anomaly])).toEqual([
      [40, 'duration_outlier'],
      [41, 'duration_outlier'],
      [41, 'agent_overlap'],
      [41, 'rating_out_of_range'],
    ])
  })
})
