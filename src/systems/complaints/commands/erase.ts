/**
 * `support-etl complaints erase`: a customer leaves everything that a lake holds, and does not come back.
 * @module
 */
import { deliverState } from '../../../pipeline/destinations/deliver-state.ts'
import type { DeliveryResult } from '../../../pipeline/destinations/destination.ts'
import { type ErasureResult, eraseKeys } from '../../../pipeline/erase/erase-keys.ts'
import { effectsOf } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { optionError } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { counted, renderJson } from '../../../terminal/text/render.ts'
import { customerId } from '../clean/customer-ids.ts'
import { complaintsJob } from '../job/complaints-job.ts'
import { warehouseAt } from './load.ts'

interface EraseValues {
  readonly out: string
  readonly customer: string
  readonly warehouse?: string
  readonly schema: string
  readonly json?: true
}

/** What was done; the customer is not named again. */
function resultText({ commit, files, removed }: ErasureResult, out: string, delivery: DeliveryResult | null): string {
  const place = printable(out)
  const named = counted(files.length, 'delivery', 'deliveries')
  const lines = [
    files.length === 0
      ? `${place} is at version ${commit}; no delivery named the customer`
      : `committed version ${commit} to ${place} without the customer, who was in ${named}`,
    `${counted(removed, 'file')} of earlier versions ${removed === 1 ? 'was' : 'were'} removed`,
    'a later delivery does not bring the customer back',
    delivery === null
      ? 'a warehouse that was loaded still has the customer until it is loaded again'
      : `the warehouse has version ${delivery.commit ?? 'unknown'}`,
    'the source places are not touched: remove the customer there, too',
  ]
  return lines.join('\n')
}

/** Erases one customer from a lake, and from a warehouse where one is named. */
export async function complaintsErase(values: EraseValues, terminal: Terminal): Promise<ExitCode> {
  const { out, customer, warehouse, schema, json } = values
  const id = customerId(customer.trim())
  if (id === null) throw optionError('--customer', customer, 'a UUID such as 5f528143-241b-4333-ba13-681987e4e0f7')
  const effects = effectsOf(terminal)
  const destinations = warehouse === undefined ? [] : [warehouseAt(warehouse, schema)]
  const result = await eraseKeys(complaintsJob, { out, keys: [id] }, effects)
  const delivered = destinations.length === 0 ? [] : await deliverState(complaintsJob, { out, destinations }, effects)
  const [delivery = null] = delivered
  await terminal.print(json ? renderJson({ ...result, warehouse: delivery }) : resultText(result, out, delivery))
  return EXIT.done
}
