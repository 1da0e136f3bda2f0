/**
 * Connects the program to this process: its arguments, its streams, its exit status.
 * @module
 */
import { keepCompiled } from './compile-cache.ts'

/** Runs the command that the process was started with. */
export async function start(): Promise<void> {
  keepCompiled()
  // everything imported after this line is cached in compiled form
  const [{ runProgram }, { openTerminal }, { PROGRAM }] = await Promise.all([
    import('../terminal/program.ts'),
    import('../terminal/terminal.ts'),
    import('./program.ts'),
  ])
  // a reader may stop early (`support-etl report | head`): nothing is lost, all work is committed
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  process.stderr.on('error', () => {})
  process.exitCode = await runProgram(PROGRAM, process.argv.slice(2), openTerminal())
}
