/**
 * What a delta means, written as plainly as possible over lists of row objects: the oracle of the laws.
 * It shares no code with the library.
 */

export type Cell = string | number | null
export type Row = Readonly<Record<string, Cell>>
export type Rows = readonly Row[]

/** A change: an action, the key, and the cells it has. */
export interface Change {
  readonly action: 'add' | 'update' | 'delete'
  readonly row: Row
}

export interface ModelPolicies {
  readonly addExisting?: 'replace' | 'ignore' | 'error'
  readonly update?: 'replace' | 'patch'
  readonly updateMissing?: 'insert' | 'ignore' | 'error'
  readonly deleteMissing?: 'ignore' | 'error'
}

/** All 36 mixes of the four policies. */
export const MIXES: readonly Required<ModelPolicies>[] = (['replace', 'ignore', 'error'] as const).flatMap(
  (addExisting) =>
    (['replace', 'patch'] as const).flatMap((update) =>
      (['insert', 'ignore', 'error'] as const).flatMap((updateMissing) =>
        (['ignore', 'error'] as const).map((deleteMissing) => ({ addExisting, update, updateMissing, deleteMissing })),
      ),
    ),
)

/** A change that a policy refuses, by its place in the delta. */
export class Refused extends Error {
  readonly code: string
  readonly place: number

  constructor(code: string, place: number) {
    super(`${code} at ${place}`)
    this.code = code
    this.place = place
  }
}

export interface ModelResult {
  readonly rows: Rows
  /** Net effects by name, and the codes counted by row. */
  readonly counts: Readonly<Record<string, number>>
  readonly codes: Readonly<Record<string, number>>
}

const same = (a: Row, b: Row) =>
  Object.keys(a).every((name) => name.startsWith('_') || Object.is(a[name] ?? null, b[name] ?? null))

/** Applies the changes one by one to a list of rows. `columns` are the table's. */
export function applyChanges(
  rows: Rows,
  changes: readonly Change[],
  columns: readonly string[],
  {
    addExisting = 'replace',
    update = 'replace',
    updateMissing = 'insert',
    deleteMissing = 'ignore',
  }: ModelPolicies = {},
): ModelResult {
  let list: Row[] = [...rows]
  const codes: Record<string, number> = {}
  const count = (code: string) => {
    codes[code] = (codes[code] ?? 0) + 1
  }
  const deletedHere = new Set<Cell | undefined>()
  const movedHere = new Set<Cell | undefined>()
  const writtenHere = new Set<Cell | undefined>()
  const seen = new Set<Cell | undefined>()
  const whole = (row: Row): Row => Object.fromEntries(columns.map((name) => [name, row[name] ?? null]))

  for (const [place, { action, row }] of changes.entries()) {
    const { id } = row
    if (seen.has(id)) count('delta_duplicate_key')
    seen.add(id)
    const old = list.find((other) => other.id === id)
    const insert = () => {
      if (deletedHere.has(id)) count('reinserted')
      if (rows.some((other) => other.id === id)) movedHere.add(id)
      list.push(whole(row))
      writtenHere.add(id)
    }
    const write = (next: Row) => {
      list = list.map((other) => (other.id === id ? next : other))
      writtenHere.add(id)
    }
    if (action === 'delete') {
      if (old === undefined) {
        if (deleteMissing === 'error') throw new Refused('delete_missing', place)
        count('delete_missing')
      } else {
        list = list.filter((other) => other.id !== id)
        deletedHere.add(id)
        movedHere.delete(id)
      }
    } else if (action === 'add') {
      if (old === undefined) insert()
      else {
        if (addExisting === 'error') throw new Refused('add_existing', place)
        count(same(old, whole(row)) ? 'add_existing info' : 'add_existing warning')
        if (addExisting === 'replace') write(whole(row))
      }
    } else if (old === undefined) {
      if (updateMissing === 'error') throw new Refused('update_missing', place)
      count('update_missing')
      if (updateMissing === 'insert') insert()
    } else {
      count('update_existing')
      const cells = Object.entries(row).filter(([, cell]) => update === 'replace' || cell !== null)
      if (cells.some(([name, cell]) => cell === null && (old[name] ?? null) !== null)) count('null_overwrites')
      write({ ...old, ...Object.fromEntries(cells) })
    }
  }

  const counts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0, ignored: 0, folded: changes.length - seen.size }
  for (const id of seen) {
    const before = rows.find((row) => row.id === id)
    const after = list.find((row) => row.id === id)
    if (before === undefined) counts[after === undefined ? 'ignored' : 'inserted']++
    else if (after === undefined) counts.deleted++
    else if (movedHere.has(id)) counts.updated++
    else if (!writtenHere.has(id)) counts.ignored++
    else counts[same(before, after) ? 'unchanged' : 'updated']++
  }
  return { rows: list, counts, codes }
}
