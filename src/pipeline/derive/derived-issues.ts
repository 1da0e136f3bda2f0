/**
 * Rows of derived tables that wait: issues with the key of their row, and the file and record that supplied it.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import { columnOf, type Frame, selectColumns } from '../../table/frame.ts'
import { keyBytes } from '../../table/key/key.ts'
import { KeyIndex } from '../../table/key/key-index.ts'
import { takeRows } from '../../table/take.ts'
import type { DerivedIssue } from '../job/job.ts'
import type { Note } from '../plan/make-plan.ts'
import { type QuarantinedRow, TOLERATED_ROWS } from '../quarantine.ts'
import { FILE, ROW } from '../state/stored-contract.ts'

/** A cell of a key as text. */
function keyText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}

/** Returns the key of every row as texts. */
export function keyTexts(frame: Frame, key: readonly string[]): readonly (readonly string[])[] {
  const columns = key.map((name) => columnOf(frame, name))
  return Array.from({ length: frame.rows }, (_, row) => columns.map((column) => keyText(column.at(row))))
}

/** A key in one text, for look-ups. */
export const keyId = (key: readonly string[] = []): string => JSON.stringify(key)

/** A record of a file. */
interface RowPlace {
  readonly file: string
  readonly row: number
}

/** What a row of a derived table comes from: its key, and the file and record that supplied it. */
export interface RowSource extends RowPlace {
  readonly key: readonly string[]
}

/** Finds what some rows come from, in a table of a source that is looked at part by part. */
export class SourceFinder {
  readonly #texts: readonly (readonly string[])[]
  readonly #key: readonly string[]
  readonly #index: KeyIndex
  readonly #places: RowPlace[] = []

  /** `keys` has the keys of the rows. */
  constructor(keys: Frame, key: readonly string[]) {
    this.#texts = keyTexts(keys, key)
    this.#key = key
    this.#index = KeyIndex.of(keyBytes(keys, key))
  }

  /** Looks at some rows of the table. */
  look(root: Frame): void {
    const { rows, groups } = this.#index.found(keyBytes(selectColumns(root, this.#key), this.#key))
    const [files, records] = [columnOf(root, FILE), columnOf(root, ROW)]
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as number
      this.#places[groups[at] as number] = { file: String(files.at(row)), row: Number(records.at(row)) }
    }
  }

  /** Returns what each row comes from. @throws Error - a row comes from none that was looked at */
  sources(): readonly RowSource[] {
    return this.#texts.map((key, at) => {
      const place = this.#places[this.#index.groupOf[at] as number]
      if (place === undefined) throw new Error('a derived row has a key that its source does not have')
      return { key, ...place }
    })
  }
}

/** Returns what some rows of a parent come from; `root` is the table of a source that it is made from. */
export function sourcesOf(parent: Frame, rows: Int32Array, key: readonly string[], root: Frame): readonly RowSource[] {
  const finder = new SourceFinder(takeRows(selectColumns(parent, key), rows), key)
  finder.look(root)
  return finder.sources()
}

/** Returns issues of rows of a parent as rows that wait, in their order. */
export function waitingRows(
  table: string,
  issues: readonly DerivedIssue[],
  sources: ReadonlyMap<number, RowSource>,
): QuarantinedRow[] {
  return issues.flatMap(({ row: at, code, column, found, expected }) => {
    const source = sources.get(at)
    if (source === undefined) return []
    const { key, file, row } = source
    return [{ table, month: null, file, row, line: null, code, column, found, expected, raw: '', key }]
  })
}

/** How rows of a derived table are judged. */
export interface Judgement {
  /** Rows of the parent now. */
  readonly rows: number
  /** Ids of keys of the table that waited before. */
  readonly waited: ReadonlySet<string>
  readonly mode: 'lenient' | 'strict'
  readonly maxQuarantined: number
}

/**
 * Refuses rows that newly wait: any in strict mode, else more than 5 that are more than their share of the whole table.
 * @throws PipelineError too_many_quarantined - or, in strict mode, the code of the first issue
 */
export function judgeIssues(
  name: string,
  waiting: readonly QuarantinedRow[],
  { rows, waited, mode, maxQuarantined }: Judgement,
): readonly Note[] {
  const fresh = waiting.filter(({ key }) => !waited.has(keyId(key)))
  const [first] = fresh
  if (first === undefined) return []
  const where = `${first.file} row ${first.row}`
  const column = first.column === null ? '' : `, column ${first.column}`
  if (mode === 'strict') {
    throw new PipelineError(
      first.code,
      `${where}: derived table ${name}${column}: expected ${first.expected}; correct the file, or run in lenient mode to set such rows aside`,
      { details: { ...first } },
    )
  }
  const count = new Set(fresh.map(({ key }) => keyId(key))).size
  if (count > TOLERATED_ROWS && count > rows * maxQuarantined) {
    throw new PipelineError(
      'too_many_quarantined',
      `derived table ${name}: ${count} of ${rows} rows do not fit, more than ${Number((maxQuarantined * 100).toFixed(2))} %; the first is ${where}${column}: expected ${first.expected}`,
      {
        advice: ['correct the files', { option: 'maxQuarantined', effect: 'set more aside' }],
        details: { rows: count, records: rows, issues: fresh.slice(0, 10) },
      },
    )
  }
  const message = `derived table ${name}: ${count} row${count === 1 ? ' does' : 's do'} not fit and wait${count === 1 ? 's' : ''} in quarantine`
  return [{ code: 'quarantined', severity: 'warning', file: null, message }]
}
