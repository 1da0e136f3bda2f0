/**
 * `GET /api/v1/stats/{table}`: how many rows there are.
 * @module
 */
import { z } from 'zod'
import { defineRoute } from '../../../server/route.ts'
import { countRows } from '../queries/counts.ts'
import { type InteractionsSchema, TABLES } from '../queries/schema.ts'

const answer = z
  .strictObject({ data: z.strictObject({ table: z.enum(TABLES), row_count: z.int().min(0) }) })
  .meta({ id: 'TableStats' })

export const statsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/stats/{table}',
  scope: 'read',
  summary: 'the rows of a table',
  description: 'How many rows a table has. Rows that wait in quarantine are not in it.',
  params: z.object({ table: z.enum(TABLES) }),
  answer,
  csv: { columns: ['table', 'row_count'], rows: ({ data }) => [data] },
  reads: 'data',
  handle: ({ params: { table } }, context) =>
    context.database<InteractionsSchema, z.infer<typeof answer>>(async (database) => {
      return { data: { table, row_count: await countRows(database, table) } }
    }),
})
