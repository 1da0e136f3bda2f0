/**
 * `POST /api/v1/imports`: files over HTTP, applied by the job as `interactions import` does.
 * @module
 */
import { z } from 'zod'
import { memoryStore } from '../../../connect/memory.ts'
import { defineRoute } from '../../../server/route.ts'
import { FILES, interactionsJob } from '../job/interactions-job.ts'
import { TABLES } from '../queries/schema.ts'

const counts = () => z.record(z.enum(TABLES), z.int().min(0))

const answer = z
  .strictObject({
    data: z.strictObject({
      status: z
        .enum(['committed', 'republished', 'nothing_to_do'])
        .meta({ description: 'nothing_to_do: the files are those of the last commit' }),
      commit: z.int().meta({ description: 'the number of the last commit now' }),
      applied: z.array(z.string()).meta({ description: 'the files that were applied' }),
      rows: counts().meta({ description: 'rows of each table now' }),
      quarantined: z.int().min(0).meta({ description: 'rows that wait in quarantine now' }),
      warnings: z.array(z.string()).meta({ description: 'what is worth a look, such as dates that read both ways' }),
    }),
  })
  .meta({ id: 'ImportResult' })

const files = {
  customers: { description: 'customer.csv; may be left out where none was ever imported', isRequired: false },
  interactions: { description: 'interactions.csv, all of them', isRequired: true },
  products: { description: 'product.csv; may be left out where none was ever imported', isRequired: false },
} as const

export const importsRoute = defineRoute({
  method: 'post',
  path: '/api/v1/imports',
  scope: 'import',
  summary: 'import the three files',
  description:
    'Applies the files as `support-etl interactions import` does, in one commit: each is a whole table and replaces the one before. Answers when its rows are served. The same files again change nothing.',
  files,
  answer,
  refusals: [
    ...(['column_missing', 'column_extra', 'date_order', 'base_duplicate_key', 'null_key', 'empty_file'] as const),
    ...(['too_many_quarantined', 'input_shrunk', 'source_empty', 'lock_held'] as const),
  ],
  reads: 'data',
  async handle({ files: given }, context) {
    const named = TABLES.flatMap((table) => {
      const bytes = given.get(table)
      return bytes === undefined ? [] : [[FILES[table][0], bytes] as const]
    })
    const { status, commit, applied, tables, quarantined, notes } = await context.run(interactionsJob, {
      // what messages call the place of the files
      data: { ...memoryStore(Object.fromEntries(named)), location: 'the form' },
    })
    const warnings = notes.filter(({ severity }) => severity === 'warning').map(({ message }) => message)
    const rows = {
      customers: tables.customers ?? 0,
      interactions: tables.interactions ?? 0,
      products: tables.products ?? 0,
    }
    return { data: { status, commit, applied: applied.map(({ name }) => name), rows, quarantined, warnings } }
  },
})
