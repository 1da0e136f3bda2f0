/**
 * The benchmark's data: the seeded extracts of the library, written once per size.
 * @module
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { supportExtracts } from '../src/systems/support/sample/extracts.ts'

/** Returns the folder that holds `rows` interactions and their deltas, made if it is not there. */
export function dataOf(folder: string, rows: number, seed = 1): string {
  const place = join(folder, `support-${rows}-${seed}`)
  if (existsSync(place)) return place
  const making = `${place}.making`
  for (const file of supportExtracts({ interactions: rows, seed })) {
    const path = join(making, file.name)
    mkdirSync(dirname(path), { recursive: true })
    const descriptor = openSync(path, 'w')
    for (const chunk of file.chunks()) {
      for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at)
    }
    closeSync(descriptor)
  }
  renameSync(making, place)
  return place
}
