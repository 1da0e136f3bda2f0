/**
 * Action words to action codes.
 * @module
 */
import { DeltaError } from '../../../errors.ts'
import { type Column, DictionaryColumn } from '../../../table/column.ts'
import type { Action, DeltaPolicies } from '../delta-options.ts'
import { SAMPLE_SIZE } from '../delta-summary.ts'

export const ADD = 1
export const UPDATE = 2
export const DELETE = 3

const CODES: Readonly<Record<Action, number>> = { add: ADD, update: UPDATE, delete: DELETE }
/** The canonical words by code. Code 0 is no action. */
export const ACTION_WORDS = ['', 'add', 'update', 'delete'] as const

const WORDS: ReadonlyMap<string, Action> = new Map([
  ...['add', 'insert', 'create', 'upsert', 'c', 'i', 'r', 'read'].map((word) => [word, 'add'] as const),
  ...['update', 'u', 'modify', 'change'].map((word) => [word, 'update'] as const),
  ...['delete', 'd', 'remove', 'tombstone'].map((word) => [word, 'delete'] as const),
])

const normalize = (word: string) => word.trim().toLowerCase()

/** The action of each row, and the rows whose word had spaces or another case. */
export interface DeltaActions {
  readonly codes: Uint8Array
  readonly normalizedCount: number
  /** The first of these rows, at most ten. */
  readonly normalizedRows: readonly number[]
}

function unknownAction(column: Column, codes: Uint8Array, words: Iterable<string>, where: WhereIsRow): DeltaError {
  const rows: number[] = []
  let count = 0
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] !== 0) continue
    count++
    if (rows.length < SAMPLE_SIZE) rows.push(row)
  }
  const first = rows[0] as number
  const found = column.at(first)
  // an action is not a customer's value, so the message may show it, shortened
  const shown = typeof found === 'string' && found.trim() !== '' ? `"${found.slice(0, 40)}"` : 'blank'
  const more = count > 1 ? ` (and of ${count - 1} more row${count > 2 ? 's' : ''})` : ''
  return new DeltaError(
    'unknown_action',
    `${where(first)}: the action${more} is ${shown}, expected one of ${[...words].join(', ')}`,
    {
      advice: ['correct it', { option: 'actions', effect: 'map it' }],
      details: { count, rows: rows.map((row) => row + 1), found: rows.map((row) => column.at(row)) },
    },
  )
}

/** Returns the location of a delta's row, for messages. */
export type WhereIsRow = (row: number) => string

/**
 * Returns the action code of each row of an action column. Words are trimmed and lower-cased.
 * @throws DeltaError unknown_action - a row's word is blank or unknown
 */
export function readActions(column: Column, { actions }: DeltaPolicies, where: WhereIsRow): DeltaActions {
  const words =
    actions === null ? WORDS : new Map(Object.entries(actions).map(([word, action]) => [normalize(word), action]))
  const codes = new Uint8Array(column.length)
  const isDictionary = column instanceof DictionaryColumn
  // a dictionary is read once per entry, other text once per distinct word
  const seen = new Map<unknown, number>()
  const read = (word: unknown): number => {
    const known = seen.get(word)
    if (known !== undefined) return known
    const action = typeof word === 'string' ? words.get(normalize(word)) : undefined
    // bit 2 marks a word that was normalised
    const code = action === undefined ? 0 : CODES[action] | (normalize(word as string) === word ? 0 : 4)
    seen.set(word, code)
    return code
  }
  const byEntry = isDictionary ? Uint8Array.from(column.values, read) : null
  let normalizedCount = 0
  let hasUnknown = false
  const normalizedRows: number[] = []
  for (let row = 0; row < codes.length; row++) {
    let code: number
    if (byEntry === null) code = read(column.at(row))
    else {
      const entry = (column as DictionaryColumn).codes[row] as number
      code = entry < 0 ? 0 : (byEntry[entry] as number)
    }
    if (code > 3) {
      normalizedCount++
      if (normalizedRows.length < SAMPLE_SIZE) normalizedRows.push(row)
    }
    const action = code & 3
    if (action === 0) hasUnknown = true
    codes[row] = action
  }
  if (hasUnknown) throw unknownAction(column, codes, words.keys(), where)
  return { codes, normalizedCount, normalizedRows }
}

/** Returns the same action for every row. */
export function sameAction(action: Action, rows: number): DeltaActions {
  return { codes: new Uint8Array(rows).fill(CODES[action]), normalizedCount: 0, normalizedRows: [] }
}
