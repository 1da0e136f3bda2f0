/**
 * `support-etl complaints run`: lands and cleans what the sources have delivered, and counts every row.
 * @module
 */
import type { FileStore } from '../../../connect/file-store.ts'
import { mountedStores } from '../../../connect/mounted-stores.ts'
import { openStore } from '../../../connect/open.ts'
import { isSheet, sheetAt } from '../../../connect/sheet/sheet-store.ts'
import { nextDay, readDay } from '../../../pipeline/job/day.ts'
import { runPipeline } from '../../../pipeline/run.ts'
import type { RunResult } from '../../../pipeline/run-result.ts'
import { effectsOf, quarantineWarning } from '../../../terminal/cli-effects.ts'
import { refuseNoFolder } from '../../../terminal/did-you-mean.ts'
import { declaredJob } from '../../../terminal/flags/declared-job.ts'
import type { FormatValues } from '../../../terminal/flags/format-flags.ts'
import { optionError, parseCount, parseShare } from '../../../terminal/flags/option-values.ts'
import { tellNotes } from '../../../terminal/run-job.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { complaintsJob } from '../job/complaints-job.ts'
import { daysWithout } from '../job/days-without.ts'
import { type Reconciliation, reconcile } from '../job/reconcile.ts'
import { deliveriesTable } from './deliveries-table.ts'
import { areTables, openForms, recheckingJob } from './form-tables.ts'
import { tellLosses } from './status.ts'
import { USUAL_WORLD } from './usual-world.ts'

interface RunValues extends FormatValues {
  readonly data: string
  readonly out: string
  readonly day?: string
  readonly from?: string
  readonly to?: string
  readonly sheet?: string
  readonly forms?: string
  readonly formsSchema?: string
  readonly missingExit: string
  readonly timeZone?: string
  readonly maxQuarantined?: string
  readonly withdraw?: string
  readonly acceptWithdrawals?: readonly string[]
  readonly json?: true
}

/** The most days that one run may name. */
const LONGEST_RANGE = 3660

/** The days that a command line names; null for all that wait. */
export function daysOf({ day, from, to }: Pick<RunValues, 'day' | 'from' | 'to'>): string[] | null {
  if (day !== undefined) {
    if (from !== undefined || to !== undefined) throw optionError('--day', day, 'either --day, or --from and --to')
    return [readDay(day, '--day')]
  }
  if (from === undefined && to === undefined) return null
  if (from === undefined || to === undefined) {
    throw optionError(from === undefined ? '--to' : '--from', from ?? to ?? '', 'both --from and --to')
  }
  const [first, last] = [readDay(from, '--from'), readDay(to, '--to')]
  if (first > last) throw optionError('--from', from, `a day that is not after --to ${last}`)
  const days: string[] = []
  for (let next = first; next <= last; next = nextDay(next)) {
    if (days.length === LONGEST_RANGE) throw optionError('--to', to, `a range of at most ${LONGEST_RANGE} days`)
    days.push(next)
  }
  return days
}

/** The sources as one place, and how to leave it. */
interface Sources {
  readonly store: FileStore
  /** Whether web forms are tables of a database. */
  readonly hasDatabase: boolean
  close(): Promise<void>
}

/** The places of the sources as one: those of a folder are its folders, a bucket needs the others beside it. */
export async function sourcesOf({
  data,
  sheet,
  forms,
  formsSchema,
}: Pick<RunValues, 'data' | 'sheet' | 'forms' | 'formsSchema'>): Promise<Sources> {
  const isBucket = data.startsWith('s3://')
  const close = async (): Promise<void> => {}
  if (!isBucket && sheet === undefined && forms === undefined)
    return { store: openStore(data), hasDatabase: false, close }
  if (isBucket && sheet === undefined) {
    throw optionError('--data', data, 'a folder; with a bucket, name --sheet and --forms too')
  }
  if (isBucket && forms === undefined) throw optionError('--data', data, 'a folder; with a bucket, name --forms too')
  const folders = {
    's3/': openStore(isBucket ? data : `${data}/s3`),
    'sheet/': sheet !== undefined && isSheet(sheet) ? sheetAt(sheet) : openStore(sheet ?? `${data}/sheet`),
  }
  const address = forms ?? `${data}/web_forms`
  if (!areTables(address)) {
    return { store: mountedStores({ ...folders, 'web_forms/': openStore(address) }), hasDatabase: false, close }
  }
  const opened = await openForms(address, formsSchema)
  return { store: mountedStores({ ...folders, 'web_forms/': opened.store }), hasDatabase: true, close: opened.close }
}

function exitStatus(text: string): number {
  const status = parseCount('--missing-exit', text)
  if (status > 255) throw optionError('--missing-exit', text, 'an exit status from 0 to 255')
  return status
}

function tellResult({ notes, skipped, quarantined }: RunResult, terminal: Terminal): void {
  tellNotes(notes, terminal)
  const left = skipped.filter(({ reason }) => reason === 'not_selected')
  if (left.length > 0) {
    const names = left.slice(0, 3).map(({ name }) => printable(name))
    const more = left.length > 3 ? ` and ${left.length - 3} more` : ''
    terminal.log('info', `other deliveries wait: ${names.join(', ')}${more}`)
  }
  const waiting = quarantineWarning(quarantined, terminal)
  if (waiting !== null) terminal.log('warn', waiting)
}

function resultText(
  { status, commit }: RunResult,
  found: Reconciliation,
  { out }: RunValues,
  { view }: Terminal,
): string {
  const place = printable(out)
  const what =
    status === 'nothing_to_do'
      ? `nothing to do: ${place} is at version ${commit}`
      : status === 'committed'
        ? `committed version ${commit} to ${place}`
        : `copies written again; ${place} is at version ${commit}`
  return `${what}\n\n${deliveriesTable(found, view)}`
}

/**
 * Runs the job, then counts every row of the lake. The exit status is that of `--missing-exit` where a named day has no delivery of any
 * source, and 1 where rows are in no account.
 */
export async function complaintsRun(values: RunValues, terminal: Terminal): Promise<number> {
  const { out, timeZone, maxQuarantined, withdraw, acceptWithdrawals, json } = values
  refuseNoFolder(values.data, USUAL_WORLD)
  const missingExit = exitStatus(values.missingExit)
  const days = daysOf(values)
  const effects = effectsOf(terminal)
  const job = await declaredJob(complaintsJob, values, terminal)
  const sources = await sourcesOf(values)
  const result = await runPipeline(
    sources.hasDatabase ? recheckingJob(job) : job,
    {
      ...{ data: sources.store, out, format: 'parquet' },
      ...(days !== null && { days }),
      ...(timeZone !== undefined && { timeZone }),
      ...(maxQuarantined !== undefined && { maxQuarantined: parseShare('--max-quarantined', maxQuarantined) }),
      ...(withdraw !== undefined && { withdraw: withdraw.split(',') }),
      ...(acceptWithdrawals !== undefined && { acceptWithdrawals }),
    },
    effects,
  ).finally(() => sources.close())
  tellResult(result, terminal)
  const found = await reconcile({ out }, effects)
  const missing = days === null ? [] : await daysWithout(days, { out }, effects)
  await terminal.print(
    json
      ? renderJson({ ...result, missing, reconciliation: found })
      : terminal.fit(resultText(result, found, values, terminal)),
  )
  const status = tellLosses(found, terminal)
  if (status !== 0 || missing.length === 0) return status
  terminal.log('info', `no source has delivered ${missing.length === 1 ? missing[0] : `${missing.length} of the days`}`)
  return missingExit
}
