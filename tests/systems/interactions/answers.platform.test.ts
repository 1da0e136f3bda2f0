import { sql } from 'kysely'
import { afterAll, beforeAll, describe } from 'vitest'
import { connectServer } from '../../../src/connect/postgres/server.ts'
import { kyselyOver } from '../../../src/server/database/dialect.ts'
import { serverDatabase, systemDestination } from '../../../src/server/database/served-database.ts'
import { NAMED_DATABASE } from '../../../src/systems/interactions/commands/ask.ts'
import type { InteractionsSchema } from '../../../src/systems/interactions/queries/schema.ts'
import { findPrograms, type Server, startServer } from '../../postgres-server.ts'
import { describeAnswers, effects } from './answers-suite.ts'
import { createTables, describeQueries } from './queries-suite.ts'

const programs = findPrograms()

describe.skipIf(programs === null)('with a Postgres server whose text sorts as people sort it', () => {
  let server: Server
  let place = 0
  const address = (schema: string) => {
    return { kind: 'server', url: `postgres://postgres@127.0.0.1:${server.port}/people`, schema } as const
  }
  beforeAll(async () => {
    server = await startServer(programs as string)
    const database = await connectServer(server.url)
    await database.query(
      "CREATE DATABASE people TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C'",
    )
    await database.close()
  }, 60_000)
  afterAll(async () => server?.stop(), 60_000)

  describeAnswers('a Postgres server', {
    shows: 'always',
    async open() {
      const at = address(`place_${++place}`)
      return {
        destinations: [systemDestination(at, NAMED_DATABASE)],
        serve: () => serverDatabase(at, NAMED_DATABASE, effects),
        address: `${at.url}?schema=${at.schema}`,
      }
    },
  })

  describeQueries(async () => {
    const connection = await connectServer(address('public').url)
    const database = kyselyOver<InteractionsSchema>(
      async (text, values) => (await connection.query(text, values)).rows,
      'public',
    )
    const { rows } = await sql<{ found: string | null }>`SELECT to_regclass('customers')::text AS found`.execute(
      database,
    )
    if (rows[0]?.found === null) await createTables(database)
    return database
  }, 300)
})
