/**
 * Connects a program to this process: its arguments, its streams, its exit status.
 * @module
 */
import type { ProgramSpec } from '../terminal/program.ts'
import { keepCompiled } from './compile-cache.ts'

/** Runs the command of `support-etl` that the process was started with. */
export function start(): Promise<void> {
  return startProgram(async () => (await import('./program.ts')).PROGRAM, process.argv.slice(2))
}

/** Runs a command of a program and sets the exit status of the process. */
export async function startProgram(load: () => Promise<ProgramSpec>, args: readonly string[]): Promise<void> {
  keepCompiled()
  // everything imported after this line is cached in compiled form
  const [{ runProgram }, { openTerminal }, program] = await Promise.all([
    import('../terminal/program.ts'),
    import('../terminal/terminal.ts'),
    load(),
  ])
  // a reader may stop early (`support-etl report | head`): nothing is lost, all work is committed
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  process.stderr.on('error', () => {})
  process.exitCode = await runProgram(program, args, openTerminal())
}
