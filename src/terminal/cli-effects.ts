/**
 * The pipeline's effects on the command line: log and progress go to the terminal.
 * @module
 */
import type { Effects, Progress } from '../pipeline/effects.ts'
import type { Terminal } from './terminal.ts'
import { counted, figure } from './text/render.ts'

const DOING: Readonly<Record<Progress['step'], string>> = {
  read: 'reading',
  apply: 'applying',
  write: 'writing',
  commit: 'committing',
  publish: 'publishing',
  deliver: 'delivering',
  remove: 'removing from',
}

/** A rate is shown after this many seconds of a step. */
const STEADY = 1

const timeText = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${counted(Math.ceil(seconds / 60), 'minute')}`

/** How far a piece of work is: `done` of `total`, null where that is not known; `rows` read so far, where they are known. */
export interface Work extends Pick<Progress, 'done' | 'total' | 'rows' | 'part'> {
  /** What is done, such as `reading calls.csv`. */
  readonly what: string
  /** What `done`, `total` and `rows` count, where that is more than what is done now. */
  readonly whole?: string
}

/** Node has loaded this clock already, and `performance` not. */
const uptime = () => process.uptime() * 1000

/** Says how far a piece of work is, and once it is known how fast it goes and how long it will take. */
function workTexts(now: () => number): (work: Work) => string {
  let current = ''
  let began = 0
  return ({ what, whole = what, done, total, rows, part }) => {
    const of = part === undefined ? '' : `, part ${part.number} of ${part.of}`
    if (current !== whole + of) [current, began] = [whole + of, now()]
    const parts = [what + of]
    if (done !== null && total !== null && total > 0) parts[0] += ` ${Math.floor((done / total) * 100)} %`
    if (rows !== undefined && rows > 0) parts.push(counted(rows, 'row'))
    const seconds = (now() - began) / 1000
    if (seconds < STEADY) return parts.join(', ')
    // an engine may not say more for minutes
    if (part !== undefined) parts.push(timeText(seconds))
    // before the rate, which a narrow terminal may cut off
    if (done !== null && total !== null && done > 0 && done < total) {
      parts.push(`${timeText(((total - done) / done) * seconds)} left`)
    }
    if (rows !== undefined && rows > 0) parts.push(`${figure(Math.round(rows / seconds))} rows/s`)
    return parts.join(', ')
  }
}

/** Returns what shows how far a command's work is, on a terminal and after a second. */
export function workLine(terminal: Terminal, now: () => number = uptime): (work: Work) => void {
  const textOf = workTexts(now)
  return (work) => terminal.progress(textOf(work))
}

/** Returns the effects that differ from the defaults. */
export function effectsOf(
  terminal: Terminal,
  now: () => number = uptime,
): Pick<Effects, 'logger' | 'onProgress'> & Partial<Pick<Effects, 'openState'>> {
  const { openState } = terminal
  const show = workLine(terminal, now)
  return {
    ...(openState !== undefined && { openState }),
    logger: {
      debug: (message) => terminal.log('debug', message),
      // debug only: the final result says the same
      info: (message) => terminal.log('debug', message),
      warn: (message) => terminal.log('warn', message),
    },
    onProgress: ({ step, name, whole = name, ...work }) =>
      show({ ...work, what: `${DOING[step]} ${name}`, whole: `${DOING[step]} ${whole}` }),
  }
}

/** One line for people: the place and version that the results come from. */
export function sourceLine(out: string, commit: number, timeZone: string, monthFrom: string): string {
  return `${out}, version ${commit}; months are those of ${monthFrom} in ${timeZone}`
}

/** `3 rows wait in quarantine …`, or null when quarantine is empty. */
export function quarantineWarning(rows: number, { advised }: Pick<Terminal, 'advised'>): string | null {
  if (rows === 0) return null
  return `${counted(rows, 'row')} ${rows === 1 ? 'waits' : 'wait'} in quarantine; ${advised.at('quarantine')} shows what does not fit`
}
