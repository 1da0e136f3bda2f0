/**
 * Arguments as callers without types may give them: what cannot mean anything is refused where it comes in, by its name.
 * @module
 */
import { ContractError, type ErrorCode, type ErrorOptions, type EtlError } from './errors.ts'
import { nearestWord } from './spelling.ts'

/** The room's own class of error. */
type Failure = new (code: ErrorCode, message: string, options?: ErrorOptions) => EtlError

/** The options of a function; `satisfies OptionNames<Options>` proves that none is missing. */
export type OptionNames<Options = Readonly<Record<string, unknown>>> = Readonly<Record<keyof Options & string, true>>

function shown(found: unknown): string {
  if (found === null || found === undefined) return String(found)
  if (Array.isArray(found)) return 'a list'
  return typeof found === 'object' ? 'an object' : `a ${typeof found}`
}

/**
 * Refuses an argument that is not what it must be; its value is not told, for it may be anything.
 * @throws invalid_option - it is not fit; of the class given, ContractError by default
 */
export function refuseUnless(
  isFit: boolean,
  name: string,
  found: unknown,
  expected: string,
  Refusal: Failure = ContractError,
): void {
  if (isFit) return
  throw new Refusal('invalid_option', `${name} is ${shown(found)}; expected ${expected}`, { details: { option: name } })
}

/** Whether a value has named members, of which none is a position. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Refuses options that a function does not have: a misspelt one would be ignored without a word.
 * @throws invalid_option - no object, or a name of none; of the class given, ContractError by default
 */
export function refuseUnknown(options: unknown, known: OptionNames, Refusal: Failure = ContractError): void {
  const names = Object.keys(known)
  refuseUnless(isRecord(options), 'options', options, `an object with ${names.join(', ')}`, Refusal)
  const unknown = Object.keys(options as object).find((name) => !Object.hasOwn(known, name))
  if (unknown === undefined) return
  const meant = nearestWord(unknown, names)
  throw new Refusal(
    'invalid_option',
    `there is no option "${unknown}"; ${meant === null ? '' : `did you mean "${meant}"? `}${meant === null ? 'the' : 'The'} options are ${names.join(', ')}`,
    { details: { option: unknown } },
  )
}
