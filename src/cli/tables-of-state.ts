/**
 * Names of tables on a command line, held against those of a state.
 * @module
 */
import { PipelineError } from '../errors.ts'
import { meantText } from '../terminal/did-you-mean.ts'

/** Refuses a table that a state does not have, with the one that was meant. @throws PipelineError invalid_option */
export function refuseNoTable(flag: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  throw new PipelineError('invalid_option', `${flag}: there is no table "${name}": ${meantText(name, known)}`)
}
