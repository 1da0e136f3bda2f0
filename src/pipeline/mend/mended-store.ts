/**
 * A source place in which mended records take the place of those in its files.
 * @module
 */
import type { FileEntry, FileStore } from '../../connect/file-store.ts'
import { isPacked, pack, unpackWhole } from '../../connect/gzip.ts'
import { PipelineError } from '../../errors.ts'
import { joinChunks } from '../../table/chunks.ts'
import type { Effects } from '../effects.ts'
import { type Job, type JobTable, tablesOf } from '../job/job.ts'
import { csv } from '../sources/formats/csv-format.ts'
import type { SourceFormat } from '../sources/formats/formats.ts'
import { readWhole } from '../state/data-files.ts'
import type { MendedFile, MendedSource } from './mended-files.ts'

const encoder = new TextEncoder()

/** The format of a table's files, with the way to replace records. @throws PipelineError mend_refused - it has none */
export function mendableFormat(
  { contract, source }: JobTable,
  file: string,
): Required<Pick<SourceFormat, 'replaceRecords'>> {
  const refuse = (what: string, advice: string) =>
    new PipelineError('mend_refused', `${file}: ${what}`, { advice: [advice] })
  if ('originals' in source && source.originals === 'keep') {
    const what = `table ${contract.name} keeps its files byte for byte as they came`
    throw refuse(what, 'correct the file at its source, and run again')
  }
  const format: SourceFormat = source.format ?? csv()
  // the record is the file
  const isRecord = source.kind === 'objects' && format.kind === 'json'
  if (isRecord) return { replaceRecords: (_, texts) => encoder.encode([...texts.values()].join('')) }
  const { replaceRecords } = format
  if (replaceRecords !== undefined) return { replaceRecords: (...given) => replaceRecords.call(format, ...given) }
  throw refuse(`records of the format ${format.kind} are not replaced one by one`, 'correct the file, and run again')
}

async function mendedBytes(
  bytes: Uint8Array,
  { table, file, month, records }: MendedFile,
  job: Job,
): Promise<Uint8Array> {
  const found = tablesOf(job).find(({ contract }) => contract.name === table)
  if (found === undefined) return bytes
  const format = mendableFormat(found, file)
  const texts = new Map(records.map(({ row, text }) => [row, text]))
  if (!isPacked(file)) return format.replaceRecords(bytes, texts, { name: file, month })
  const whole = await format.replaceRecords(await unpackWhole(bytes, file), texts, { name: file, month })
  const parts: Uint8Array[] = []
  for await (const part of pack(onePart(whole))) parts.push(part.slice())
  return joinChunks(parts)
}

/**
 * Returns the place with mended records in its files. A file with other bytes than those that were mended is as it is. A mended
 * file is known by its bytes alone, so that every run reads it.
 */
export function mendedSource(
  place: FileStore,
  mended: readonly MendedFile[],
  job: Job,
  { newHash }: Pick<Effects, 'newHash'>,
): MendedSource {
  const byName = new Map(mended.map((file) => [file.file, file]))
  const known = new Map<string, boolean>()

  /** The mended bytes of a file; null where the place has other bytes. */
  const read = async (file: MendedFile): Promise<Uint8Array | null> => {
    if (known.get(file.file) === false) return null
    const bytes = await readWhole(place, file.file)
    const hash = newHash()
    hash.update(bytes)
    const isSame = hash.digest() === file.sha256
    known.set(file.file, isSame)
    return isSame ? mendedBytes(bytes, file, job) : null
  }
  const readNamed = async (name: string): Promise<Uint8Array | null> => {
    const file = byName.get(name)
    return file === undefined ? null : read(file)
  }
  const open = place.open?.bind(place)
  const data: FileStore = {
    location: place.location,
    async list(prefix) {
      const entries: FileEntry[] = []
      for (const entry of await place.list(prefix)) {
        const bytes = await readNamed(entry.name)
        entries.push(bytes === null ? entry : { name: entry.name, size: bytes.length, version: null, changedAt: null })
      }
      return entries
    },
    async *read(name) {
      const bytes = await readNamed(name)
      if (bytes === null) yield* place.read(name)
      else yield bytes
    },
    ...(open !== undefined && {
      async open(name) {
        const bytes = await readNamed(name)
        if (bytes === null) return open(name)
        return { entry: { name, size: bytes.length, version: null, changedAt: null }, chunks: onePart(bytes) }
      },
    }),
    write: (name, chunks) => place.write(name, chunks),
    writeIfAbsent: (name, bytes) => place.writeIfAbsent(name, bytes),
    remove: (name) => place.remove(name),
  }
  return {
    data,
    mended,
    async counts(file) {
      const present = (await place.list(file.file)).some(({ name }) => name === file.file)
      return !present || (known.get(file.file) ?? (await read(file)) !== null)
    },
  }
}

async function* onePart(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
