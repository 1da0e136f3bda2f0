/**
 * `GET /api/v1/anomalies`: what is far outside its history.
 * @module
 */
import { z } from 'zod'
import { defineRoute } from '../../../server/route.ts'
import { PAGE_QUERY, pageOf, pageRows, pageSchema } from '../../../server/routes/paging.ts'
import { listOf } from '../../../server/routes/query-values.ts'
import { ANOMALY_KINDS, interactionAnomalies } from '../figures/anomalies.ts'
import { interactionHistory } from '../queries/history.ts'
import type { InteractionsSchema } from '../queries/schema.ts'
import { CUSTOMER_QUERY, filterOf } from './filters.ts'

/** An anomaly. */
export const anomalySchema = z
  .strictObject({
    kind: z
      .enum(ANOMALY_KINDS as readonly [string, ...string[]])
      .meta({ description: 'what is odd', example: 'channel' }),
    subject: z.string().nullable().meta({ description: "the channel, or the customer's id; null for a whole day" }),
    day: z
      .string()
      .meta({ description: 'the day that is odd, or the first one', format: 'date', example: '2020-02-11' }),
    count: z.int().min(0).meta({ description: 'interactions on that day; of what is new, all of them' }),
    expected: z.number().nullable().meta({ description: 'the mean of the days before; null for what is new' }),
  })
  .meta({ id: 'InteractionAnomaly' })

const answer = z
  .strictObject({
    data: z.array(anomalySchema),
    meta: z.strictObject(pageSchema.meta),
    links: pageSchema.links,
  })
  .meta({ id: 'InteractionAnomalies' })

export const anomaliesRoute = defineRoute({
  method: 'get',
  path: '/api/v1/anomalies',
  scope: 'read',
  summary: 'days, channels and customers far outside their history',
  description:
    'Busy and quiet days, of all interactions, a channel or a customer; channels that are new; ids that the customers file does not have. Newest first. A day is odd when it differs from the mean of all days before it by more than 3 plus five standard deviations; the first 28 days are never odd.',
  query: z.object({
    kind: listOf(z.enum(ANOMALY_KINDS as readonly [string, ...string[]])).meta({ description: 'only these kinds' }),
    start_date: CUSTOMER_QUERY.start_date,
    end_date: CUSTOMER_QUERY.end_date,
    ...PAGE_QUERY,
  }),
  answer,
  csv: { columns: ['day', 'kind', 'subject', 'count', 'expected'], rows: ({ data }) => data },
  reads: 'data',
  async handle({ address, query }, context) {
    // refuses days in the wrong order
    filterOf({ start_date: query.start_date, end_date: query.end_date })
    const history = await context.database<InteractionsSchema, Awaited<ReturnType<typeof interactionHistory>>>(
      interactionHistory,
    )
    const { kind: kinds, start_date: start = '', end_date: end = '9999-12-31' } = query
    const found = interactionAnomalies(history).filter(
      ({ kind, day }) => (kinds.length === 0 || kinds.includes(kind as never)) && day >= start && day <= end,
    )
    return { data: pageRows(found, query).map((one) => ({ ...one })), ...pageOf(address, query, found.length) }
  },
})
