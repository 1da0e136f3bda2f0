/**
 * A command's output: results go to one stream, log and progress to the other.
 * @module
 */
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'
import type { FileStore } from '../connect/file-store.ts'
import { type AdvisedLines, advisedLines } from './advised-lines.ts'
import { brokenLines, fittedText, printable } from './text/lines.ts'
import type { TableView } from './text/text-table.ts'

/** How much is said beside results. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/** From least to most output. */
export const LOG_LEVELS: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug']

/** Where a command writes to: results, and what is said beside them. */
export interface Terminal {
  /**
   * Writes results, and waits while the reader is slow. A terminal obeys control characters in the
   * text; `renderTable` and `renderJson` escape them.
   */
  print(chunk: string | Uint8Array): Promise<void>
  /** Writes one log line when the level asks for it. */
  log(level: Exclude<LogLevel, 'silent'>, text: string): void
  /**
   * Shows the current work in one line that the next call overwrites. Only on a terminal, and only
   * after one second.
   */
  progress(text: string): void
  /** Emphasises titles in results; plain text where the output is not a terminal. */
  title(text: string): string
  /** Writes the program's own lines that are not results: usage and its errors. */
  note(text: string): void
  level: LogLevel
  /** The command lines that advice may name. */
  advised: AdvisedLines
  /** The flags of the running command (`--out`, `--mode` …); advice names options by them. */
  flags: ReadonlySet<string>
  /** Opens the places of states; as the pipeline does where it is left out. */
  openState?: ((location: string) => FileStore) | undefined
  /** Whether a person reads the results as they arrive. */
  readonly isInteractive: boolean
  /** The most rows of a table that are shown; null for all. On a terminal 40, unless the command line says otherwise. */
  limit: number | null
  /** The space that tables have: the width of the terminal, and the limit of rows. Tables in a pipe or a file are whole. */
  readonly view: TableView
  /** Returns text for people with its long lines broken to the width of the terminal; unchanged in a pipe or a file. */
  fit(text: string): string
}

const ERASE_LINE = '\r\u001b[K'
const PATIENCE = 1000
const USUAL_WIDTH = 80
const LEAST_WIDTH = 20
/** About a screen. */
const SHOWN_ROWS = 40

/** An output stream of the process; pipes and files have no `isTTY`. */
export type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** The width of a terminal, null of anything else. Some terminals do not know theirs, and say 0. */
function widthOf({ isTTY, columns }: Stream): number | null {
  return isTTY === true ? Math.max(LEAST_WIDTH, columns || USUAL_WIDTH) : null
}

function fitted(text: string, stream: Stream): string {
  const width = widthOf(stream)
  return width === null ? text : fittedText(text, width)
}

/** Returns the terminal over two streams, by default the process's own. */
export function openTerminal(
  results: Stream = process.stdout,
  messages: Stream = process.stderr,
  // Node has loaded this clock already, and `performance` not
  now: () => number = () => process.uptime() * 1000,
): Terminal {
  const opened = now()
  let line = ''
  let waiting: NodeJS.Timeout | undefined
  const erase = () => {
    clearTimeout(waiting)
    if (line !== '') messages.write(ERASE_LINE)
    line = ''
  }
  const showLine = (text: string) => {
    // a line that wraps could not be erased
    const width = (widthOf(messages) ?? USUAL_WIDTH) - 1
    line = brokenLines(printable(text), width, new Set())[0] ?? ''
    messages.write(ERASE_LINE + line)
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
    advised: advisedLines('support-etl'),
    flags: new Set(),
    isInteractive: results.isTTY === true,
    limit: results.isTTY === true ? SHOWN_ROWS : null,
    // a terminal may become narrower while a command runs
    get view() {
      return { width: widthOf(results), limit: this.limit }
    },
    fit: (text) => fitted(text, results),
    async print(chunk) {
      erase()
      if (!results.write(chunk)) await new Promise<void>((resolve) => results.once('drain', resolve))
    },
    log(level, text) {
      if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(this.level)) return
      erase()
      const safe = text.split('\n').map(printable).join('\n')
      messages.write(`${fitted(prefixes[level]() + safe, messages)}\n`)
    },
    progress(text) {
      if (messages.isTTY !== true || this.level === 'silent') return
      clearTimeout(waiting)
      const rest = PATIENCE - (now() - opened)
      if (rest <= 0) showLine(text)
      // one step may be all of the work: it says so once the second is over
      else waiting = setTimeout(() => showLine(text), rest).unref()
    },
    title: (text) => style('bold', text, results),
    note(text) {
      erase()
      messages.write(text)
    },
  }
}
