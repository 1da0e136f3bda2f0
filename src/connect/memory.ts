/**
 * Memory as a place: for tests, pages and programs that store nothing.
 * @module
 */
import { isRecord, refuseUnless } from '../arguments.ts'
import { ConnectError } from '../errors.ts'
import { joinChunks } from '../table/chunks.ts'
import { refuseNoContract, type TableContract } from '../table/contract.ts'
import { compareNames, fileNameParts, prefixParts } from './file-name.ts'
import type { Chunks, FileEntry, FileStore } from './file-store.ts'
import type { RowBatch, RowSource } from './row-source.ts'

async function bytesOf(chunks: Chunks): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  // a copy; `slice` of a Buffer would be a view
  for await (const chunk of chunks) parts.push(new Uint8Array(chunk))
  return joinChunks(parts)
}

/**
 * Returns an empty place in memory, or one that holds copies of `files` (text becomes UTF-8).
 *
 * @throws ConnectError path_invalid, not_found - by the methods
 * @example
 * import { memoryStore } from 'support-etl/connect'
 *
 * const store = memoryStore({ 'initial/agents.csv': 'agent_id\nA1\n' })
 * const files = await store.list('initial/')
 * files.map(({ name, size }) => [name, size]) // [['initial/agents.csv', 12]]
 */
export function memoryStore(files: Readonly<Record<string, string | Uint8Array>> = {}): FileStore {
  refuseUnless(isRecord(files), 'files', files, 'an object of file name to content', ConnectError)
  const strange = Object.entries(files).find(
    ([, content]) => typeof content !== 'string' && !(content instanceof Uint8Array),
  )
  refuseUnless(strange === undefined, `file "${strange?.[0]}"`, strange?.[1], 'text or a Uint8Array', ConnectError)
  const kept = new Map<string, { bytes: Uint8Array; version: number }>()
  let writes = 0
  const keep = (name: string, bytes: Uint8Array): void => {
    writes += 1
    kept.set(name, { bytes, version: writes })
  }
  for (const [name, content] of Object.entries(files)) {
    fileNameParts(name)
    keep(name, typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content))
  }
  return {
    location: 'memory',
    async list(prefix) {
      prefixParts(prefix)
      const entries: FileEntry[] = []
      for (const [name, { bytes, version }] of kept) {
        if (name.startsWith(prefix))
          entries.push({ name, size: bytes.length, version: String(version), changedAt: null })
      }
      return entries.sort((a, b) => compareNames(a.name, b.name))
    },
    async *read(name) {
      fileNameParts(name)
      const file = kept.get(name)
      if (file === undefined) throw new ConnectError('not_found', `cannot read memory/${name}: does not exist`)
      yield file.bytes.slice()
    },
    async write(name, chunks) {
      fileNameParts(name)
      keep(name, await bytesOf(chunks))
    },
    async writeIfAbsent(name, bytes) {
      fileNameParts(name)
      if (kept.has(name)) return false
      keep(name, new Uint8Array(bytes))
      return true
    },
    async remove(name) {
      fileNameParts(name)
      kept.delete(name)
    },
  }
}

/**
 * Returns batches in memory as a source of rows. Their watermarks must ascend.
 *
 * @throws ConnectError invalid_option - a watermark is not greater than the one before it
 * @example
 * import { defineTable, key, string } from 'support-etl'
 * import { memoryRows } from 'support-etl/connect'
 *
 * const source = memoryRows(defineTable('halls', { id: key(string()) }), [])
 * source.location // 'memory/halls'
 */
export function memoryRows(contract: TableContract, batches: readonly RowBatch[]): RowSource {
  refuseNoContract(contract)
  refuseUnless(Array.isArray(batches), 'batches', batches, 'a list of batches', ConnectError)
  for (const [at, { watermark }] of batches.entries()) {
    const before = batches[at - 1]?.watermark
    if (before === undefined || before < watermark) continue
    throw new ConnectError(
      'invalid_option',
      `watermark "${watermark}" does not follow "${before}"; give batches in order`,
    )
  }
  return {
    location: `memory/${contract.name}`,
    contract,
    async *read(since) {
      for (const batch of batches) if (since === null || batch.watermark > since) yield batch
    },
  }
}
