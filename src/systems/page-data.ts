/**
 * What the pages of most systems read: files of fixed names, and things made of a job's last commit.
 * @module
 */
import type { CommittedPlace, PageData } from './system.ts'

/** The bytes of one file; null where there is nothing to read. */
type FileReader = () => Promise<Uint8Array | null>

/** Returns a reader of a value as JSON. No value is `null` in the file: data that does not exist yet is no error of a page. */
export function jsonFile(read: () => Promise<unknown>): FileReader {
  return async () => new TextEncoder().encode(`${JSON.stringify(await read())}\n`)
}

/** Returns the data of pages that read these files; an exported site holds them all. */
export function namedFiles(readers: Readonly<Record<string, FileReader>>): PageData {
  return {
    read: async (file) => (Object.hasOwn(readers, file) ? ((await readers[file]?.()) ?? null) : null),
    files: async () => Object.keys(readers),
  }
}

/**
 * Returns a function that makes something of the last commit of a job, once a commit: pages ask every few seconds, and what a
 * commit holds never changes. It returns null where there is no commit.
 */
export function onceACommit<Made>(
  find: () => Promise<CommittedPlace | null>,
  make: (place: CommittedPlace) => Promise<Made>,
): () => Promise<Made | null> {
  let last: { readonly sha256: string; readonly made: Promise<Made> } | null = null
  return async () => {
    const place = await find()
    if (place === null) return null
    const { sha256 } = place
    if (last?.sha256 === sha256) return last.made
    const making = { sha256, made: make(place) }
    last = making
    try {
      return await making.made
    } catch (error) {
      // a later request tries again
      if (last === making) last = null
      throw error
    }
  }
}
