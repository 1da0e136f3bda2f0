/**
 * `support-etl calls clean`: cleans a call log into the curated file.
 * @module
 */
import { ConnectError, FormatError, PipelineError } from '../../../errors.ts'
import { nodeEffects } from '../../../pipeline/effects.ts'
import type { DeclaredKind } from '../../../pipeline/sources/formats/formats.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { givenFormats, withTableFormat } from '../../../terminal/flags/declared-job.ts'
import type { FormatValues } from '../../../terminal/flags/format-flags.ts'
import { parseShare } from '../../../terminal/flags/option-values.ts'
import { tellNotes } from '../../../terminal/run-job.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { placed } from '../../../terminal/text/placed.ts'
import { counted, figure, renderJson } from '../../../terminal/text/render.ts'
import { renderTable } from '../../../terminal/text/text-table.ts'
import type { CallRejectReason } from '../clean/call-rejects.ts'
import type { CallFiles } from '../job/calls-files.ts'
import { countRejects } from '../job/calls-refusals.ts'
import { type CallsRun, runCalls } from '../job/run-calls.ts'
import { callFacts } from '../tables.ts'
import { callsCliEffects, refuseSamePaths } from './places.ts'

interface CleanValues extends Omit<FormatValues, 'data'> {
  readonly calls: string
  readonly agents: string
  readonly output: string
  readonly manifest: string
  readonly timeZone: string
  readonly rejects?: string
  readonly maxQuarantined?: string
  readonly append?: true
  readonly callsFormat?: DeclaredKind
  readonly json?: true
}

const WORDS: Readonly<Record<CallRejectReason, string>> = {
  json_invalid: 'no JSON object',
  record_length: 'another number of cells',
  header_repeated: 'the header line again',
  call_id_missing: 'no call id',
  start_missing: 'no start',
  start_unreadable: 'start is unreadable',
  end_missing: 'no end',
  end_unreadable: 'end is unreadable',
  end_equals_start: 'end equals start',
  end_before_start: 'end before start',
}

function rejectRows({ rejects }: CallsRun): (string | number)[][] {
  return countRejects(rejects).map(({ reason, rows, lines }) => {
    const more = rows > lines.length ? ` and ${figure(rows - lines.length)} more` : ''
    return [WORDS[reason], rows, `${lines.join(', ')}${more}`]
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
    lines.push('', renderTable(columns, rejectRows(run), terminal.view).trimEnd())
    lines.push('', values.rejects === undefined ? 'see them all with --rejects FILE' : `all of them: ${values.rejects}`)
  }
  return `${lines.join('\n')}\n`
}

function filesOf({ calls, agents, output, manifest, rejects }: CleanValues): CallFiles {
  const paths = {
    '--calls': calls,
    '--agents': agents,
    '--output': output,
    '--manifest': manifest,
    '--rejects': rejects,
  }
  const files = {
    calls: placed('--calls', calls),
    agents: placed('--agents', agents),
    output: placed('--output', output, nodeEffects().openState),
    manifest: placed('--manifest', manifest),
    ...(rejects === undefined ? {} : { rejects: placed('--rejects', rejects) }),
  }
  refuseSamePaths(paths)
  return files
}

/** The error with what to do about it on this command line. */
function told(error: unknown): unknown {
  if (error instanceof PipelineError && error.code === 'options_changed' && error.message.includes('declared format')) {
    const message = `${error.message}; clean all logs anew, the first of them without --append`
    return new PipelineError(error.code, message, { cause: error, details: error.details })
  }
  if (error instanceof ConnectError && error.code === 'not_found' && error.message.startsWith('cannot read ')) {
    const message = `${error.message}; name the files with --calls and --agents, or make some with "support-etl calls generate"`
    return new ConnectError('not_found', message, { cause: error })
  }
  if (error instanceof FormatError && error.code === 'json_invalid' && error.details.looksLike === 'CSV') {
    const { code, statement, details } = error
    // --delimiter counts for the agents list too
    const declare = 'add --calls-format csv (where the delimiter is no comma, declare it in support-etl.json)'
    return new FormatError(code, statement, { advice: [declare, 'export it as JSON'], details, cause: error })
  }
  return error
}

/**
 * Cleans and publishes. Refused rows are listed with their lines; the run fails only if they are
 * too many.
 */
export async function callsClean(values: CleanValues, terminal: Terminal): Promise<ExitCode> {
  const files = filesOf(values)
  const found = await givenFormats(values, terminal, files.calls.store)
  const { callsFormat } = values
  const formats = callsFormat === undefined ? found : withTableFormat(found, callFacts.name, callsFormat)
  const options = {
    ...(formats !== null && { formats }),
    timeZone: values.timeZone,
    existing: values.append ? 'append' : 'replace',
    ...(values.maxQuarantined === undefined
      ? {}
      : { maxQuarantined: parseShare('--max-quarantined', values.maxQuarantined) }),
  } as const
  const run = await runCalls(files, options, callsCliEffects(terminal)).catch((error: unknown) => {
    throw told(error)
  })
  const { outcome, summary, manifest, notes } = run
  tellNotes(notes, terminal)
  await terminal.print(
    values.json ? renderJson({ outcome, ...summary, manifest }) : terminal.fit(text(run, values, terminal)),
  )
  return EXIT.done
}
