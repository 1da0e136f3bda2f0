/**
 * Writes the cases of the conformance suite with the rows that the library gives: `node tools/conformance/main.ts`. The rows after
 * each delta are there, so that other laws can be checked: one delta after the other, all at once, each of them twice.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { table } from 'arquero'
import { applyDelta, EtlError } from '../../src/index.ts'
import { type AuthoredCase, CASES, type Cell, COLUMNS, type Rows, randomCases } from './cases.ts'

/** A case as it is published. */
export interface PublishedCase extends AuthoredCase {
  readonly key: readonly string[]
  readonly types: Readonly<Record<string, 'text' | 'double'>>
  /** The rows after each delta, in their order; left out where the deltas are refused. */
  readonly expected?: readonly Rows['rows'][]
}

const TYPES = { id: 'text', team: 'text', minutes: 'double' } as const

const tableOf = ({ columns, rows }: Rows) =>
  table(Object.fromEntries(columns.map((name, at) => [name, rows.map((row) => row[at] ?? null)])), [...columns])

/** Returns the rows after each delta, or the code of the error. */
export function expectedOf({ base, deltas, policies = {} }: AuthoredCase): readonly Rows['rows'][] | string {
  let current = tableOf(base)
  const found: Rows['rows'][] = []
  try {
    for (const delta of deltas) {
      current = applyDelta(current, tableOf(delta), 'id', policies)
      found.push((current.objects() as Record<string, Cell>[]).map((row) => COLUMNS.map((name) => row[name] ?? null)))
    }
  } catch (error) {
    if (error instanceof EtlError) return error.code
    throw error
  }
  return found
}

/** Returns a case as it is published. @throws Error - the library refuses another one than was expected */
export function publishedCase(authored: AuthoredCase): PublishedCase {
  const found = expectedOf(authored)
  const code = typeof found === 'string' ? found : undefined
  if (code !== authored.error)
    throw new Error(`${authored.id}: expected ${authored.error ?? 'rows'}, found ${code ?? 'rows'}`)
  return { ...authored, key: ['id'], types: TYPES, ...(typeof found === 'string' ? {} : { expected: found }) }
}

/** One case a line, so that a change of one is seen as one. */
export const textOf = (cases: readonly PublishedCase[]): string =>
  `[\n${cases.map((each) => `  ${JSON.stringify(each)}`).join(',\n')}\n]\n`

/** The files of the suite, by name. */
export const suiteFiles = (): Readonly<Record<string, string>> => ({
  'decisions.json': textOf(CASES.map(publishedCase)),
  'laws.json': textOf(randomCases(25).map(publishedCase)),
})

if (import.meta.main) {
  const folder = join(import.meta.dirname, '..', '..', 'conformance')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(suiteFiles())) writeFileSync(join(folder, name), text)
}
