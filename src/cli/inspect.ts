/**
 * `support-etl inspect`: looks at files, says how they seem to be written, and proposes what to declare.
 * @module
 */
import { readFileSync } from 'node:fs'
import { ConnectError, ContractError } from '../errors.ts'
import { csvAdvice } from '../format/csv/foreign-format.ts'
import { type Inspection, inspectFile } from '../format/inspect/inspect.ts'
import { type Look, lookAt } from '../format/look.ts'
import type { Job } from '../pipeline/job/job.ts'
import { nearestWord } from '../spelling.ts'
import { workLine } from '../terminal/cli-effects.ts'
import { meantPath, meantText } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { printable } from '../terminal/text/lines.ts'
import { counted, renderJson } from '../terminal/text/render.ts'
import { renderTable } from '../terminal/text/text-table.ts'
import type { Jobs } from './jobs/jobs.ts'

interface InspectValues {
  readonly file: string
  readonly table?: string
  readonly job?: string
  readonly json?: true
}

/** How a file's columns differ from a table's. */
interface Comparison {
  readonly table: string
  readonly missing: readonly string[]
  readonly extra: readonly string[]
}

function readWhole(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = isMissing ? `there is no such file${meantPath(file)}` : error
    throw new ConnectError(isMissing ? 'not_found' : 'io_failed', `cannot read ${file}: ${reason}`, { cause: error })
  }
}

function compared({ columns }: Inspection, table: string, job: Job): Comparison {
  const contract = Object.hasOwn(job.tables, table) ? job.tables[table]?.contract : undefined
  if (contract === undefined) {
    const names = Object.keys(job.tables)
    throw new ContractError(
      'invalid_option',
      `--table "${table}" is no table of job ${job.name}: ${meantText(table, names)}`,
    )
  }
  const found = columns.map(({ name }) => name)
  const known = Object.entries(contract.columns).flatMap(([name, { role }]) => (role === 'metadata' ? [] : [name]))
  return {
    table,
    missing: known.filter((name) => !found.includes(name)),
    extra: found.filter((name) => !known.includes(name)),
  }
}

/** Prints what a file looks like, and the entry to paste. */
export async function inspect(values: InspectValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { file, table, job: choice, json } = values
  const show = workLine(terminal)
  show({ what: `reading ${file}`, done: null, total: null })
  const onProgress = (done: number, total: number) => show({ what: `inspecting ${file}`, done, total })
  const bytes = readWhole(file)
  const found = inspectFile(bytes, { file, onProgress })
  const { job } = await jobs.find(choice === undefined ? {} : { job: choice })
  const comparison = table === undefined ? null : compared(found, table, job)
  await terminal.print(
    json ? renderJson({ ...found, comparison }) : inspectionText(found, comparison, lookAt(bytes), terminal),
  )
  return EXIT.done
}

function layoutText({
  file,
  looks,
  encoding,
  hasMark,
  lineEnds,
  delimiter,
  quote,
  skippedLines,
  rows,
}: Inspection): string {
  if (encoding === 'none') return `${printable(file)}: ${looks}\n`
  const parts = [
    `${looks}${looks.includes(', ') ? ',' : ''} in ${encoding}${hasMark ? ' with a byte order mark' : ''}`,
    `line ends ${lineEnds}`,
    ...(delimiter === null ? [] : [`cells between ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}`]),
    ...(quote === null || quote === '"' ? [] : [`quotes ${quote}`]),
    ...(skippedLines === 0 ? [] : [`${counted(skippedLines, 'line')} before the header`]),
    counted(rows, 'row'),
  ]
  return `${printable(file)}: ${parts.join(', ')}\n`
}

function columnRows({ columns }: Inspection): (string | number)[][] {
  return columns.map(({ name, kind, values, blanks, nullWords, written, forms }) => {
    const candidates = forms?.candidates.filter(({ fits }) => fits > 0) ?? []
    const shown = candidates.map(({ form, fits, decides }) => `${form} (${fits} fit, ${decides} only it)`).join('; ')
    const words = nullWords.length === 0 ? '' : `; ${nullWords.join(', ')} for none`
    return [name, kind, values, blanks, `${shown === '' ? (written ?? '') : shown}${words}`]
  })
}

/** What to do with a file that no declaration describes. */
function undeclaredText(look: Look): string {
  const { kind } = look
  if (kind === 'parquet' || kind === 'arrow')
    return 'nothing needs to be declared: the file says itself what its columns are\n'
  return ['unknown', 'csv'].includes(kind) || kind.startsWith('json')
    ? 'no declaration can describe it\n'
    : `no declaration can describe it: ${csvAdvice(look)}\n`
}

function inspectionText(
  found: Inspection,
  comparison: Comparison | null,
  look: Look,
  { title, view, fit }: Terminal,
): string {
  const parts = [fit(layoutText(found))]
  if (found.columns.length > 0) {
    const [left, right] = ['left', 'right'] as const
    const titles = [
      { title: 'column', align: left },
      { title: 'looks like', align: left },
      { title: 'values', align: right },
      { title: 'blank', align: right },
      { title: 'written', align: left },
    ]
    parts.push(renderTable(titles, columnRows(found), view))
  }
  const { declaration, doubts } = found
  if (declaration === null) parts.push(fit(undeclaredText(look)))
  else if (Object.keys(declaration).length === 0) parts.push('nothing needs to be declared\n')
  else {
    const entry = JSON.stringify({ tables: { [comparison?.table ?? 'TABLE']: declaration } }, null, 2)
    parts.push(`${title('to declare, in support-etl.json beside the data:')}\n\n${entry}\n`)
  }
  if (doubts.length > 0)
    parts.push(`${title('not certain:')}\n\n${fit(doubts.map((doubt) => `  ${doubt}\n`).join(''))}`)
  if (comparison !== null) parts.push(fit(comparisonText(comparison)))
  return parts.join('\n')
}

function comparisonText({ table, missing, extra }: Comparison): string {
  if (missing.length === 0 && extra.length === 0) return `the columns are those of ${table}\n`
  const lines = missing.map((name) => {
    const meant = nearestWord(name, extra)
    return meant === null
      ? `  ${name}: not there\n`
      : `  ${name}: not there; is it "${printable(meant)}"? then declare "columns"\n`
  })
  const others = extra.map(
    (name) => `  ${printable(name)}: no column of ${table}; "extra_columns": "drop" leaves it out\n`,
  )
  return `columns that differ from ${table}:\n\n${lines.join('')}${others.join('')}`
}
