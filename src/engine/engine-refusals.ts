/**
 * What an engine refuses, with what would do.
 * @module
 */
import { EngineError } from '../errors.ts'
import { nearestWord } from '../spelling.ts'

/** The error for an engine that is not known. */
export function unknownEngine(name: string, known: readonly string[]): EngineError {
  const meant = nearestWord(name, known)
  const question = meant === null ? '' : `; did you mean "${meant}"?`
  return new EngineError(
    'engine_unknown',
    `there is no engine "${name}"${question} The engines are ${known.join(', ')}`,
  )
}

/** The error for a policy of deltas that has no plan. */
export function noPlan(policy: string, value: unknown): EngineError {
  return new EngineError(
    'engine_cannot',
    `no engine can apply deltas with ${policy} "${String(value)}": their rows are folded with the default policies, or with ` +
      'update "patch" and nulls "keep"; run this job without an engine',
  )
}
