/**
 * The figures of calls as the document of the API describes them.
 * @module
 */
import { z } from 'zod'

const share = z.number().min(0).max(1).nullable()
const figure = z.number().nullable()
const interval = z.strictObject({ low: z.number(), high: z.number() }).nullable()
const count = z.int().min(0)

const period = z
  .strictObject({ from: z.string(), to: z.string() })
  .nullable()
  .meta({ description: 'days, both inclusive; instants for 24h' })

const kpis = z
  .strictObject({
    ...{ calls: count, resolved: count, escalations: count, rated: count, resolution_rate: share },
    ...{ average_handle_minutes: figure, median_minutes: figure, p90_minutes: figure, average_rating: figure },
  })
  .meta({ id: 'CallKpis' })

const change = z
  .strictObject({
    difference: figure.meta({ description: "in the figure's own unit, not rounded" }),
    relative: figure.meta({ description: 'as a share of the earlier figure' }),
    interval: interval.meta({ description: '95 % interval of the difference' }),
    unit: z.enum(['percent', 'points', 'stars']),
    told: figure.meta({ description: 'the change in the unit, rounded as people see it' }),
    verdict: z.enum(['better', 'worse', 'changed', 'same', 'noise']).nullable(),
  })
  .meta({ id: 'CallKpiChange' })

const member = {
  member: z.string().nullable(),
  ...{ calls: count, share, resolved: count, escalations: count, resolution_rate: share },
  ...{ average_handle_minutes: figure, rated: count, average_rating: figure },
}
const members = z.array(z.strictObject(member).meta({ id: 'CallMember' }))

const oddCall = z
  .strictObject({
    call_id: z.string().nullable(),
    value: z.number(),
    mean_without: z.number(),
    interval_without: z.strictObject({ low: z.number(), high: z.number() }),
  })
  .nullable()

const names = z.array(z.string().nullable()).optional()

/** What `summarizeCalls` returns. */
export const callsSummarySchema = z
  .strictObject({
    filter: z.strictObject({
      period: z
        .union([z.string(), z.strictObject({ from: z.string().optional(), to: z.string().optional() })])
        .optional(),
      compare: z.enum(['previous', 'year', 'none']).optional(),
      minutes: z.strictObject({ from: z.number().optional(), to: z.number().optional() }).optional(),
      ...{ region: names, issue: names, agent: names, resolution: names, rating: names, weekday: names, hour: names },
    }),
    total_calls: count.meta({ description: 'all calls, before filtering' }),
    period,
    compared_period: period,
    previous_period: period,
    comparison_gap: z.enum(['no_period', 'not_wanted', 'not_over', 'data_begins_later']).nullable(),
    compares_whole_weeks: z.boolean(),
    unfinished_day: z.string().nullable(),
    kpis,
    compared_kpis: kpis.nullable(),
    previous_kpis: kpis.nullable(),
    odd_calls: z.strictObject({ average_handle_minutes: oddCall, average_rating: oddCall }),
    change: z
      .strictObject({
        ...{ calls: change, resolved: change, escalations: change, rated: change, resolution_rate: change },
        ...{ average_handle_minutes: change, median_minutes: change, p90_minutes: change, average_rating: change },
      })
      .nullable(),
    contacts: z.strictObject({
      ...{ customers: count, repeat_calls: count, repeat_rate: share, first_contact_resolution: share },
    }),
    timeline: z.strictObject({
      unit: z.string(),
      stretches: z.array(
        z.strictObject({ from: z.string(), calls: count, previous: count.nullable(), is_partial: z.boolean() }),
      ),
    }),
    durations: z.array(z.strictObject({ from: z.number(), to: figure, calls: count })),
    by_region: members,
    by_issue: members,
    by_resolution: members,
    by_rating: members,
    heat_map: z.array(z.strictObject({ weekday: z.string(), hour: z.string(), calls: count })),
    agents: z.array(
      z
        .strictObject({
          ...member,
          agent_name: z.string(),
          region: z.string(),
          interval,
          place: z.int().nullable().meta({ description: 'null for agents with fewer calls than the minimum' }),
        })
        .meta({ id: 'CallAgent' }),
    ),
  })
  .meta({ id: 'CallsSummary' })
