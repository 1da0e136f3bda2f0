/**
 * `support-etl complaints status`: every row of every delivery, at each hop.
 * @module
 */
import { effectsOf, quarantineWarning } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { lossText } from '../figures/words.ts'
import { type Reconciliation, reconcile } from '../job/reconcile.ts'
import { deliveriesTable } from './deliveries-table.ts'

interface StatusValues {
  readonly out: string
  readonly json?: true
}

/** Logs each delivery that does not add up, and returns the exit status. */
export function tellLosses({ deliveries, isWhole }: Reconciliation, terminal: Terminal): ExitCode {
  for (const delivery of deliveries) {
    const loss = lossText(delivery)
    if (loss !== '') terminal.log('error', loss)
  }
  return isWhole ? EXIT.done : EXIT.failed
}

/** Prints the reconciliation. */
export async function complaintsStatus({ out, json }: StatusValues, terminal: Terminal): Promise<ExitCode> {
  const found = await reconcile({ out }, effectsOf(terminal))
  if (json) await terminal.print(renderJson(found))
  else {
    const verdict = found.isWhole ? 'every row is accounted for' : 'rows are missing'
    const title = terminal.title(`${printable(out)}: version ${found.commit}; ${verdict}`)
    await terminal.print(terminal.fit(`${title}\n\n${deliveriesTable(found, terminal.view)}`))
  }
  const waiting = found.deliveries.reduce(
    (rows, { duplicate, refused, quarantined }) => rows + duplicate + refused + quarantined,
    0,
  )
  const warning = quarantineWarning(waiting, terminal)
  if (warning !== null) terminal.log('warn', warning)
  return tellLosses(found, terminal)
}
