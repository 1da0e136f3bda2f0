/**
 * The pipeline's effects on the command line: log and progress go to the terminal.
 * @module
 */
import type { Effects, Progress } from '../pipeline/effects.ts'
import { counted, figure } from './render.ts'
import type { Terminal } from './terminal.ts'

const DOING: Readonly<Record<Progress['step'], string>> = {
  read: 'reading',
  apply: 'applying',
  write: 'writing',
  commit: 'committing',
  publish: 'publishing',
  deliver: 'delivering',
}

/** A rate is shown after this many seconds of a step. */
const STEADY = 1

const timeText = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${counted(Math.ceil(seconds / 60), 'minute')}`

/** Says how far a step is, and once it is known how fast it goes and how long it will take. */
function progressTexts(now: () => number): (progress: Progress) => string {
  let step = ''
  let began = 0
  return ({ step: kind, name, whole = name, done, total, rows, part }) => {
    const of = part === undefined ? '' : `, part ${part.number} of ${part.of}`
    if (step !== `${kind} ${whole}${of}`) [step, began] = [`${kind} ${whole}${of}`, now()]
    const parts = [`${DOING[kind]} ${name}${of}`]
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

/** Returns the effects that differ from the defaults. */
export function effectsOf(
  terminal: Terminal,
  // Node has loaded this clock already, and `performance` not
  now: () => number = () => process.uptime() * 1000,
): Pick<Effects, 'logger' | 'onProgress'> & Partial<Pick<Effects, 'openState'>> {
  const { openState } = terminal
  const textOf = progressTexts(now)
  return {
    ...(openState !== undefined && { openState }),
    logger: {
      debug: (message) => terminal.log('debug', message),
      // debug only: the final result says the same
      info: (message) => terminal.log('debug', message),
      warn: (message) => terminal.log('warn', message),
    },
    onProgress: (progress) => terminal.progress(textOf(progress)),
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
