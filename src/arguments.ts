/**
 * Checks of arguments at run time, for callers without types. A message names the argument that is
 * wrong.
 * @module
 */
import { ContractError, type ErrorCode, type ErrorOptions, type EtlError } from './errors.ts'
import { nearestWord } from './spelling.ts'

/** The error class of the calling room. */
type Failure = new (code: ErrorCode, message: string, options?: ErrorOptions) => EtlError

/**
 * The option names of a function. `satisfies OptionNames<Options>` proves at compile time that the
 * list is complete.
 */
export type OptionNames<Options = Readonly<Record<string, unknown>>> = Readonly<Record<keyof Options & string, true>>

function shown(found: unknown): string {
  if (found === null || found === undefined) return String(found)
  if (Array.isArray(found)) return 'a list'
  return typeof found === 'object' ? 'an object' : `a ${typeof found}`
}

/**
 * Throws unless the argument is fit. The message names the argument's type, not its value: the
 * value may be confidential.
 * @throws invalid_option - the argument is not fit; of the class given, ContractError by default
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

/** Whether the value is an object with named members: not null, not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Throws for options that the function does not have. Otherwise a misspelt option would be ignored
 * silently.
 * @throws invalid_option - `options` is not an object, or has an unknown name; of the class given,
 * ContractError by default
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
