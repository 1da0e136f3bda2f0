/**
 * `support-etl plan`: prints the monthly report as SQL of an engine.
 * @module
 */
import { dialectOf } from '../../../engine/dialects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { optionError } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { type PlanStep, reportScript } from '../plan.ts'

interface PlanValues {
  readonly engine: string
  readonly timeZone: string
  readonly from: string
  readonly to: string
  readonly json?: true
}

const DAY = 86_400_000

/** The first instant of a month in UTC; with `next`, that of the month after it. */
function startOf(option: string, text: string, next = 0): number {
  const match = /^(\d{4})-(\d{2})$/.exec(text.trim())
  const [year, month] = [Number(match?.[1]), Number(match?.[2])]
  if (!(month >= 1 && month <= 12)) throw optionError(option, text, 'a month such as 2025-03')
  return Date.UTC(year, month - 1 + next)
}

const stepText = ({ title, statements }: PlanStep): string =>
  `-- ${title}\n${statements.map((statement) => `${statement};\n`).join('')}`

/** Prints the statements, in the order in which they run. */
export async function plan({ engine, timeZone, from, to, json }: PlanValues, terminal: Terminal): Promise<ExitCode> {
  const dialect = dialectOf(engine)
  const [first, end] = [startOf('--from', from), startOf('--to', to, 1)]
  if (end <= first) throw optionError('--to', to, `a month that is not before ${from}`)
  // local months begin up to a day before those of UTC, and end up to a day after them
  const months = { timeZone, monthFrom: 'interaction_start', first: first - DAY, last: end + DAY }
  const steps = reportScript(dialect, months)
  const range = `Months of ${timeZone} from ${from} to ${to}; an instant outside of them has the month "beyond".`
  const text = `-- The support report for ${dialect.title}. ${range}\n\n${steps.map(stepText).join('\n')}`
  await terminal.print(json ? renderJson({ engine: dialect.name, timeZone, from, to, steps }) : text)
  return EXIT.done
}
