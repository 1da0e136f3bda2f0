/**
 * Keys of persons that were erased, as salted hashes, and what becomes of records that name one of them.
 * @module
 */
import type { EditableRecord, RecordEdit } from '../../format/csv/edit-records.ts'
import type { Effects } from '../effects.ts'
import type { Erasure } from '../job/job.ts'
import type { ErasedKeys } from '../log/commit-record.ts'

const encoder = new TextEncoder()

/** The salted hash of a key. */
export function hashOfKey(salt: string, key: string, { newHash }: Pick<Effects, 'newHash'>): string {
  const hash = newHash()
  hash.update(encoder.encode(`${salt}\n${key}`))
  return hash.digest()
}

/** Decides record by record what becomes of those that name an erased key. */
export class Eraser {
  readonly #erasure: Erasure
  readonly #salt: string
  readonly #hashes: ReadonlySet<string>
  readonly #effects: Pick<Effects, 'newHash'>

  constructor(erasure: Erasure, { salt, hashes }: ErasedKeys, effects: Pick<Effects, 'newHash'>) {
    this.#erasure = erasure
    this.#salt = salt
    this.#hashes = new Set(hashes)
    this.#effects = effects
  }

  /** Whether a text names an erased key. */
  names(text: string): boolean {
    return this.#erasure.keysIn(text).some((key) => this.#hashes.has(hashOfKey(this.#salt, key, this.#effects)))
  }

  /** Returns what becomes of the records of a table's file; null for a table without persons. */
  editorOf(table: string, unit: string): ((record: EditableRecord) => RecordEdit) | null {
    const rule = Object.hasOwn(this.#erasure.tables, table) ? this.#erasure.tables[table] : undefined
    if (rule === undefined) return null
    const day = unit.replaceAll('-', '')
    return ({ number, cell, text }) => {
      if (!this.names(text)) return 'keep'
      const cells = rule.columns.map((column) => [column, cell(column)] as const)
      // a record with too few or too many cells has them in other columns
      const isNamed = cells.some(([, value]) => value !== null && this.names(value))
      if (!isNamed || rule.rows === 'remove') return 'remove'
      const name = `erased-${day === '' ? '' : `${day}-`}${number}`
      return new Map(cells.flatMap(([column, value]) => (value === null || value === '' ? [] : [[column, name]])))
    }
  }
}
