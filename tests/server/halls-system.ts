/**
 * A small system with a database: halls from a file, a route that reads them from the database, and migrations.
 * @module
 */
import { z } from 'zod'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { defineJob } from '../../src/pipeline/job/define-job.ts'
import { csv } from '../../src/pipeline/sources/formats/csv-format.ts'
import { snapshots } from '../../src/pipeline/sources/snapshots.ts'
import type { NamedDatabase } from '../../src/server/database/served-database.ts'
import { defineRoute } from '../../src/server/route.ts'
import { date, defineTable, int64, key, string } from '../../src/table/contract.ts'

const halls = defineTable('halls', { id: key(string()), name: string(), seats: int64(), opened_on: date() })
export const hallsJob = defineJob({
  name: 'halls',
  tables: { halls: { contract: halls, source: snapshots({ file: 'halls.csv', format: csv() }) } },
})

export const hallsDatabase: NamedDatabase = {
  system: 'halls',
  job: hallsJob,
  tables: ['halls'],
  migrations: [
    {
      name: '0001_visits',
      up: 'CREATE TABLE visits (at timestamp with time zone NOT NULL);\nCREATE INDEX visits_at ON visits (at);',
      down: 'DROP TABLE visits;',
    },
    {
      name: '0002_greeting',
      up: `CREATE FUNCTION greeting() RETURNS text LANGUAGE sql AS $$ SELECT 'hello; there' $$;`,
      down: 'DROP FUNCTION greeting();',
    },
  ],
}

interface Schema {
  readonly halls: { readonly id: string; readonly name: string; readonly seats: number; readonly opened_on: string }
}

const hall = z.strictObject({ id: z.string(), name: z.string(), seats: z.number(), opened_on: z.string() })

export const hallsRoute = defineRoute({
  method: 'get',
  path: '/api/v1/halls',
  scope: 'read',
  summary: 'all halls',
  description: 'All halls, in the order of their ids.',
  answer: z.strictObject({ data: z.array(hall), total: z.number() }),
  refusals: ['not_found', 'database_unreachable'],
  reads: 'data',
  handle: (_, context) =>
    context.database<Schema, { data: z.infer<typeof hall>[]; total: number }>(async (database) => ({
      data: await database.selectFrom('halls').selectAll().orderBy('id').execute(),
      total: (
        await database
          .selectFrom('halls')
          .select(({ fn }) => fn.countAll<number>().as('total'))
          .executeTakeFirstOrThrow()
      ).total,
    })),
})

/** Takes `halls.csv` and runs the job with it. */
export const importRoute = defineRoute({
  method: 'post',
  path: '/api/v1/halls/imports',
  scope: 'import',
  summary: 'import halls',
  description: 'Runs the job with the file.',
  files: { halls: { description: 'all halls, as CSV', isRequired: true } },
  answer: z.strictObject({ commit: z.int().nullable(), status: z.string() }),
  reads: 'clock',
  async handle({ files }, context) {
    const bytes = files.get('halls') ?? new Uint8Array()
    const { commit, status } = await context.run(hallsJob, { data: memoryStore({ 'halls.csv': bytes }) })
    return { commit, status }
  },
})

export const FIRST = 'id,name,seats,opened_on\nH1,North,120,2020-02-29\nH2,South,9007199254740991,1999-12-31\n'
export const SECOND =
  'id,name,seats,opened_on\nH1,North,120,2020-02-29\nH2,South wing,80,1999-12-31\nH3,West,7,2001-01-01\n'

/** What the route answers for {@link FIRST}. */
export const FIRST_HALLS = [
  { id: 'H1', name: 'North', seats: 120, opened_on: '2020-02-29' },
  { id: 'H2', name: 'South', seats: 9_007_199_254_740_991, opened_on: '1999-12-31' },
]

/** Writes the file that the job reads. */
export async function writeHalls(data: FileStore, text: string): Promise<void> {
  await data.write('halls.csv', [new TextEncoder().encode(text)])
}
