import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { afterAll } from 'vitest'
import type { InteractionsSchema } from '../../../src/systems/interactions/queries/schema.ts'
import { createTables, describeQueries } from './queries-suite.ts'

let opened: Promise<Kysely<InteractionsSchema>> | null = null

function open(): Promise<Kysely<InteractionsSchema>> {
  opened ??= (async () => {
    const database = new Kysely<InteractionsSchema>({ dialect: new PGliteDialect({ pglite: await PGlite.create() }) })
    await createTables(database)
    return database
  })()
  return opened
}

afterAll(async () => (await opened)?.destroy())

describeQueries(open, 600)
