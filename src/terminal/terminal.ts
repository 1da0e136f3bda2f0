/**
 * Where a command's words go: results to one stream, log and progress to the other.
 * @module
 */
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'
import { printable } from './render.ts'

/** From quiet to talkative. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Terminal {
  /** Writes results, and waits while whoever reads them is slow. Text from data must have gone through {@link printable}. */
  print(chunk: string | Uint8Array): Promise<void>
  /** Writes one log line when the level asks for it. */
  log(level: Exclude<LogLevel, 'silent'>, text: string): void
  /** Shows what is being done in one line that the next one replaces; only on a terminal, and only after a second. */
  progress(text: string): void
  /** Emphasis for titles in results; plain text where the reader is no terminal. */
  title(text: string): string
  /** The program's own lines that are no results: usage and its errors. */
  note(text: string): void
  level: LogLevel
  /** The flags of the command at work (`--out`, `--mode` …): advice names options by them. */
  flags: ReadonlySet<string>
  /** Whether a person reads the results as they come. */
  readonly isInteractive: boolean
}

const ERASE_LINE = '\r\u001b[K'
const PATIENCE = 1000

/** A stream of the process; `isTTY` is absent on pipes and files. */
export type Stream = Writable & { readonly isTTY?: boolean }

/** Returns the terminal of two streams, the process's own by default. */
export function openTerminal(
  results: Stream = process.stdout,
  messages: Stream = process.stderr,
  now: () => number = () => performance.now(),
): Terminal {
  const opened = now()
  let line = ''
  const erase = () => {
    if (line !== '') messages.write(ERASE_LINE)
    line = ''
  }
  const style = (format: Parameters<typeof styleText>[0], text: string, stream: Stream) =>
    styleText(format, text, { stream })
  const prefixes = {
    error: () => style(['red', 'bold'], 'error: ', messages),
    warn: () => style('yellow', 'warning: ', messages),
    info: () => '',
    debug: () => style('gray', 'debug: ', messages),
  }
  return {
    level: 'info',
    flags: new Set(),
    isInteractive: results.isTTY === true,
    async print(chunk) {
      erase()
      if (!results.write(chunk)) await new Promise<void>((resolve) => results.once('drain', resolve))
    },
    log(level, text) {
      if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(this.level)) return
      erase()
      messages.write(`${prefixes[level]()}${text.split('\n').map(printable).join('\n')}\n`)
    },
    progress(text) {
      if (messages.isTTY !== true || this.level === 'silent' || now() - opened < PATIENCE) return
      line = printable(text)
      messages.write(ERASE_LINE + line)
    },
    title: (text) => style('bold', text, results),
    note(text) {
      erase()
      messages.write(text)
    },
  }
}
