/**
 * Lists the source files: which file is an input of which table, and which files are none.
 * @module
 */
import type { FileEntry, FileStore } from '../../../connect/file-store.ts'
import { isPacked, unpack } from '../../../connect/gzip.ts'
import { PipelineError } from '../../../errors.ts'
import type { Effects } from '../../effects.ts'
import { type Job, type JobTable, tablesOf } from '../../job/job.ts'
import type { CommitRecord, InputRecord } from '../../log/commit-record.ts'
import { type LedgerUnits, ledgerUnits } from '../../log/ledger-units.ts'
import { hashFile } from '../../state/data-files.ts'
import type { SourceUnit } from '../source.ts'
import type { FileContents } from './file-contents.ts'
import { versionOf } from './known-version.ts'
import { readFileBytes, unpackedHash } from './read-bytes.ts'

/** A source file that is an input of a table. */
export interface SourceFile {
  readonly table: string
  readonly unit: string
  /** Null for what is not one month's. */
  readonly month: string | null
  readonly name: string
  readonly bytes: number
  /** Null until it is read: the ledger does not know table and month, so that it is new whatever it holds. */
  readonly sha256: string | null
}

/** Everything found, and the names that mean nothing to the job. */
export interface Inventory {
  readonly files: readonly SourceFile[]
  readonly unrecognized: readonly string[]
}

/** The names under which inputs of a job's tables are expected. */
export function expectedNames(job: Job): string {
  return [...new Set(tablesOf(job).map(({ source }) => source.expected))].join(', or ')
}

/** An input as its name says it. */
interface NamedInput extends SourceUnit {
  readonly table: string
}

/** Returns the table and the unit of a file, or null when no source recognizes its name. */
function recognize(name: string, tables: readonly JobTable[]): NamedInput | null {
  for (const { contract, source } of tables) {
    const unit = source.recognize(contract.name, name)
    if (unit !== null) return { table: contract.name, ...unit }
  }
  return null
}

/** Whether the place says of a file what it said when the file was applied: then its bytes are the same. */
function isAsApplied(entry: FileEntry, applied: Pick<InputRecord, 'bytes' | 'version'> | undefined): boolean {
  if (applied === undefined) return false
  return applied.version !== null && applied.bytes === entry.size && applied.version === versionOf(entry)
}

/** Packed and unpacked may both be there: which one counts is not for the pipeline to guess. */
function refuseSecond(first: string | undefined, name: string, data: FileStore): void {
  if (first === undefined) return
  throw new PipelineError(
    'file_unrecognized',
    `${data.location} holds both ${first} and ${name}; keep the one that counts`,
    {
      details: { files: [first, name] },
    },
  )
}

/** Every file below the prefixes, each once. */
async function listSources(data: FileStore, job: Job): Promise<readonly FileEntry[]> {
  const prefixes = [...new Set(tablesOf(job).flatMap(({ source }) => source.prefixes))]
  // a prefix that begins with another one lists files again
  const widest = prefixes.filter((prefix) => !prefixes.some((other) => other !== prefix && prefix.startsWith(other)))
  const lists: (readonly FileEntry[])[] = []
  for (const prefix of widest) lists.push(await data.list(prefix))
  return lists.flat()
}

/** The pieces of a ledger: by unit, and by what the place said of their files. */
interface KnownPieces {
  readonly units: LedgerUnits
  readonly byVersion: ReadonlyMap<string, InputRecord>
}

function piecesOf(units: LedgerUnits): KnownPieces {
  const byVersion = new Map<string, InputRecord>()
  for (const input of units.inputs) {
    if (input.version !== null && !byVersion.has(input.version)) byVersion.set(input.version, input)
  }
  return { units, byVersion }
}

/** Which piece a file is: the hash of its unpacked bytes, read unless the place says that it is a file of the ledger. */
async function identifyPiece(
  data: FileStore,
  entry: FileEntry,
  { units, byVersion }: KnownPieces,
  { effects, contents }: Pick<InventoryOptions, 'effects' | 'contents'>,
): Promise<string> {
  const known = byVersion.get(versionOf(entry) ?? '')
  if (known !== undefined && isAsApplied(entry, known)) return known.unit
  if (contents?.hasRoomFor(entry)) {
    const read = await readFileBytes(data, entry.name, effects)
    const unit = unpackedHash(entry.name, read, effects)
    // a piece of the ledger is not read again
    if (units.find(unit) === null) contents.keep(entry.name, read)
    return unit
  }
  const hash = effects.newHash()
  const chunks = data.read(entry.name)
  for await (const chunk of isPacked(entry.name) ? unpack(chunks, entry.name) : chunks) hash.update(chunk)
  return hash.digest()
}

/** Which files are hashed: those of the ledger, or all. */
export type HashedFiles = 'known' | 'all'

/** How an inventory is taken. */
export interface InventoryOptions {
  readonly head: CommitRecord | null
  readonly hash: HashedFiles
  readonly effects: Pick<Effects, 'newHash' | 'now'>
  /** Takes what was read of new pieces, so that the run need not read them again. */
  readonly contents?: FileContents
  /** Days that are looked at in any case; null for all that their source looks at. */
  readonly days?: readonly string[] | null
}

/** Returns which days of tables are looked at again, where a source looks at its last days alone. */
function recheckedDays(
  tables: readonly JobTable[],
  entries: readonly FileEntry[],
  ledger: ReadonlyMap<string, LedgerUnits>,
  named: readonly string[] | null,
): (table: string, unit: string) => boolean {
  const oldest = new Map<string, string>()
  for (const { contract, source } of tables) {
    if (source.kind !== 'partitions' || source.recheck === null) continue
    const present = entries.flatMap(({ name }) => source.recognize(contract.name, name)?.unit ?? [])
    const known = ledger.get(contract.name)?.inputs.map(({ unit }) => unit) ?? []
    const days = [...new Set([...present, ...known])].sort()
    // none is looked at where there are no last days
    oldest.set(contract.name, source.recheck === 0 ? '~' : (days.at(-source.recheck) ?? ''))
  }
  return (table, unit) => unit >= (oldest.get(table) ?? '') || named?.includes(unit) === true
}

/**
 * Returns the source files of a job's tables. A file whose table and month are in the ledger is hashed, unless the place
 * says of it what it said when it was applied; another only when `all` are asked for.
 */
export async function takeInventory(data: FileStore, job: Job, options: InventoryOptions): Promise<Inventory> {
  const { head, hash, effects, days = null } = options
  const tables = tablesOf(job)
  const folders = tables.flatMap(({ source }) => source.prefixes.filter((prefix) => prefix.endsWith('/')))
  const ledger = ledgerUnits(head?.inputs ?? [], Object.keys(job.tables))
  const pieces = new Map<string, KnownPieces>()
  for (const { contract, source } of tables) {
    const units = ledger.get(contract.name)
    if (source.law === 'appended' && units !== undefined) pieces.set(contract.name, piecesOf(units))
  }
  const names = new Map<string, Map<string, string>>(tables.map(({ contract }) => [contract.name, new Map()]))
  const files: SourceFile[] = []
  const unrecognized: string[] = []
  const entries = await listSources(data, job)
  const isLookedAt = recheckedDays(tables, entries, ledger, days)
  for (const entry of entries) {
    const { name, size: bytes } = entry
    const found = recognize(name, tables)
    if (found === null) {
      // names that begin with a dot are the system's, not the operation's
      const isExpected = folders.some((folder) => name.startsWith(folder))
      if (isExpected && !/(^|\/)\./.test(name)) unrecognized.push(name)
      continue
    }
    const { table, unit, month } = found
    const known = pieces.get(table)
    if (known !== undefined) {
      const piece = await identifyPiece(data, entry, known, options)
      // a copy of a piece is the same piece
      if (names.get(table)?.has(piece)) continue
      names.get(table)?.set(piece, name)
      files.push({ table, unit: piece, month, name, bytes, sha256: piece })
      continue
    }
    // a unit that is the file's name is listed once
    if (unit !== name) {
      refuseSecond(names.get(table)?.get(unit), name, data)
      names.get(table)?.set(unit, name)
    }
    const applied = ledger.get(table)?.find(unit) ?? null
    let sha256: string | null = null
    const { original } = applied ?? {}
    const isApplied = applied !== null && (isAsApplied(entry, applied) || isAsApplied(entry, original))
    const isKnown = isApplied || (applied !== null && !isLookedAt(table, unit))
    if (isKnown) sha256 = applied?.sha256 ?? null
    else if (applied !== null || hash === 'all') sha256 = (await hashFile(data, name, effects.newHash())).sha256
    // persons were erased from it when it was applied, and its place has it as it was
    if (sha256 !== null && sha256 === original?.sha256) sha256 = applied?.sha256 ?? null
    files.push({ table, unit, month, name, bytes, sha256 })
  }
  return { files, unrecognized }
}

/** Whether two names in two places are one file: both places say the same of it, to the moment of its last change. */
async function isOneFile(data: FileStore, name: string, out: FileStore, other: string): Promise<boolean> {
  const source = (await data.list(name)).find((entry) => entry.name === name)
  const copy = (await out.list(other)).find((entry) => entry.name === other)
  if (source === undefined || copy === undefined || source.changedAt === null) return false
  return source.changedAt === copy.changedAt && versionOf(source) === versionOf(copy) && source.size === copy.size
}

/**
 * Refuses a place for copies that is the very folder with the source's extracts or deltas, by whatever path it is named:
 * the copy of a table has the name of its extract.
 */
export async function refuseSourceFolder(data: FileStore, out: FileStore, { files }: Inventory): Promise<void> {
  const folders = new Map(files.map(({ name }) => [name.slice(0, name.lastIndexOf('/') + 1), name]))
  for (const [folder, name] of folders) {
    if (!(await isOneFile(data, name, out, name.slice(folder.length)))) continue
    throw new PipelineError(
      'invalid_option',
      `out ${out.location} is the folder of the source file ${name}, and copies would take the place of source files`,
      { advice: [{ option: 'out', effect: 'use another place' }], details: { option: 'out' } },
    )
  }
}
