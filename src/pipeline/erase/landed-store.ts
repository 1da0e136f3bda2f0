/**
 * The files of a ledger as a source place: as they came, with the records of erased persons edited.
 * @module
 */
import type { FileEntry, FileStore } from '../../connect/file-store.ts'
import { ConnectError, PipelineError } from '../../errors.ts'
import type { CommitRecord, InputRecord } from '../log/commit-record.ts'

/** How the bytes of a landed file are edited. */
export type EditLanded = (input: InputRecord, chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>

/** Returns a place that has the inputs of a commit under their names. Nothing is written to it. */
export function landedStore(out: FileStore, { inputs }: Pick<CommitRecord, 'inputs'>, edit: EditLanded): FileStore {
  const byName = new Map(inputs.map((input) => [input.name, input]))
  const refuse = async (): Promise<never> => {
    throw new ConnectError('io_failed', 'the files of a ledger are not written')
  }
  return {
    location: out.location,
    async list(prefix) {
      const names = [...byName.keys()].filter((name) => name.startsWith(prefix)).sort()
      return names.map((name): FileEntry => {
        const size = byName.get(name)?.bytes ?? 0
        // it is known by its bytes alone
        return { name, size, version: null, changedAt: null }
      })
    },
    async *read(name) {
      const input = byName.get(name)
      if (input?.landed === undefined) {
        const message = `the bytes of ${name} were not kept when it was applied`
        throw new PipelineError('erase_refused', message, { advice: ['run it into a new folder first'] })
      }
      yield* edit(input, out.read(input.landed.name))
    },
    write: refuse,
    writeIfAbsent: refuse,
    remove: refuse,
  }
}
