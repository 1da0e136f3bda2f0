/**
 * Connects a program to this process: its arguments, its streams, its exit status.
 * @module
 */
import { type ProgramSpec, runProgram } from '../../terminal/program.ts'
import { openTerminal } from '../../terminal/terminal.ts'

/** Runs a command of a program and sets the exit status of the process. */
export async function launch(program: ProgramSpec, args: readonly string[]): Promise<void> {
  // a reader may stop early (`support-etl report | head`): nothing is lost, all work is committed
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  process.stderr.on('error', () => {})
  process.exitCode = await runProgram(program, args, openTerminal())
}
