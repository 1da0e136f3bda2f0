/**
 * `support-etl check`: lists everything wrong or odd in the source files; writes nothing.
 * @module
 */
import { type ErrorCode, PipelineError } from '../errors.ts'
import { checkSource, type Finding, type SourceCheck } from '../pipeline/check.ts'
import { effectsOf } from '../terminal/cli-effects.ts'
import { refuseNoFolder } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../terminal/exit-code.ts'
import { atTerminal } from '../terminal/flags/flag-names.ts'
import { type FlagValues, optionValues } from '../terminal/flags/job-flags.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { counted, renderJson } from '../terminal/text/render.ts'
import { renderTable, type TableView } from '../terminal/text/text-table.ts'
import type { Jobs } from './jobs/jobs.ts'

interface CheckValues extends FlagValues {
  readonly data: string
  readonly job?: string
  readonly json?: true
}

const HEADINGS: Readonly<Record<Finding['severity'], string>> = {
  refused: 'a run would stop at',
  quarantined: 'a run would set aside (strict: stop at)',
  warning: 'a run would warn of (strict: stop at)',
  odd: 'legal, but odd',
  info: 'worth knowing',
}
/** People see at most this many findings of one kind; JSON has all. */
const SHOWN = 50

/** Prints the findings; returns the exit status that the run would have. */
export async function check(values: CheckValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { data, json, job: choice } = values
  refuseNoFolder(data)
  const { job } = await jobs.find(choice === undefined ? {} : { job: choice })
  const checked = await checkSource(job, { data, ...optionValues(job, values) }, effectsOf(terminal))
  const findings = checked.findings.map((finding) => ({ ...finding, message: atTerminal(finding, terminal.flags) }))
  const found: SourceCheck = { ...checked, findings }
  await terminal.print(json ? renderJson(found) : terminal.fit(checkText(found, terminal)))
  const refused = found.findings.find(({ severity }) => severity === 'refused')
  // a refusal has the code of the error that the run would throw
  return refused === undefined ? EXIT.done : exitCodeOf(new PipelineError(refused.code as ErrorCode, refused.message))
}

function checkText({ files, findings }: SourceCheck, { title, view }: Terminal): string {
  const rows = files.reduce((sum, file) => sum + file.rows, 0)
  const parts = [`${counted(files.length, 'file')} read, ${counted(rows, 'row')}\n`]
  const groups = Map.groupBy(findings, ({ severity }) => severity)
  for (const [severity, heading] of Object.entries(HEADINGS)) {
    // the keys of HEADINGS are the severities
    const group = groups.get(severity as Finding['severity'])
    if (group === undefined) continue
    const hidden =
      group.length > SHOWN ? `  and ${counted(group.length - SHOWN, 'more', 'more')}; --json lists all\n` : ''
    parts.push(
      `${title(`${heading}: ${counted(group.length, 'finding')}`)}\n\n${findingsTable(group.slice(0, SHOWN), view)}${hidden}`,
    )
  }
  if (findings.length === 0) parts.push('nothing wrong, nothing odd\n')
  return parts.join('\n')
}

function findingsTable(findings: readonly Finding[], { width }: TableView): string {
  const rows = findings.map(({ severity, code, file, row, line, found, message }) => {
    const first = severity === 'odd' && file !== null ? `; the first is ${file} row ${row}` : ''
    return [code, message + first, line, found]
  })
  return renderTable(
    [{ title: 'code' }, { title: 'what' }, { title: 'line', align: 'right' }, { title: 'found' }],
    rows,
    // how many are shown is told below them
    { width: width ?? null },
  )
}
