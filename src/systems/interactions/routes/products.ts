/**
 * `GET /api/v1/interactions/products`: what customers of each type talked about.
 * @module
 */
import { z } from 'zod'
import { defineRoute } from '../../../server/route.ts'
import { PAGE_QUERY } from '../../../server/routes/paging.ts'
import { typeAnswers } from '../figures/answers.ts'
import { interactionGroups, monthsWithSeveralProducts } from '../queries/counts.ts'
import type { InteractionsSchema } from '../queries/schema.ts'
import { GROUPS_CSV, groupsSchema, severalProducts } from './answer-schemas.ts'
import { filterOf, filterValues, INTERACTIONS_QUERY } from './filters.ts'
import { groupsAnswer } from './groups.ts'

const typesSchema = z
  .strictObject({
    data: z.array(
      z.strictObject({
        customer_type: z.string().meta({ description: 'Unknown for customers without a type', example: 'Red' }),
        products: z.array(
          z.strictObject({
            product: z.string().meta({ description: 'Unknown for months without one', example: 'Sand' }),
            interaction_count: z.int().min(1).meta({ example: 7 }),
          }),
        ),
      }),
    ),
    meta: z.strictObject({ months_with_several_products: severalProducts }),
  })
  .meta({ id: 'ProductsByType' })

const answer = z.union([typesSchema, groupsSchema])

export const productsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/interactions/products',
  scope: 'read',
  summary: 'the products that interactions were about, per type of customer',
  description:
    'The product of an interaction is that of its month of wall time; there may be several, and then it counts under each. With group_by it gives counts by these dimensions and the product instead, in pages.',
  query: z.object({ ...INTERACTIONS_QUERY, ...PAGE_QUERY }),
  values: filterValues,
  answer,
  csv: {
    columns: (given) =>
      'links' in given ? GROUPS_CSV.columns(given) : ['customer_type', 'product', 'interaction_count'],
    rows: (given) =>
      'links' in given
        ? GROUPS_CSV.rows(given)
        : given.data.flatMap(({ customer_type, products }) =>
            products.map((product) => ({ customer_type, ...product })),
          ),
  },
  reads: 'data',
  handle: ({ address, query }, context) =>
    context.database<InteractionsSchema, z.infer<typeof answer>>(async (database) => {
      const filter = filterOf(query)
      const { group_by: by } = query
      if (by !== undefined) {
        const all = by.includes('product') ? by : [...by, 'product' as const]
        return groupsAnswer(database, filter, all, { address, choice: query })
      }
      return {
        data: typeAnswers(await interactionGroups(database, filter, ['type', 'product'])).map(
          ({ customer_type, products }) => ({ customer_type, products: [...products] }),
        ),
        meta: { months_with_several_products: await monthsWithSeveralProducts(database, filter) },
      }
    }),
})
