/**
 * `GET /api/v1/transcripts/agents`, `…/teams` and `…/days`: the figures of transcripts, as the job publishes them.
 * @module
 */
import { z } from 'zod'
import type { CommittedState } from '../../../pipeline/state/committed-state.ts'
import { defineRoute, type Route } from '../../../server/route.ts'
import { PAGE_QUERY, pageOf, pageRows, pageSchema } from '../../../server/routes/paging.ts'
import type { Frame } from '../../../table/frame.ts'
import { transcriptsJob } from '../job/transcripts-job.ts'
import { goldAgentPerformance, goldDailyMetrics, goldTeamPerformance } from '../tables.ts'

const percent = z.number().nullable().meta({ description: 'percent of calls; null without calls' })
const SALES = {
  total_calls: z.int(),
  total_conversions: z.int(),
  conversion_rate: percent,
  total_upsell_amount: z.number(),
}
const MOODS = {
  avg_upsell_per_call: z.number().nullable(),
  positive_sentiment_pct: percent,
  negative_sentiment_pct: percent,
}

const agentRow = z.strictObject({ agent_name: z.string(), ...SALES, ...MOODS }).meta({ id: 'TranscriptAgent' })
const teamRow = z
  .strictObject({ team: z.string(), total_agents: z.int(), ...SALES, ...MOODS })
  .meta({ id: 'TranscriptTeam' })
const dayRow = z
  .strictObject({
    metric_date: z.string().meta({ format: 'date' }),
    ...SALES,
    avg_sentiment_score: z.number().nullable().meta({ description: 'from −1 to 1; null without calls' }),
    positive_calls: z.int(),
    negative_calls: z.int(),
    neutral_calls: z.int(),
  })
  .meta({ id: 'TranscriptDay' })

/** What differs between the routes. */
interface Figures {
  /** The last part of the path. */
  readonly name: string
  readonly output: typeof goldAgentPerformance | typeof goldTeamPerformance | typeof goldDailyMetrics
  readonly row: z.ZodObject
  readonly summary: string
  readonly description: string
}

/** Outputs of a state, each read once. */
const outputs = new WeakMap<CommittedState, Map<string, Promise<Frame>>>()

function outputOf(state: CommittedState, name: string): Promise<Frame> {
  const all = outputs.get(state) ?? new Map<string, Promise<Frame>>()
  outputs.set(state, all)
  const known = all.get(name)
  if (known !== undefined) return known
  const read = state.loadOutput(name)
  all.set(name, read)
  // a failure is not kept
  read.catch(() => all.delete(name))
  return read
}

function figuresRoute({ name, output, row, summary, description }: Figures): Route {
  const columns = Object.keys(row.shape)
  return defineRoute({
    method: 'get',
    path: `/api/v1/transcripts/${name}`,
    scope: 'read',
    ...{ summary, description },
    query: z.object(PAGE_QUERY),
    answer: z.strictObject({
      data: z.array(row),
      meta: z.strictObject({
        ...pageSchema.meta,
        commit: z.int().meta({ description: 'the version of the state' }),
        committed_at: z.string().meta({ format: 'date-time' }),
        time_zone: z.string().meta({ description: 'whose days these are' }),
      }),
      links: pageSchema.links,
    }),
    // cells of the row's schema: text, numbers and nulls
    csv: { columns, rows: ({ data }) => data as readonly Readonly<Record<string, string | number | null>>[] },
    refusals: ['not_found'],
    reads: 'data',
    async handle({ address, query }, context) {
      const state = await context.state(transcriptsJob)
      const { columns: found, rows } = await outputOf(state, output.name)
      const { meta, links } = pageOf(address, query, rows)
      const places = pageRows([...Array(rows).keys()], query)
      return {
        // the job itself wrote these columns
        data: places.map((place) =>
          Object.fromEntries(columns.map((column) => [column, found.get(column)?.at(place)])),
        ),
        meta: { ...meta, commit: state.commit, committed_at: state.committedAt, time_zone: state.options.timeZone },
        links,
      }
    },
  })
}

export const TRANSCRIPTS_ROUTES: readonly Route[] = [
  figuresRoute({
    name: 'agents',
    output: goldAgentPerformance,
    row: agentRow,
    summary: 'figures of agents',
    description: 'Calls, conversions, upsells and moods of each agent, as `gold_agent_performance` has them.',
  }),
  figuresRoute({
    name: 'teams',
    output: goldTeamPerformance,
    row: teamRow,
    summary: 'figures of teams',
    description: 'The same of each team of the agents list; agents who are not in it are in the team Unknown.',
  }),
  figuresRoute({
    name: 'days',
    output: goldDailyMetrics,
    row: dayRow,
    summary: 'figures of days',
    description:
      "Calls, conversions, upsells and moods of each day of the job's time zone, as `gold_daily_metrics` has them.",
  }),
]
