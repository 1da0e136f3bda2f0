/**
 * Where calls come from and go to, when the command line does not say: `.env` of the working folder and the environment.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import type { OptionSpec } from '../../../terminal/command-spec.ts'
import { loadEnvFile, logLevelOption, variable } from '../../../terminal/environment.ts'
import { parseCount } from '../../../terminal/flags/option-values.ts'
import { BRONZE_PREFIX } from '../job/transcripts-job.ts'

/** The folder of the job's state. */
export const OUT = 'output/transcripts'

/** The schema of the tables in a database. */
const SCHEMA = 'call_data'

/** The place of the calls: the bucket that the environment names, else a folder. */
function dataPreset(): string {
  const bucket = variable('BUCKET_NAME')
  if (bucket === undefined) return 'data'
  if (/^[a-z0-9][a-z0-9.-]+$/.test(bucket)) return `s3://${bucket}`
  throw new ContractError('invalid_option', `BUCKET_NAME is "${bucket}"; expected the name of a bucket, such as calls`)
}

/** Reads the environment, and returns the flags that it gives values to. */
export async function prefixOptions(): Promise<OptionSpec[]> {
  loadEnvFile()
  return [
    {
      flags: '--prefix <folder>',
      help: 'folder of the calls in that place (S3_PREFIX)',
      preset: variable('S3_PREFIX') ?? BRONZE_PREFIX,
    },
    ...logLevelOption(),
  ]
}

/** `--data`, with what the environment says of it. */
export function dataOption(help: string): OptionSpec {
  return { flags: '--data <place>', help: `${help} (BUCKET_NAME)`, preset: dataPreset() }
}

/** `--out` of commands that read or write the state. */
export function outOption(help: string): OptionSpec {
  return { flags: '--out <folder>', help, preset: OUT }
}

/** `--batch-size`: how many files are held at once. */
export function batchOption(): OptionSpec {
  return {
    flags: '--batch-size <count>',
    help: 'how many files are held in memory at once (BATCH_SIZE)',
    preset: variable('BATCH_SIZE') ?? '100',
  }
}

/** The prefix as the source takes it: a folder ends in a slash. */
export function prefixOf(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
}

/** The number of files of a batch. @throws ContractError invalid_option - it is no whole number above 0 */
export function batchSizeOf(text: string): number {
  const size = parseCount('--batch-size', text)
  if (size >= 1 && size <= 100_000) return size
  throw new ContractError('invalid_option', `--batch-size "${text}": expected a whole number from 1 to 100000`)
}

/** The schema, and the address of the database where the command line has none. */
export function databaseSettings(): { readonly url: string | undefined; readonly schema: string } {
  return { url: variable('DATABASE_URL'), schema: variable('DB_SCHEMA') ?? SCHEMA }
}
