/**
 * `GET /api/v1/calls/summary`: the figures of the calls, as `calls summary` and the dashboard show them.
 * @module
 */
import { z } from 'zod'
import { ContractError } from '../../../errors.ts'
import type { CommittedState } from '../../../pipeline/state/committed-state.ts'
import { requestInvalid } from '../../../server/answers/request-fault.ts'
import { defineRoute } from '../../../server/route.ts'
import { DAY_PATTERN, listOf, wholeNumber } from '../../../server/routes/query-values.ts'
import { type CallSet, frameCallSet, HOURS, WEEKDAYS } from '../figures/call-set.ts'
import { CALL_COMPARISONS, type CallFilter, PERIOD_PRESETS } from '../figures/filter.ts'
import { filterFromQuery } from '../figures/query.ts'
import { summarizeCallSet } from '../figures/summary.ts'
import { CURATED, callsJob } from '../job/calls-job.ts'
import { callsSummarySchema } from './summary-schema.ts'

/** The calls of a state, prepared for any filter, once. */
const sets = new WeakMap<CommittedState, Promise<CallSet>>()

function setOf(state: CommittedState): Promise<CallSet> {
  const known = sets.get(state)
  if (known !== undefined) return known
  const made = state.loadOutput(CURATED).then(frameCallSet)
  sets.set(state, made)
  // a failure is not kept
  made.catch(() => sets.delete(state))
  return made
}

/** The filter of a query. @throws ServerError request_invalid - a value cannot be */
function filterOf(address: string): CallFilter {
  try {
    return filterFromQuery(address.split('?', 2)[1] ?? '')
  } catch (error) {
    if (!(error instanceof ContractError)) throw error
    throw requestInvalid([{ in: 'query', name: String(error.details.option), problem: error.statement }])
  }
}

/** Dimensions whose members come from the data. */
const NAMED = ['region', 'issue', 'agent', 'resolution'] as const

/** The names that calls have; the empty one for calls without a value. */
function namesIn({ dimensions }: CallSet): Readonly<Record<(typeof NAMED)[number], readonly string[]>> {
  const namesOf = (dimension: (typeof NAMED)[number]): readonly string[] => {
    const { members, isUsed } = dimensions[dimension]
    return members.filter((_, code) => isUsed[code] === 1).map((member) => member ?? '')
  }
  const [region, issue, agent, resolution] = NAMED.map(namesOf) as [string[], string[], string[], string[]]
  return { region, issue, agent, resolution }
}

const MINUTES = '\\d{1,6}(\\.\\d{1,4})?'
const PERIOD = [...PERIOD_PRESETS, 'all', `${DAY_PATTERN}\\.\\.${DAY_PATTERN}?`, `\\.\\.${DAY_PATTERN}`].join('|')

const name = z.string().max(200)

export const callsSummaryRoute = defineRoute({
  method: 'get',
  path: '/api/v1/calls/summary',
  scope: 'read',
  summary: 'the figures of the calls',
  description:
    'Key figures with their change against the period before, timeline, durations, heat map, breakdowns and agents, as `support-etl calls summary --json` prints them. An empty name selects calls without a value.',
  query: z.object({
    period: z
      .string()
      .regex(new RegExp(`^(${PERIOD})$`), { error: `expected ${PERIOD_PRESETS.join(', ')}, all, or days` })
      .optional()
      .meta({ description: '7d, 28d, 91d: whole days before the newest; 24h; or days such as 2025-03-01..2025-03-31' }),
    compare: z.enum(CALL_COMPARISONS).optional().meta({ description: 'what the period is compared with' }),
    region: listOf(name).meta({ description: 'only these regions' }),
    issue: listOf(name).meta({ description: 'only these issues' }),
    agent: listOf(name).meta({ description: 'only these agents, by id' }),
    resolution: listOf(name).meta({ description: 'only these resolutions' }),
    rating: listOf(z.enum(['1', '2', '3', '4', '5', 'other', ''])).meta({ description: 'only these ratings' }),
    weekday: listOf(z.enum(WEEKDAYS)).meta({ description: 'only these weekdays' }),
    hour: listOf(z.enum(HOURS)).meta({ description: 'only these hours' }),
    minutes: z
      .string()
      .regex(new RegExp(`^(${MINUTES}\\.\\.(${MINUTES})?|\\.\\.${MINUTES})$`), { error: 'expected 2..10, 5.. or ..3' })
      .optional()
      .meta({ description: 'only durations from and to under: 2..10, 5.. or ..3' }),
    minimum: wholeNumber({ least: 1 })
      .optional()
      .default(10)
      .meta({ description: 'calls an agent needs to have a place' }),
  }),
  values: async (context) => namesIn(await setOf(await context.state(callsJob))),
  answer: z
    .strictObject({
      data: callsSummarySchema,
      meta: z.strictObject({
        commit: z.int().meta({ description: 'the version of the state' }),
        committed_at: z.string().meta({ format: 'date-time' }),
        time_zone: z.string().meta({ description: 'of days and hours' }),
      }),
    })
    .meta({ id: 'CallsSummaryAnswer' }),
  refusals: ['not_found'],
  reads: 'data',
  async handle({ address, query }, context) {
    const filter = filterOf(address)
    const state = await context.state(callsJob)
    const set = await setOf(state)
    const { commit, committedAt, options } = state
    return {
      // the schema describes this very type
      data: summarizeCallSet(set, filter, { minimumCalls: query.minimum }) as z.input<typeof callsSummarySchema>,
      meta: { commit, committed_at: committedAt, time_zone: options.timeZone },
    }
  },
})
