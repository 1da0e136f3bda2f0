/** Commands as a person types them: in this process, on a terminal of a given width. */
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { PROGRAM } from '../../src/cli/program/program.ts'
import { runProgram } from '../../src/terminal/program.ts'
import { openTerminal } from '../../src/terminal/terminal.ts'
import { displayWidth } from '../../src/terminal/text/lines.ts'

function screen(columns: number) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns })
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  const text = () => {
    const pieces = Buffer.concat(parts).toString().split('\r\u001b[K')
    // a piece without a line end is progress that the next piece erased
    const left = pieces.filter((piece, at) => at === 0 || at === pieces.length - 1 || piece.includes('\n'))
    return stripVTControlCharacters(left.join(''))
  }
  return { stream, text }
}

/** What a command shows on a terminal, without colours. */
export interface Shown {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command on a terminal that is so many columns wide. */
export async function typed(columns: number, args: readonly string[]): Promise<Shown> {
  const [results, messages] = [screen(columns), screen(columns)]
  const status = await runProgram(PROGRAM, args, openTerminal(results.stream, messages.stream))
  return { status, stdout: results.text(), stderr: messages.text() }
}

/** The lines that are wider than a terminal. */
export function wideLines({ stdout, stderr }: Shown, columns: number): string[] {
  return `${stdout}\n${stderr}`.split('\n').filter((line) => displayWidth(line) > columns)
}
