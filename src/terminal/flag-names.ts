/**
 * Words errors for a terminal: advice names the flag of an option, or another way where the option
 * has no flag.
 * @module
 */
import { type Advice, withAdvice } from '../errors.ts'

/**
 * Phrases about options in code, and their words for the command line. The first group names choices
 * that a terminal does not have: it drops them, or says what else can be done.
 */
const COMMAND_LINE_WORDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [
    /add to the contract, or set its unknownColumns to evolve, discard_value or discard_row/,
    'take it out of the file, name and cells',
  ],
  [/add what is missing, or give columnAliases/, 'add what is missing, name and cells'],
  [/Rename it, or give columnAliases/, 'Rename it'],
  [/, or read with \{ strayQuotes: 'text' \}/, ''],
  [/read it with \{ delimiter: '.*' \}/, 'save it with commas between the cells'],
  [/, or read(?: it)? with(?:out)? (?:checkCsv|the contract and pass the table to checkTable), which gives .*$/, ''],
  // choices that have a flag
  [/ \(apply: "rebuild"\)/, ''],
  [/; rebuild it, or read/, '; run again with --rebuild, or read'],
  [/run in lenient mode/, 'run with --mode lenient'],
  [/^(months|publish|format|mode|out) (?=["$]|is )/, '--$1 '],
  [/^out (?=.+ is the folder of)/, '--out '],
  [/^maxQuarantined (?=is )/, '--max-quarantined '],
  [/^monthFrom (?=")/, '--month-from '],
  [/^asOf (?=["$])/, '--as-of '],
  [/^graceDays (?=is )/, '--grace-days '],
  [/^keepVersions (?=is )/, '--keep-versions '],
  [/\bchoose another out\b/, 'choose another --out'],
  [/\bleave months out$/, 'leave --months out'],
  [/\bpoint (out|data) at\b/, 'point --$1 at'],
]

/** Returns the sentence in the words of the command line. */
export function sentenceAtTerminal(sentence: string): string {
  return COMMAND_LINE_WORDS.reduce((text, [pattern, words]) => text.replace(pattern, words), sentence)
}

/** `maxQuarantined` gives `--max-quarantined`. */
function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function adviceAtTerminal(advice: Advice, flags: ReadonlySet<string>): string[] {
  if (typeof advice === 'string') return [advice]
  const { option, value = '', typed = value.replaceAll("'", ''), effect, otherwise } = advice
  const flag = flagOf(option)
  if (flags.has(flag)) {
    const setting = `give ${[flag, typed].join(' ').trim()}`
    return [effect === undefined ? setting : `${setting} to ${effect}`]
  }
  return otherwise === undefined ? [] : [otherwise]
}

/** A statement of what is wrong, with advice: an error or a finding. */
export interface Problem {
  readonly statement: string
  readonly advice: readonly Advice[]
}

/**
 * Returns an error's message for a command line that has these flags (`--mode`, `--out` …). Advice
 * names the flag of an option; without such a flag it says what else can be done.
 */
export function atTerminal({ statement, advice }: Problem, flags: ReadonlySet<string>): string {
  const told = advice.flatMap((item) => adviceAtTerminal(item, flags))
  return sentenceAtTerminal(withAdvice(statement, told))
}
