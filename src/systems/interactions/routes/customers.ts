/**
 * `GET /api/v1/interactions` and `GET /api/v1/interactions/{customer_id}`: counts per customer and channel.
 * @module
 */
import { z } from 'zod'
import { ServerError } from '../../../errors.ts'
import { defineRoute } from '../../../server/route.ts'
import { PAGE_QUERY, pageOf, pageSchema } from '../../../server/routes/paging.ts'
import { customerAnswer } from '../figures/answers.ts'
import { countCustomers, customerCounts, oneCustomer } from '../queries/counts.ts'
import type { InteractionsSchema } from '../queries/schema.ts'
import { CUSTOMER_COLUMNS, customerRows, customerSchema, GROUPS_CSV, groupsSchema } from './answer-schemas.ts'
import { CUSTOMER_PATH, CUSTOMER_QUERY, filterOf, filterValues, INTERACTIONS_QUERY } from './filters.ts'
import { groupsAnswer, sliceOf } from './groups.ts'

const GROUPED = 'With group_by it gives counts by these dimensions instead, in pages.'

const oneSchema = z.union([z.strictObject({ data: customerSchema }), groupsSchema])

export const customerRoute = defineRoute({
  method: 'get',
  path: '/api/v1/interactions/{customer_id}',
  scope: 'read',
  summary: 'the interactions of a customer, per channel',
  description: `Counts the interactions of a customer per channel, with every channel that occurs anywhere. A customer of another type than asked for has zeros. An id that only interactions know has "known": false. ${GROUPED}`,
  params: CUSTOMER_PATH,
  query: z.object({ ...CUSTOMER_QUERY, ...PAGE_QUERY }),
  values: filterValues,
  answer: oneSchema,
  csv: {
    columns: (answer) => ('meta' in answer ? GROUPS_CSV.columns(answer) : CUSTOMER_COLUMNS),
    rows: (answer) => ('meta' in answer ? GROUPS_CSV.rows(answer) : customerRows([answer.data])),
  },
  refusals: ['not_found'],
  reads: 'data',
  handle: ({ address, params: { customer_id }, query }, context) =>
    context.database<InteractionsSchema, z.infer<typeof oneSchema>>(async (database) => {
      const filter = filterOf(query)
      const counts = await oneCustomer(database, customer_id, filter)
      if (counts === null) {
        throw new ServerError('not_found', `no customer and no interaction has the id ${customer_id}`)
      }
      const { group_by: by } = query
      if (by === undefined) return { data: customerAnswer(counts) }
      return groupsAnswer(database, { ...filter, customer: [customer_id] }, by, { address, choice: query })
    }),
})

const allSchema = z.union([
  z
    .strictObject({
      data: z.array(customerSchema),
      meta: z.strictObject(pageSchema.meta),
      links: pageSchema.links,
    })
    .meta({ id: 'CustomerList' }),
  groupsSchema,
])

export const customersRoute = defineRoute({
  method: 'get',
  path: '/api/v1/interactions',
  scope: 'read',
  summary: 'the interactions of all customers, per channel',
  description: `Counts interactions per customer and channel, zeros included, in order of the ids: those of the customers file, and those that only interactions know. Customers of other types than asked for are left out. ${GROUPED}`,
  query: z.object({ ...INTERACTIONS_QUERY, ...PAGE_QUERY }),
  values: filterValues,
  answer: allSchema,
  csv: {
    columns: (answer) => ('group_by' in answer.meta ? GROUPS_CSV.columns(answer as never) : CUSTOMER_COLUMNS),
    rows: (answer) =>
      'group_by' in answer.meta
        ? GROUPS_CSV.rows(answer as never)
        : customerRows(answer.data as z.infer<typeof customerSchema>[]),
  },
  reads: 'data',
  handle: ({ address, query }, context) =>
    context.database<InteractionsSchema, z.infer<typeof allSchema>>(async (database) => {
      const filter = filterOf(query)
      const { group_by: by } = query
      if (by !== undefined) return groupsAnswer(database, filter, by, { address, choice: query })
      const total = await countCustomers(database, filter)
      const counts = await customerCounts(database, filter, sliceOf(query))
      return { data: counts.map(customerAnswer), ...pageOf(address, query, total) }
    }),
})
