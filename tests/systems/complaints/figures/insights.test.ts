import { describe, expect, it } from 'vitest'
import { cleanWebForm } from '../../../../src/systems/complaints/clean/clean-complaint.ts'
import { judge, type RawComparison } from '../../../../src/systems/complaints/figures/comparison.ts'
import { ComplaintCollector } from '../../../../src/systems/complaints/figures/complaint-set.ts'
import { complaintInsights } from '../../../../src/systems/complaints/figures/insights.ts'
import { webForms } from '../../../../src/systems/complaints/tables.ts'
import { frameOf } from '../../../../src/table/frame.ts'
import { inferColumn } from '../../../../src/table/infer.ts'
import { zoneOf } from '../../../../src/time/zone.ts'
import { CUSTOMERS, type Drawn, randomSet } from './sets.ts'

const options = { customers: CUSTOMERS }
const different = (set: ReturnType<typeof randomSet>): string[] =>
  complaintInsights(set, options)
    .comparisons.filter(({ verdict }) => verdict === 'different')
    .map(({ name }) => name)

describe('comparisons of complaints in which nothing depends on anything', () => {
  const SETS = 40
  const found = Array.from(
    { length: SETS },
    (_, seed) => complaintInsights(randomSet(seed + 1), options).comparisons,
  ).flat()

  it('say so: at most 5 % of 520 are false alarms', () => {
    expect(found).toHaveLength(SETS * 13)
    expect(found.filter(({ verdict }) => verdict === 'too_few')).toEqual([])
    const alarms = found.filter(({ verdict }) => verdict === 'different')
    expect(alarms.length).toBeLessThanOrEqual(found.length * 0.05)
  })

  it('have probabilities that are right: below 5 %, 25 % and 50 % as often as that, each within three standard errors', () => {
    for (const level of [0.05, 0.25, 0.5]) {
      const share = found.filter(({ p }) => p < level).length / found.length
      // comparisons of one set are alike, so that there are fewer than 520 independent ones
      const error = Math.sqrt((level * (1 - level)) / (SETS * 6))
      expect(Math.abs(share - level)).toBeLessThan(3 * error)
    }
  })
})

describe('a planted effect is found', () => {
  it.each<[string, readonly string[], (one: Drawn, share: (purpose: number) => number) => void]>([
    [
      'categories by channel',
      ['category_by_channel'],
      (one, share) => {
        if (one.channel === 0 && share(1) < 0.3) one.category = 3
      },
    ],
    [
      'status by category',
      ['status_by_category'],
      (one, share) => {
        if (one.category === 2 && share(1) < 0.4) one.status = 3
      },
    ],
    [
      'speed by category',
      ['resolution_time_by_category', 'sla_by_category'],
      (one) => {
        one.status = 0
        if (one.category === 1) one.hours /= 4
      },
    ],
    [
      'speed by platform',
      ['resolution_time_by_platform', 'sla_by_platform'],
      (one) => {
        one.status = 0
        if (one.platform === 3) one.hours /= 4
      },
    ],
    [
      'speed of web forms',
      ['resolution_time_by_request_channel'],
      (one) => {
        if (one.channel === 2) one.hours /= 5
      },
    ],
    [
      'an old backlog',
      ['backlog_age_by_category'],
      (one, share) => {
        if (one.category === 0 && one.status !== 0 && share(1) < 0.4) one.age = 119
      },
    ],
    [
      'busy agents',
      ['complaints_by_agent'],
      (one, share) => {
        if (share(1) < 0.1) one.agent = 7
      },
    ],
    [
      'a good agent',
      ['resolved_by_agent'],
      (one) => {
        if (one.agent < 4) Object.assign(one, { status: 0, hours: 1, age: Math.max(1, one.age) })
      },
    ],
    [
      'repeat complainers',
      ['complaints_by_customer'],
      (one, share) => {
        if (share(1) < 0.1) one.customer = Math.floor(share(2) * 40)
      },
    ],
  ])('%s', (_, names, plant) => {
    expect(different(randomSet(77, plant))).toEqual(expect.arrayContaining([...names]))
  })
})

describe('judge', () => {
  const raw = (name: string, p: number, hasEnough = true): RawComparison => {
    return { name, question: '?', test: 'chi_square', statistic: 1, degrees: 1, p, effect: 0.2, hasEnough }
  }

  it('corrects for the comparisons that could be made, and for no others', () => {
    const judged = judge([raw('a', 0.02), raw('b', 0.03), raw('c', 0, false)])
    expect(judged.map(({ name, pAdjusted, verdict }) => [name, pAdjusted, verdict])).toEqual([
      ['a', 0.04, 'different'],
      ['b', 0.04, 'different'],
      ['c', 1, 'too_few'],
    ])
    expect(judged[0]?.effect).toEqual({ kind: 'cramers_v', value: 0.2, size: 'medium' })
  })
})

describe('figures', () => {
  const set = randomSet(5)
  const insights = complaintInsights(set, options)

  it('count every complaint once', () => {
    for (const by of ['channel', 'category', 'status'] as const) {
      const counts = insights.volumes.filter((figures) => figures.by === by).map(({ complaints }) => complaints)
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(set.rows)
    }
    expect(insights.resolution.reduce((sum, { complaints }) => sum + complaints, 0)).toBe(set.rows)
    const open = set.status.filter((status) => status !== 0).length
    expect(insights.backlog.reduce((sum, one) => sum + one.open, 0)).toBe(open)
    expect(insights.agents.reduce((sum, { complaints }) => sum + complaints, insights.ofUnknownAgents)).toBe(set.rows)
  })

  it('take open complaints for open: a quarter is resolved, so that half of them never are', () => {
    for (const { medianHours, p90Hours, resolved, complaints } of insights.resolution) {
      expect(resolved / complaints).toBeLessThan(0.4)
      expect([medianHours, p90Hours]).toEqual([null, null])
    }
    const all = complaintInsights(
      randomSet(5, (one) => Object.assign(one, { status: 0, age: 60 })),
      options,
    )
    for (const { medianHours } of all.resolution) expect(Math.abs((medianHours ?? 0) - 121)).toBeLessThan(25)
  })

  it('put every complaint on its day, and on one side of the service level', () => {
    const days = insights.days.map(({ openedOn }) => openedOn)
    expect(days).toEqual(days.toSorted())
    expect(insights.days.reduce((sum, { complaints }) => sum + complaints, 0)).toBe(set.rows)
    const [all, ...channels] = insights.service
    const resolved = set.resolvedAt.filter((at) => !Number.isNaN(at)).length
    expect([all?.complaints, all?.resolved]).toEqual([set.rows, resolved])
    expect(insights.days.reduce((sum, one) => sum + one.resolved, 0)).toBe(resolved)
    for (const { kept, missed, undecided, complaints, withinSla } of insights.service) {
      expect(kept + missed + undecided).toBe(complaints)
      expect(withinSla).toBe(kept / (kept + missed))
    }
    expect(channels.reduce((sum, { kept }) => sum + kept, 0)).toBe(all?.kept)
    // the youngest are open for less than three days
    expect(all?.undecided).toBeGreaterThan(0)
  })

  it('tell customers who wait, and those who wait for several complaints, as a loop over all complaints does', () => {
    const waits = new Map<number, number>()
    for (let row = 0; row < set.rows; row++) {
      const isOld = set.seenAt - (set.openedAt[row] as number) > 72 * 3_600_000
      const who = set.customer[row] as number
      if (set.status[row] !== 0 && isOld) waits.set(who, (waits.get(who) ?? 0) + 1)
    }
    const again = [...waits.values()].filter((count) => count > 1).length
    expect(insights.waiting).toEqual({ customers: waits.size, again })
  })

  it('compare what came with what was resolved, in the four weeks up to the newest complaint', () => {
    const [DAY, opened] = [86_400_000, Math.max(...set.openedAt)]
    const end = Math.floor(opened / DAY) * DAY + DAY
    const within = (at: number): boolean => at >= end - 28 * DAY && at < end
    expect(insights.flow).toMatchObject({
      to: new Date(end - 1).toISOString().slice(0, 10),
      ...{ days: 28, opened: set.openedAt.filter(within).length, resolved: set.resolvedAt.filter(within).length },
    })
    const { days, flow } = complaintInsights(
      randomSet(5, () => {}, 0),
      options,
    )
    expect([days, flow.to, flow.opened]).toEqual([[], null, 0])
  })

  it('expect as many repeat complainers as chance makes', () => {
    const { repeaters, expectedRepeaters } = insights.repeats
    expect(Math.abs(repeaters - expectedRepeaters)).toBeLessThan(4 * Math.sqrt(expectedRepeaters))
  })

  it('are there for no complaints as well', () => {
    const { comparisons, complaints, resolution } = complaintInsights(
      randomSet(1, () => {}, 0),
      options,
    )
    expect([complaints, resolution[0]?.medianHours, resolution[0]?.withinSla]).toEqual([0, null, null])
    expect(new Set(comparisons.map(({ verdict }) => verdict))).toEqual(new Set(['too_few']))
    for (const { statistic, p, effect } of comparisons)
      expect([statistic, p, effect.value].some(Number.isNaN)).toBe(false)
  })
})

describe('ComplaintCollector', () => {
  it('takes the latest delivery of each complaint', () => {
    const delivery = (day: string, ...rows: readonly (readonly [id: string, status: string, resolved: string])[]) => {
      const made = rows.map(([complaint_id, resolution_status, resolution_date]) =>
        cleanWebForm(
          {
            ...{
              complaint_id,
              resolution_status,
              resolution_date,
              leftover_index: '0',
              customer_id: null,
              agent_id: '1000',
            },
            ...{ category: 'Payments', request_date: '2025-11-01 00:00:00', generated_on: day },
          },
          zoneOf('UTC'),
        ),
      ) as unknown as Record<string, unknown>[]
      const names = Object.keys(webForms.columns)
      return frameOf(
        names.map(
          (name) =>
            [
              name,
              inferColumn(
                made.map((row) => row[name]),
                name,
                { mixed: 'opaque' },
              ),
            ] as const,
        ),
        made.length,
      )
    }
    const collector = new ComplaintCollector(new Set(['1000']))
    collector.add(delivery('2025-11-21', ['a', 'Resolved', '2025-11-02 00:00:00']))
    collector.add(delivery('2025-11-20', ['b', 'Backlog', ''], ['a', 'In-Progress', '']))
    const set = collector.finish()
    expect([set.rows, [...set.status], set.agents, set.seenAt]).toEqual([2, [0, 2], ['1000'], Date.UTC(2025, 10, 22)])
    expect(complaintInsights(set).resolution.find(({ complaints }) => complaints === 2)).toMatchObject({
      resolved: 1,
      medianHours: 24,
    })
  })
})
