/**
 * Exports the dashboard as a folder of files for any file server.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import type { DashboardData } from './data.ts'
import type { PageFile } from './page-files.ts'

/**
 * Writes the data, then the pages, so that a page never appears before its data. `tables` names the
 * tables that the site holds beside the outputs. Returns the names.
 */
export async function exportDashboard(
  to: FileStore,
  page: readonly PageFile[],
  data: DashboardData,
  tables: readonly string[] = [],
): Promise<string[]> {
  const written: string[] = []
  const write = async (name: string, bytes: Uint8Array) => {
    await to.write(name, [bytes])
    written.push(name)
  }
  for await (const [name, bytes] of data.exported(tables)) await write(name, bytes)
  // index.html comes last, because it names the other pages' files
  const last = (file: PageFile) => (file.name === 'index.html' ? 1 : 0)
  for (const file of [...page].sort((a, b) => last(a) - last(b))) await write(file.name, file.bytes)
  return written
}
