/**
 * The environment as a source of options: flags beat it, it beats defaults.
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConnectError, ContractError } from '../errors.ts'
import { COMMON_OPTIONS, type OptionSpec } from './command-spec.ts'
import { LOG_LEVELS } from './terminal.ts'

/**
 * Reads `.env` of a folder, if there is one, into the environment of the process. A variable that is set already keeps its
 * value.
 * @throws ConnectError io_failed - the file is there and cannot be read
 */
export function loadEnvFile(folder: string = process.cwd()): void {
  const file = join(folder, '.env')
  if (!existsSync(file)) return
  try {
    process.loadEnvFile(file)
  } catch (error) {
    throw new ConnectError('io_failed', `cannot read ${file}; make it readable, or remove it`, { cause: error })
  }
}

/** The value of a variable; undefined where it is not set, or empty. */
export function variable(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}

/** Names of levels that other programs use. */
const SYNONYMS: Readonly<Record<string, string>> = { warning: 'warn', critical: 'error', fatal: 'error' }

/**
 * The common option of the log level, with `LOG_LEVEL` as its default: `INFO`, `warning` and the like are understood.
 * @throws ContractError invalid_option - the variable holds no level
 */
export function logLevelOption(environment: NodeJS.ProcessEnv = process.env): OptionSpec[] {
  const written = variable('LOG_LEVEL', environment)
  const word = written?.toLowerCase() ?? 'info'
  const level = LOG_LEVELS.find((known) => known === (SYNONYMS[word] ?? word))
  if (level === undefined) {
    throw new ContractError('invalid_option', `LOG_LEVEL is "${written}"; expected one of ${LOG_LEVELS.join(', ')}`)
  }
  return COMMON_OPTIONS.filter(({ flags }) => flags.startsWith('--log-level ')).map((option) => {
    return { ...option, preset: level }
  })
}
