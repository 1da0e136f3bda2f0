/**
 * Saves the calls in view as a CSV file: the curated columns, safe to open in a spreadsheet.
 * @module
 */
import { csvChunks } from '../../../format/csv/write/write.ts'
import { saveFile } from '../../../page/save-file.ts'
import { callFrame } from '../figures/frame.ts'
import { type CallSelection, selectedRows } from '../figures/selection.ts'

/** Saves the selected calls as `calls.csv`. Text that a spreadsheet would run as a formula is escaped. */
export function saveCalls(selection: CallSelection): void {
  saveFile(csvChunks(callFrame(selection.set, selectedRows(selection)), { formulas: 'escape' }), 'calls.csv')
}
