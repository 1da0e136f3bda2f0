/**
 * The pipeline's effects on the command line: log and progress go to the terminal.
 * @module
 */
import type { Effects, Progress } from '../pipeline/effects.ts'
import { counted } from './render.ts'
import type { Terminal } from './terminal.ts'

const DOING: Readonly<Record<Progress['step'], string>> = {
  read: 'reading',
  apply: 'applying',
  write: 'writing',
  commit: 'committing',
  publish: 'publishing',
}

/** Returns the effects that differ from the defaults. */
export function effectsOf(
  terminal: Terminal,
): Pick<Effects, 'logger' | 'onProgress'> & Partial<Pick<Effects, 'openState'>> {
  const { openState } = terminal
  return {
    ...(openState !== undefined && { openState }),
    logger: {
      debug: (message) => terminal.log('debug', message),
      // debug only: the final result says the same
      info: (message) => terminal.log('debug', message),
      warn: (message) => terminal.log('warn', message),
    },
    onProgress: ({ step, name, done, total }) => {
      const share = done === null || total === null || total === 0 ? '' : ` ${Math.floor((done / total) * 100)} %`
      terminal.progress(`${DOING[step]} ${name}${share}`)
    },
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
