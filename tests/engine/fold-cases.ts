/** Random changes of a table over several files, and its rows after all of them, by the model. */
import fc from 'fast-check'
import { foldPlan, type Relation } from '../../src/engine/index.ts'
import { defineTable, float64, key, nullable, string } from '../../src/table/contract.ts'
import { anyChanges, anyRows, COLUMNS, without } from '../transform/delta-frames.ts'
import { applyChanges, type Change, type Rows } from '../transform/delta-model.ts'
import type { StagedTable } from './staging.ts'

export const shifts = defineTable('shifts', {
  id: key(string()),
  team: nullable(string()),
  minutes: nullable(float64()),
})

interface File {
  readonly changes: readonly Change[]
  /** A column that the file does not have. */
  readonly lacks: 'team' | 'minutes' | null
}

type Policies = { readonly update?: 'patch'; readonly nulls?: 'keep' | { readonly keep: readonly string[] } }

export interface FoldCase {
  readonly base: Rows
  readonly files: readonly File[]
  readonly delta: Policies
}

const file: fc.Arbitrary<File> = fc
  .record({ changes: anyChanges, lacks: fc.constantFrom(null, null, 'team' as const, 'minutes' as const) })
  .map(({ changes, lacks }) => ({ changes: lacks === null ? changes : without(changes, lacks), lacks }))

const policies: fc.Arbitrary<Policies> = fc.constantFrom<Policies>(
  ...[{}, { update: 'patch' } as const, { nulls: 'keep' } as const, { nulls: { keep: ['team'] } }],
)

export const foldCase: fc.Arbitrary<FoldCase> = fc.record({
  base: anyRows,
  files: fc.array(file, { maxLength: 4 }),
  delta: policies,
})

export function stagedFold({ base, files }: FoldCase): StagedTable {
  const extract = base.map((row) => ({ action: 'add', row }) as const)
  return { name: 'staged', contract: shifts, files: [extract, ...files.map(({ changes }) => changes)] }
}

export function planOf({ files, delta }: FoldCase): Relation {
  const filesWithout = (name: string): number[] =>
    files.flatMap(({ lacks }, place) => (lacks === name ? [place + 1] : []))
  const lacking = { team: filesWithout('team'), minutes: filesWithout('minutes') }
  return foldPlan(shifts, { staged: 'staged', delta, lacking })
}

/** The rows after all files, by the model. */
export function expectedRows({ base, files, delta: { update, nulls } }: FoldCase): Rows {
  const isKept = (name: string): boolean =>
    update === 'patch' || nulls === 'keep' || (typeof nulls === 'object' && nulls.keep.includes(name))
  let rows = base
  for (const { changes } of files) {
    const patched = changes.map(({ action, row }): Change => {
      if (action !== 'update') return { action, row }
      const cells = Object.entries(row).filter(([name, cell]) => cell !== null || !isKept(name))
      return { action, row: Object.fromEntries(cells) }
    })
    rows = applyChanges(rows, patched, COLUMNS).rows
  }
  return rows
}
