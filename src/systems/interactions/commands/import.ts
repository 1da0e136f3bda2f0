/**
 * `support-etl interactions import`: applies the three files, and keeps the database at the commit.
 * @module
 */
import { openStore } from '../../../connect/open.ts'
import type { Destination } from '../../../pipeline/destinations/destination.ts'
import { databaseAddress, embeddedFolder } from '../../../server/database/named-database.ts'
import { systemDestination } from '../../../server/database/served-database.ts'
import type { ExitCode } from '../../../terminal/exit-code.ts'
import { declaredJob } from '../../../terminal/flags/declared-job.ts'
import type { FormatValues } from '../../../terminal/flags/format-flags.ts'
import { type RunValues, runJob } from '../../../terminal/run-job.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { interactionsJob } from '../job/interactions-job.ts'
import { type DatabaseValues, NAMED_DATABASE } from './ask.ts'

/** The database that a run delivers to: a server, or the embedded one beside the state. */
function destinationsOf({ database, out }: DatabaseValues): readonly Destination[] {
  const address = databaseAddress(database)
  if (address?.kind === 'server') return [systemDestination(address, NAMED_DATABASE)]
  const folder = embeddedFolder(address, openStore(out))
  // a state in a bucket has no folder for a database: a server of its own makes one in memory
  return folder === null ? [] : [systemDestination({ kind: 'embedded', folder }, NAMED_DATABASE)]
}

/** Runs the job, and prints what `run` prints. */
export async function importFiles(
  values: RunValues & DatabaseValues & FormatValues,
  terminal: Terminal,
): Promise<ExitCode> {
  return runJob(await declaredJob(interactionsJob, values, terminal), values, terminal, {
    destinations: destinationsOf(values),
  })
}
