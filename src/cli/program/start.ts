/**
 * Starts `support-etl`: compiled code is kept before anything else is loaded.
 * @module
 */
import { keepCompiled } from './compile-cache.ts'

/** Runs the command that the process was started with. */
export async function start(): Promise<void> {
  keepCompiled()
  // everything imported after this line is cached in compiled form
  const { launch, PROGRAM } = await import('./program.ts')
  await launch(PROGRAM, process.argv.slice(2))
}
