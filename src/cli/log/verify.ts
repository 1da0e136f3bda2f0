/**
 * `support-etl verify`: checks every file that the log names, byte for byte.
 * @module
 */

import { type Verification, verifyState } from '../../pipeline/audit/verify.ts'
import { readLoggedJob } from '../../pipeline/state/logged-job.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { counted, renderJson } from '../../terminal/text/render.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { Jobs } from '../jobs/jobs.ts'

interface VerifyValues {
  readonly out: string
  readonly job?: string
  readonly repair?: true
  readonly json?: true
}

/** Fails if damage remains after repair. */
export async function verify(values: VerifyValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { out, repair, json } = values
  const effects = effectsOf(terminal)
  // without the code nothing can be made anew, but every file can be checked
  const job = repair ? (await jobs.find(values)).job : await readLoggedJob({ out }, effects)
  const found = await verifyState(job, { out, repair: repair ? 'copies' : 'nothing' }, effects)
  await terminal.print(json ? renderJson(found) : terminal.fit(verificationText(found, terminal)))
  const left = found.damages.filter(({ name }) => !found.repaired.includes(name))
  if (left.length === 0) return EXIT.done
  const cure = left.some(({ kind }) => kind === 'data')
    ? 'restore the data from a copy, or run into a new folder'
    : `${terminal.advised.at('verify')} --repair writes the copies again`
  terminal.log(
    'error',
    `${counted(left.length, 'file')} in ${out} ${left.length === 1 ? 'is' : 'are'} damaged; ${cure}`,
  )
  return EXIT.failed
}

function verificationText({ commits, files, bytes, damages, repaired }: Verification, { view }: Terminal): string {
  const checked = `${counted(commits, 'commit')}, ${counted(files, 'file')}, ${counted(bytes, 'byte')} checked\n`
  if (damages.length === 0) return `${checked}everything is as the log says\n`
  const rows = damages.map(({ name, kind, problem }) => [
    name,
    kind,
    problem,
    repaired.includes(name) ? 'written again' : '',
  ])
  const columns = ['file', 'kind', 'problem', 'repair'].map((title) => ({ title }))
  return `${checked}\n${renderTable(columns, rows, view)}`
}
