/**
 * Loaded before the program in processes that tests start; writes at their end which mutants they
 * reached.
 * @module
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Ends a mutant that loops forever after this many hits. */
const MOST_HITS = 1_000_000

interface Stryker {
  hitCount?: number
  hitLimit?: number
  mutantCoverage?: { readonly static: Readonly<Record<string, number>> }
}

const folder = process.env.SUPPORT_ETL_MUTATION_FOLDER ?? ''
const stryker: Stryker = { hitCount: 0, hitLimit: MOST_HITS }
;(globalThis as { __stryker__?: Stryker }).__stryker__ = stryker

process.on('exit', () => {
  // the test may have ended first, and removed the folder
  if (stryker.mutantCoverage === undefined || !existsSync(folder)) return
  const path = join(folder, String(process.pid))
  writeFileSync(path, JSON.stringify(stryker.mutantCoverage.static))
  renameSync(path, `${path}.json`)
})
