/**
 * How the files of a command are written: as `support-etl.json` beside the data says, or the file of `--config`, under the flags.
 * @module
 */
import { readFileSync } from 'node:fs'
import type { FileStore } from '../../connect/file-store.ts'
import { ConnectError, ContractError } from '../../errors.ts'
import type { FormatDeclaration, FormatOverrides } from '../../pipeline/declared/index.ts'
import { nodeEffects } from '../../pipeline/effects.ts'
import type { Job } from '../../pipeline/job/job.ts'
import type { DeclaredKind } from '../../pipeline/sources/formats/formats.ts'
import { joinChunks } from '../../table/chunks.ts'
import { meantPath } from '../did-you-mean.ts'
import type { Terminal } from '../terminal.ts'
import { DECLARATION_FILE, type FormatValues } from './format-flags.ts'

/** What a command line says of how files are written. */
export interface GivenFormats {
  readonly declaration: FormatDeclaration
  /** What the flags say; it counts before the declaration. */
  readonly overrides: FormatOverrides
}

/** The bytes of a declaration, and what messages call it. */
interface DeclarationBytes {
  readonly file: string
  readonly bytes: Uint8Array
}

/** The declaration in a place; null where it has none. @throws ConnectError - the place cannot be read */
async function bytesIn(place: FileStore, folder: string): Promise<DeclarationBytes | null> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of place.read(DECLARATION_FILE)) chunks.push(chunk.slice())
  } catch (error) {
    // a folder that is not there is the command's to tell
    if (error instanceof ConnectError && error.code === 'not_found') return null
    throw error
  }
  return { file: `${folder.replace(/\/$/, '')}/${DECLARATION_FILE}`, bytes: joinChunks(chunks) }
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

/**
 * Returns what a command line says of how files are written; null where it says nothing. `place` is the folder of the files,
 * where no flag `--data` names it.
 * @throws PipelineError, FormatError, ContractError - the declaration cannot be read, or says what cannot be
 */
export async function givenFormats(
  values: FormatValues,
  terminal: Pick<Terminal, 'log'>,
  place?: FileStore,
): Promise<GivenFormats | null> {
  const { config, data } = values
  const folder = place ?? (data === undefined ? null : nodeEffects().openSource(data))
  const beside = async () => (folder === null ? null : bytesIn(folder, data ?? folder.location))
  const found = config !== undefined ? bytesAt(config) : await beside()
  const flags = flagOptions(values)
  if (found === null && Object.keys(flags).length === 0) return null
  // loaded for those who declare something
  const { readDeclaration } = await import('../../pipeline/declared/index.ts')
  const declaration = found === null ? { file: DECLARATION_FILE, tables: {} } : readDeclaration(found.bytes, found.file)
  if (found !== null) terminal.log('debug', `files are read as ${found.file} declares them`)
  // the choices of the flags are those of the options
  return { declaration, overrides: flags as FormatOverrides }
}

/** What is said of how files are written, with the format of one table's files beside it. */
export function withTableFormat(given: GivenFormats | null, table: string, format: DeclaredKind): GivenFormats {
  const { declaration = { file: DECLARATION_FILE, tables: {} }, overrides = {} } = given ?? {}
  const { tables } = declaration
  const entries = tables[table] ?? tables['*'] ?? [{ options: {}, place: `tables.${table}` }]
  const formatted = entries.map((entry) => ({ ...entry, format }))
  return { declaration: { ...declaration, tables: { ...tables, [table]: formatted } }, overrides }
}

/** Returns the job with its files written as the command line says. */
export async function declaredJob(job: Job, values: FormatValues, terminal: Pick<Terminal, 'log'>): Promise<Job> {
  const given = await givenFormats(values, terminal)
  if (given === null) return job
  const { withDeclaredFormats } = await import('../../pipeline/declared/index.ts')
  return withDeclaredFormats(job, given.declaration, given.overrides)
}
