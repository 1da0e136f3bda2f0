/**
 * Includes processes that tests start: they run with the active mutant, and the mutants they reach
 * count for their test.
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll } from 'vitest'

/** How often each mutant was reached, by its number. */
type Reached = Record<string, number>

/** Stryker's global state in each process. */
interface Stryker {
  activeMutant?: string
  currentTestId?: string
  mutantCoverage?: { static: Reached; perTest: Record<string, Reached> }
}

const ACTIVE = '__STRYKER_ACTIVE_MUTANT__'
// Stryker's own setup runs before this one and creates it
const stryker = (globalThis as unknown as { readonly __stryker__: Stryker }).__stryker__
// inside the sandbox, which is removed as a whole
const folder = mkdtempSync(join(process.cwd(), 'reached-'))

process.env.SUPPORT_ETL_MUTATION_FOLDER = folder
process.env.SUPPORT_ETL_CHILD_IMPORT = pathToFileURL(join(import.meta.dirname, 'child.ts')).href

function add(to: Reached, from: Reached): void {
  for (const [mutant, times] of Object.entries(from)) to[mutant] = (to[mutant] ?? 0) + times
}

/**
 * Counts the mutants that ended processes reached, for the running test, or for the whole file if
 * no test is running.
 */
function collect(): void {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  if (names.length === 0) return
  stryker.mutantCoverage ??= { static: {}, perTest: {} }
  const { static: always, perTest } = stryker.mutantCoverage
  const { currentTestId: test } = stryker
  if (test !== undefined) perTest[test] ??= {}
  const reached = perTest[test ?? ''] ?? always
  for (const name of names) {
    const path = join(folder, name)
    add(reached, JSON.parse(readFileSync(path, 'utf8')) as Reached)
    rmSync(path)
  }
}

beforeAll(() => {
  if (stryker.activeMutant !== undefined) process.env[ACTIVE] = stryker.activeMutant
})
afterEach(collect)
afterAll(() => {
  collect()
  delete process.env[ACTIVE]
  rmSync(folder, { recursive: true, force: true })
})
