/** What goes into the embedded Postgres comes back cell by cell. */
import { openEmbedded } from '../../src/connect/postgres/embedded.ts'
import { postgresConnection } from '../../src/engine/postgres.ts'
import { connectionCases } from './connection-cases.ts'

connectionCases('the embedded Postgres', async () => postgresConnection(await openEmbedded(null), 'memory'))
