/**
 * `support-etl complaints load`: what the last commit of a lake lists, in a warehouse.
 * @module
 */
import { addressOf } from '../../../connect/postgres/address.ts'
import { deliverState } from '../../../pipeline/destinations/deliver-state.ts'
import type { DeliveryResult, Destination } from '../../../pipeline/destinations/destination.ts'
import { pglite, postgres } from '../../../pipeline/destinations/postgres/postgres.ts'
import { effectsOf } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { renderTable, type TableView } from '../../../terminal/text/text-table.ts'
import { complaintsJob } from '../job/complaints-job.ts'

interface LoadValues {
  readonly out: string
  readonly warehouse: string
  readonly schema: string
  readonly json?: true
}

/** The warehouse at an address. @throws ConnectError invalid_option - it is no address */
export function warehouseAt(text: string, schema: string): Destination {
  const address = addressOf('--warehouse', text)
  // what the log of the lake would know it by; it is never stored
  const name = 'warehouse'
  return address.kind === 'embedded'
    ? pglite({ folder: address.folder, schema, name })
    : postgres({ url: address.url, schema: address.schema ?? schema, name })
}

function resultText({ status, commit, rows }: DeliveryResult, { out, schema }: LoadValues, view: TableView): string {
  if (status === 'waits') return 'another process owns the database, and nothing was loaded'
  if (commit === null) return 'nothing was loaded: other code made the commit, or a later one came meanwhile'
  const title = `the warehouse has version ${commit} of ${printable(out)}, in schema ${printable(schema)}`
  const tables = Object.entries(rows).map(([table, count]) => [table, count])
  return tables.length === 0
    ? `${title}; nothing had changed`
    : `${title}\n\n${renderTable([{ title: 'table' }, { title: 'rows written', align: 'right' }], tables, view)}`
}

/** Loads the last commit into a database; exit status 1 where it could not be. */
export async function complaintsLoad(values: LoadValues, terminal: Terminal): Promise<ExitCode> {
  const { out, warehouse, schema, json } = values
  const destinations = [warehouseAt(warehouse, schema)]
  const [result] = await deliverState(complaintsJob, { out, destinations }, effectsOf(terminal))
  // one destination, one result
  const delivery = result as DeliveryResult
  await terminal.print(json ? renderJson(delivery) : resultText(delivery, values, terminal.view))
  return delivery.commit === null ? EXIT.failed : EXIT.done
}
