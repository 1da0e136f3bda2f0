/**
 * By what a source file is known again without reading its bytes.
 * @module
 */
import type { FileEntry } from '../../../connect/file-store.ts'

/** A file system's clock may tick as seldom as this: a later change could bear the same time. */
const CLOCK_TICK = 2000

/** What a place says of a file, in one text: identity, and time of its last change where that says more than the version. */
export function versionOf({
  version,
  changedAt,
  isContentVersion = false,
}: Pick<FileEntry, 'version' | 'changedAt' | 'isContentVersion'>): string | null {
  if (version === null || isContentVersion) return version
  return `${version} ${changedAt ?? ''}`
}

/** By what a file can be known again without its bytes; null where a later change could look the same. */
export function knownVersion(entry: FileEntry | null, now: number): string | null {
  if (entry === null) return null
  const isSettled = entry.changedAt !== null && now - entry.changedAt > CLOCK_TICK
  return isSettled || entry.isContentVersion === true ? versionOf(entry) : null
}
