/**
 * Words errors for a terminal: advice names the flag of an option, or another way where the option
 * has no flag.
 * @module
 */
import { type Advice, withAdvice } from '../../errors.ts'

/** `maxQuarantined` gives `--max-quarantined`. */
function flagOf(option: string): string {
  // a rebuild is a flag of its own
  return option === 'apply' ? '--rebuild' : `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function adviceAtTerminal(advice: Advice, flags: ReadonlySet<string>): string[] {
  if (typeof advice === 'string') return [advice]
  const { otherwise } = advice
  if ('inCode' in advice) return otherwise === undefined ? [] : [otherwise]
  const { option, value = '', typed = value.replaceAll("'", ''), effect } = advice
  const flag = flagOf(option)
  if (flags.has(flag)) {
    const setting = `give ${[flag, option === 'apply' ? '' : typed].join(' ').trim()}`
    return [effect === undefined ? setting : `${setting} to ${effect}`]
  }
  return otherwise === undefined ? [] : [otherwise]
}

/** A statement of what is wrong, with advice: an error, a refusal or a finding. */
export interface Problem {
  readonly statement: string
  readonly advice: readonly Advice[]
  readonly details?: Readonly<Record<string, unknown>>
}

/** The statement, with the flag where it begins with the name of the option that it is about. */
function statementAtTerminal({ statement, details = {} }: Problem, flags: ReadonlySet<string>): string {
  const { option } = details
  if (typeof option !== 'string' || !statement.startsWith(`${option} `)) return statement
  const flag = flagOf(option)
  return flags.has(flag) ? `${flag}${statement.slice(option.length)}` : statement
}

/**
 * Returns an error's message for a command line that has these flags (`--mode`, `--out` …). Advice
 * names the flag of an option; without such a flag it says what else can be done.
 */
export function atTerminal(problem: Problem, flags: ReadonlySet<string>): string {
  const told = problem.advice.flatMap((item) => adviceAtTerminal(item, flags))
  return withAdvice(statementAtTerminal(problem, flags), told)
}
