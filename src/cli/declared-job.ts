/**
 * The job of a command line with its files written as declared: by `support-etl.json` beside the data, or the file of `--config`, under
 * the flags.
 * @module
 */
import { readFileSync } from 'node:fs'
import { ConnectError, ContractError } from '../errors.ts'
import { nodeEffects } from '../pipeline/effects.ts'
import type { Job } from '../pipeline/job.ts'
import { joinChunks } from '../table/chunks.ts'
import { meantPath } from '../terminal/did-you-mean.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { DECLARATION_FILE, type FormatValues } from './format-flags.ts'
import type { Jobs } from './jobs.ts'

/** The bytes of a declaration, and what messages call it. */
interface DeclarationBytes {
  readonly file: string
  readonly bytes: Uint8Array
}

/** The declaration in a place; null where it has none. @throws ConnectError - the place cannot be read */
async function bytesIn(data: string): Promise<DeclarationBytes | null> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of nodeEffects().openSource(data).read(DECLARATION_FILE)) chunks.push(chunk.slice())
  } catch (error) {
    // a folder that is not there is the command's to tell
    if (error instanceof ConnectError && error.code === 'not_found') return null
    throw error
  }
  return { file: `${data.replace(/\/$/, '')}/${DECLARATION_FILE}`, bytes: joinChunks(chunks) }
}

function bytesAt(config: string): DeclarationBytes {
  try {
    return { file: config, bytes: readFileSync(config) }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = isMissing ? `there is no such file${meantPath(config)}` : error
    throw new ContractError('invalid_option', `--config ${config}: ${reason}`, { cause: error })
  }
}

/** The options that the flags give, in the names of code. */
function flagOptions({ delimiter, encoding, timestamps, decimal }: FormatValues) {
  return {
    // a shell makes it hard to type a tab
    ...(delimiter !== undefined && { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(encoding !== undefined && { encoding }),
    ...(timestamps !== undefined && { timestamps: { form: timestamps } }),
    ...(decimal !== undefined && { decimal }),
  }
}

async function declaredJob(job: Job, values: FormatValues, terminal: Pick<Terminal, 'log'>): Promise<Job> {
  const { config, data } = values
  const found = config !== undefined ? bytesAt(config) : data === undefined ? null : await bytesIn(data)
  const flags = flagOptions(values)
  if (found === null && Object.keys(flags).length === 0) return job
  // loaded for those who declare something
  const { readDeclaration, withDeclaredFormats } = await import('../pipeline/declared/index.ts')
  const declaration = found === null ? { file: DECLARATION_FILE, tables: {} } : readDeclaration(found.bytes, found.file)
  if (found !== null) terminal.log('debug', `files are read as ${found.file} declares them`)
  // the choices of the flags are those of the options
  return withDeclaredFormats(job, declaration, flags as Parameters<typeof withDeclaredFormats>[2])
}

/** Returns the finder of jobs for a command whose files are written as its values say. */
export function declaredJobs(jobs: Jobs, values: FormatValues, terminal: Pick<Terminal, 'log'>): Jobs {
  return {
    systems: jobs.systems,
    home: () => jobs.home(),
    async find(choice) {
      const known = await jobs.find(choice)
      return { ...known, job: await declaredJob(known.job, values, terminal) }
    },
    async place(choice) {
      const place = await jobs.place(choice)
      return { ...place, job: place.job === null ? null : await declaredJob(place.job, values, terminal) }
    },
  }
}
