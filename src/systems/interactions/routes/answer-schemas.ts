/**
 * The schemas of answers about interactions, shared by routes.
 * @module
 */
import { z } from 'zod'
import { pageSchema } from '../../../server/routes/paging.ts'
import { DIMENSIONS } from '../queries/schema.ts'

const count = () => z.int().min(0)

/** A customer with counts per channel. */
export const customerSchema = z
  .strictObject({
    customer_id: z.int().min(1),
    known: z
      .literal(false)
      .optional()
      .meta({ description: 'there only where the customers file does not have the id' }),
    interactions: z
      .record(z.string(), count())
      .meta({ description: 'interactions per channel: every channel that occurs anywhere, zeros included' }),
  })
  .meta({ id: 'CustomerInteractions' })

const text = () => z.string().optional()

/** A group of interactions. */
export const groupSchema = z
  .strictObject({
    month: text().meta({ description: 'month of wall time', example: '2020-02' }),
    type: text().meta({ description: "the customer's type; Unknown where there is none", example: 'Red' }),
    channel: text().meta({ example: 'Email' }),
    product: text().meta({ description: 'the product of the month; Unknown where there is none', example: 'Sand' }),
    customer: z.int().min(1).optional().meta({ description: 'the id of the customer', example: 4 }),
    topic: text().meta({ description: 'Unknown where the source has none' }),
    interaction_count: z.int().min(1).meta({ example: 2 }),
  })
  .meta({ id: 'InteractionGroup' })

/** Which months count an interaction more than once. */
export const severalProducts = z.array(z.string()).meta({
  description: 'months with more than one product: an interaction of theirs counts under each of these products',
  example: [],
})

/** Groups, in pages. */
export const groupsSchema = z
  .strictObject({
    data: z.array(groupSchema),
    meta: z.strictObject({
      ...pageSchema.meta,
      group_by: z.array(z.enum(DIMENSIONS)).meta({ description: 'what was counted by; groups are in its order' }),
      months_with_several_products: severalProducts,
    }),
    links: pageSchema.links,
  })
  .meta({ id: 'InteractionGroups' })

/** Answers with counts by any dimensions. */
export type GroupsAnswer = z.infer<typeof groupsSchema>

/** The header and rows of groups as CSV. */
export const GROUPS_CSV = {
  columns: ({ meta }: GroupsAnswer): readonly string[] => [...meta.group_by, 'interaction_count'],
  rows: ({ data }: GroupsAnswer) =>
    data.map((group) => Object.fromEntries(Object.entries(group).map(([name, value]) => [name, value ?? null]))),
}

/** The header of customers as CSV: one row a customer and channel. */
export const CUSTOMER_COLUMNS = ['customer_id', 'known', 'channel', 'interaction_count'] as const

/** Returns customers as rows of CSV. */
export function customerRows(customers: readonly z.infer<typeof customerSchema>[]) {
  return customers.flatMap(({ customer_id, known = true, interactions }) =>
    Object.entries(interactions).map(([channel, interaction_count]) => ({
      ...{ customer_id, known, channel, interaction_count },
    })),
  )
}
