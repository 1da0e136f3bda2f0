/**
 * A job's own options as values: what each is called at a command line, which values it takes, what it is without a choice.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { type EtlError, PipelineError } from '../../errors.ts'
import { zoneOf } from '../../time/zone.ts'

/** What an option of a job may hold; a commit stores it as JSON. */
export type OptionValue = string | number

/** One option of a job, made by {@link zoneOption}, {@link choice}, {@link textOption} or {@link numberOption}. */
export interface JobOption<Value extends OptionValue = OptionValue> {
  readonly kind: 'zone' | 'choice' | 'text' | 'number'
  readonly default: Value
  /** The flag of the command line; made of the option's name where it is left out: `--time-zone` of `timeZone`. */
  readonly flag?: string
  /** One line for `--help`. */
  readonly help: string
  /** The values of a choice. */
  readonly choices?: readonly Value[]
  /** Returns the value that was meant. @throws EtlError - the option has no such value; the message names the option */
  parse(value: unknown, name: string): Value
}

/** A job's options by name. */
export type JobOptions = Readonly<Record<string, JobOption>>

/** The values of a job's options by name. */
export type OptionValues<Options extends JobOptions = JobOptions> = {
  readonly [Name in keyof Options]: Options[Name] extends JobOption<infer Value> ? Value : never
}

/** The options of a job as a call may give them; none where the job's type does not say which it has. */
export type GivenOptions<Options extends JobOptions> = string extends keyof Options
  ? unknown
  : { readonly [Name in keyof Options]?: OptionValues<Options>[Name] }

/** The values of a job's options beside others; none where the job's type does not say which it has. */
export type ShownOptions<Options extends JobOptions> = string extends keyof Options ? unknown : OptionValues<Options>

/** What every option says about itself. */
export interface OptionText {
  readonly help: string
  readonly flag?: string
}

const TEXT = { help: true, flag: true } satisfies OptionNames<OptionText>

/** Refuses options that say nothing about the option, and presets of another kind. */
function refuseArguments(
  preset: unknown,
  kind: 'string' | 'number',
  options: OptionText,
  known: OptionNames = TEXT,
): void {
  refuseUnless(typeof preset === kind, 'the default', preset, `a ${kind}`, PipelineError)
  refuseUnknown(options, known, PipelineError)
  refuseUnless(typeof options.help === 'string', 'help', options.help, 'a line of text', PipelineError)
}

function refuseNoText(value: unknown, name: string): asserts value is string {
  refuseUnless(typeof value === 'string', name, value, 'text', PipelineError)
}

/**
 * Returns an option that holds a time zone: an IANA name such as `Europe/Zurich`, or an offset such as `+01:00`.
 *
 * @throws ContractError time_zone_unknown - of `parse`: no such zone is known
 * @example
 * const timeZone = zoneOption('UTC', { help: 'of the months' })
 * timeZone.parse('Europe/Zurich', 'timeZone') // 'Europe/Zurich'
 */
export function zoneOption(preset: string, options: OptionText): JobOption<string> {
  refuseArguments(preset, 'string', options)
  const { help, flag } = options
  return {
    ...{ kind: 'zone', default: preset, help, ...(flag !== undefined && { flag }) },
    parse(value, name) {
      refuseNoText(value, name)
      zoneOf(value)
      return value
    },
  }
}

/**
 * Returns an option that holds one of some words.
 *
 * @throws PipelineError invalid_option - of `parse`: the value is not one of them
 * @example
 * const profile = choice('default', ['default', 'classic'], { help: 'which rules are used' })
 * profile.parse('classic', 'profile') // 'classic'
 */
export function choice<const Value extends string>(
  preset: NoInfer<Value>,
  choices: readonly Value[],
  options: OptionText,
): JobOption<Value> {
  refuseArguments(preset, 'string', options)
  refuseUnless(Array.isArray(choices), 'choices', choices, 'a list of words', PipelineError)
  const { help, flag } = options
  return {
    ...{ kind: 'choice', default: preset, choices, help, ...(flag !== undefined && { flag }) },
    parse(value, name) {
      const found = choices.find((known) => known === value)
      if (found !== undefined) return found
      refuseNoText(value, name)
      throw new PipelineError('invalid_option', `${name} "${value}" is none of ${choices.join(', ')}`)
    },
  }
}

/**
 * Returns an option that holds any text that `check` does not refuse; `check` returns the error, or null.
 *
 * @throws EtlError - of `parse`: what `check` returns; PipelineError invalid_option - the value is not text
 * @example
 * const title = textOption('Calls', { help: 'heads the report' })
 * title.parse('All calls', 'title') // 'All calls'
 */
export function textOption(
  preset: string,
  options: OptionText & { check?(value: string, name: string): EtlError | null },
): JobOption<string> {
  refuseArguments(preset, 'string', options, { ...TEXT, check: true })
  const { help, flag } = options
  return {
    ...{ kind: 'text', default: preset, help, ...(flag !== undefined && { flag }) },
    parse(value, name) {
      refuseNoText(value, name)
      const refusal = options.check?.(value, name) ?? null
      if (refusal !== null) throw refusal
      return value
    },
  }
}

/**
 * Returns an option that holds a number from `least` to `most`; `parse` reads text too, as a command line gives it.
 *
 * @throws PipelineError invalid_option - of `parse`: it is no number in that range
 * @example
 * const target = numberOption(80, { least: 0, most: 100, help: 'share of calls, in percent' })
 * target.parse('95', 'target') // 95
 */
export function numberOption(
  preset: number,
  options: OptionText & { readonly least: number; readonly most: number },
): JobOption<number> {
  refuseArguments(preset, 'number', options, { ...TEXT, least: true, most: true })
  const { help, flag, least, most } = options
  return {
    ...{ kind: 'number', default: preset, help, ...(flag !== undefined && { flag }) },
    parse(value, name) {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      if (typeof number === 'number' && number >= least && number <= most) return number
      throw new PipelineError(
        'invalid_option',
        `${name} is ${String(value)}; expected a number from ${least} to ${most}`,
      )
    },
  }
}

/** The flag of an option: `--time-zone` of `timeZone`. */
export function flagOf(name: string, { flag }: Pick<JobOption, 'flag'>): string {
  return flag ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The values of a job's options: what is given, else what the last commit says, else the option's own. */
export function resolveOptions(
  options: JobOptions,
  given: Readonly<Record<string, unknown>>,
  inherited: OptionValues,
): OptionValues {
  const value = (values: Readonly<Record<string, unknown>>, name: string): unknown =>
    Object.hasOwn(values, name) ? values[name] : undefined
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      option.parse(value(given, name) ?? value(inherited, name) ?? option.default, name),
    ]),
  )
}

/**
 * Returns the values of the options that a step names. To read another one throws: what a step is made of is known by the
 * options it names, so that one it does not name would change nothing that was made before.
 */
export function optionsFor(values: OptionValues, uses: readonly string[], step: string): OptionValues {
  const known: Record<string, OptionValue> = {}
  for (const [name, value] of Object.entries(values)) {
    if (uses.includes(name)) known[name] = value
    else
      Object.defineProperty(known, name, {
        get(): never {
          throw new PipelineError(
            'invalid_option',
            `${step} reads the option "${name}" and does not name it; add it to its uses: [${[...uses, name].map((use) => `'${use}'`).join(', ')}]`,
          )
        },
      })
  }
  return Object.freeze(known)
}
