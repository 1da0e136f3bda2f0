/**
 * Saves the calls in view as a CSV file: the curated columns, safe to open in a spreadsheet.
 * @module
 */
import { csvChunks } from '../../../format/csv/write/write.ts'
import { element } from '../../../page/element.ts'
import { callFrame } from '../figures/frame.ts'
import { type CallSelection, selectedRows } from '../figures/selection.ts'

/** Hands the bytes to the browser as a download. */
function save(chunks: Iterable<Uint8Array>, name: string): void {
  // the writer's pieces are plain byte arrays
  const blob = new Blob([...chunks] as BlobPart[], { type: 'text/csv;charset=utf-8' })
  const address = URL.createObjectURL(blob)
  const link = element('a', { href: address, download: name })
  link.click()
  // the download has started by then
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** Saves the selected calls as `calls.csv`. Text that a spreadsheet would run as a formula is escaped. */
export function saveCalls(selection: CallSelection): void {
  save(csvChunks(callFrame(selection.set, selectedRows(selection)), { formulas: 'escape' }), 'calls.csv')
}
