/**
 * The database of the interactions system: the tables of its job, and what is added to them.
 * @module
 */
import type { SystemDatabase } from '../../server/database/system-database.ts'
import { interactionsJob } from './job/interactions-job.ts'
import { TABLES } from './queries/schema.ts'

export const INTERACTIONS_DATABASE: SystemDatabase = {
  job: interactionsJob,
  tables: TABLES,
  details: { interactions: { indexes: [['customer_id', 'started_on'], ['started_on']] } },
  migrations: [],
}
