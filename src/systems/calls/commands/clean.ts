/**
 * `support-etl calls clean`: a call log into the curated file.
 * @module
 */
import { ConnectError } from '../../../errors.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { counted, figure, renderJson, renderTable } from '../../../terminal/render.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import type { CallRejectReason } from '../clean/call-rejects.ts'
import { type CallsRun, runCalls } from '../job/run-calls.ts'
import { callsWorld, placed } from './places.ts'

interface CleanValues {
  readonly calls: string
  readonly agents: string
  readonly output: string
  readonly manifest: string
  readonly timeZone: string
  readonly rejects?: string
  readonly append?: true
  readonly json?: true
}

/** Lines that are named beside their reason. */
const SHOWN = 6

const WORDS: Readonly<Record<CallRejectReason, string>> = {
  json_invalid: 'no JSON object',
  call_id_missing: 'no call id',
  start_missing: 'no start',
  start_unreadable: 'start is no stamp',
  end_missing: 'no end',
  end_unreadable: 'end is no stamp',
  end_equals_start: 'end equals start',
  end_before_start: 'end before start',
}

function rejectRows({ rejects, summary }: CallsRun): (string | number)[][] {
  const [lines, reasons] = [rejects.columns.get('line'), rejects.columns.get('reason')]
  return Object.entries(summary.rejected_by_reason).map(([reason, count]) => {
    const found: number[] = []
    for (let row = 0; row < rejects.rows && found.length < SHOWN; row++) {
      if (reasons?.at(row) === reason) found.push(Number(lines?.at(row)))
    }
    const more = count > found.length ? ` and ${figure(count - found.length)} more` : ''
    return [WORDS[reason as CallRejectReason], count, `${found.map(String).join(', ')}${more}`]
  })
}

function text(run: CallsRun, values: CleanValues, terminal: Terminal): string {
  const { outcome, summary, manifest } = run
  const what = outcome === 'unchanged' ? 'is as it was' : 'is written'
  const lines = [
    terminal.title(`${values.output} ${what}: ${counted(manifest.row_count, 'call')}`),
    `${counted(summary.rows, 'row')} read; ${counted(summary.replaced, 'repeated call id')} (the last one stays); ${counted(
      summary.unknown_agents,
      'call',
    )} of agents who are not in the list`,
  ]
  if (summary.unreadable_ratings > 0)
    lines.push(`${counted(summary.unreadable_ratings, 'rating')} could not be read and became empty`)
  if (summary.rejected > 0) {
    const columns = [{ title: 'refused because' }, { title: 'rows', align: 'right' as const }, { title: 'lines' }]
    lines.push('', renderTable(columns, rejectRows(run)).trimEnd())
    lines.push('', values.rejects === undefined ? 'see them all with --rejects FILE' : `all of them: ${values.rejects}`)
  }
  return `${lines.join('\n')}\n`
}

/** Cleans and publishes; refused rows are told with their lines, and end nothing. */
export async function callsClean(values: CleanValues, terminal: Terminal): Promise<ExitCode> {
  const files = {
    calls: placed(values.calls),
    agents: placed(values.agents),
    output: placed(values.output),
    manifest: placed(values.manifest),
    ...(values.rejects === undefined ? {} : { rejects: placed(values.rejects) }),
  }
  const options = { timeZone: values.timeZone, existing: values.append ? 'append' : 'replace' } as const
  const run = await runCalls(files, options, callsWorld(terminal)).catch((error: unknown) => {
    if (!(error instanceof ConnectError) || error.code !== 'not_found') throw error
    const told = `${error.message}; name the files with --calls and --agents, or make some with "support-etl calls generate"`
    throw new ConnectError('not_found', told, { cause: error })
  })
  const { outcome, summary, manifest } = run
  await terminal.print(values.json ? renderJson({ outcome, ...summary, manifest }) : text(run, values, terminal))
  return EXIT.done
}
