/**
 * Hands bytes to the browser as a download.
 * @module
 */
import { element } from './element.ts'

/** Saves the chunks under a name. */
export function saveFile(chunks: Iterable<Uint8Array>, name: string, type = 'text/csv;charset=utf-8'): void {
  // plain byte arrays, whatever memory they lie in
  const blob = new Blob([...chunks] as BlobPart[], { type })
  const address = URL.createObjectURL(blob)
  const link = element('a', { href: address, download: name })
  link.click()
  // the download has started by then
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
