/**
 * What a query about interactions may hold: filters, and what is counted by.
 * @module
 */

import { z } from 'zod'
import { requestInvalid } from '../../../server/answers/request-fault.ts'
import type { RouteContext } from '../../../server/route.ts'
import { calendarDay, listOf, wholeNumber } from '../../../server/routes/query-values.ts'
import { knownNames } from '../queries/counts.ts'
import type { InteractionsSchema } from '../queries/schema.ts'
import { DIMENSIONS, type Dimension, type InteractionFilter, NO_FILTER } from '../queries/schema.ts'

const name = () => z.string().min(1).max(200)

/** `month,channel` as well as `month` and `channel` one after the other; a name that comes again changes nothing. */
function dimensionList() {
  const listed = (value: unknown): unknown =>
    (Array.isArray(value) ? value : [value]).flatMap((part) => (typeof part === 'string' ? part.split(',') : [part]))
  return z
    .preprocess(
      listed,
      z
        .array(z.enum(DIMENSIONS, { error: 'it is none of these' }))
        .min(1)
        .max(100),
    )
    .transform((names) => [...new Set(names)])
    .optional()
}

/** The customer that a path names. */
export const CUSTOMER_PATH = z.object({
  customer_id: wholeNumber({ least: 1 }).meta({ description: 'the id of a customer', example: 4 }),
})

/** The filters of a route about one customer. */
export const CUSTOMER_QUERY = {
  channel: listOf(name()).meta({
    description: 'only these channels, exactly as they are written; one that no interaction has is refused',
    example: ['Email'],
  }),
  type: listOf(name()).meta({
    description: 'only customers of these types; Unknown are those without one. A type that nobody has is refused',
    example: ['Red'],
  }),
  start_date: calendarDay().optional().meta({
    description: 'the first day of wall time that counts',
    example: '2020-02-01',
  }),
  end_date: calendarDay().optional().meta({
    description: 'the last day of wall time that counts, to its end; not before start_date',
    example: '2020-03-05',
  }),
  group_by: dimensionList().meta({
    description: 'count by these instead; several with commas between them, or repeated',
    example: ['month', 'channel'],
  }),
}

/** The filters of a route about all customers. */
export const INTERACTIONS_QUERY = {
  ...CUSTOMER_QUERY,
  customer: listOf(wholeNumber({ least: 1 })).meta({ description: 'only these customers', example: [4] }),
}

/** A query as its schema gives it. */
export interface AskedFilter {
  readonly channel?: readonly string[]
  readonly type?: readonly string[]
  readonly customer?: readonly number[]
  readonly start_date?: string | undefined
  readonly end_date?: string | undefined
  readonly group_by?: readonly Dimension[] | undefined
}

/** The channels and types that a query may name; a request with another one is refused with the list. */
export function filterValues(context: RouteContext) {
  return context.database<InteractionsSchema, Awaited<ReturnType<typeof knownNames>>>(knownNames)
}

/**
 * Returns the filter that a query asks for.
 * @throws ServerError request_invalid - the last day is before the first
 */
export function filterOf(asked: AskedFilter): InteractionFilter {
  const { channel = [], type = [], customer = [], start_date = null, end_date = null } = asked
  if (start_date !== null && end_date !== null && end_date < start_date) {
    throw requestInvalid([
      { in: 'query', name: 'end_date', problem: `it is before start_date, which is ${start_date}` },
    ])
  }
  return { ...NO_FILTER, channel, type, customer, start_date, end_date }
}
