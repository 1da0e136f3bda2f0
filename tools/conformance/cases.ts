/**
 * The cases of the published suite, by hand: what is applied, and which error is expected. Expected rows are made by the library
 * (tools/conformance/main.ts) and held against an independent model (tests/conformance-suite.test.ts).
 * @module
 */
import type { DeltaOptions } from '../../src/index.ts'

export type Cell = string | number | null
/** Rows of named columns, in the order of `columns`. */
export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A case without what is expected; `error` where the deltas are refused. */
export interface AuthoredCase {
  readonly id: string
  readonly decision: string
  readonly title: string
  readonly base: Rows
  readonly deltas: readonly Rows[]
  /** The policies that differ from the default. */
  readonly policies?: DeltaOptions
  readonly error?: string
}

/** The columns of every base; `id` is the key. */
export const COLUMNS = ['id', 'team', 'minutes'] as const
const CHANGE = [...COLUMNS, 'action']

const rowsOf = (columns: readonly string[], rows: Rows['rows']): Rows => ({ columns, rows })
const BASE = rowsOf(COLUMNS, [
  ['a', 'north', 1],
  ['b', 'south', 2.5],
  ['c', null, null],
])
const delta = (...rows: Rows['rows']): Rows => rowsOf(CHANGE, rows)

type Given = Partial<Omit<AuthoredCase, 'id' | 'decision' | 'title'>>
const one = (
  decision: string,
  title: string,
  deltas: readonly Rows[],
  given: Given = {},
): Omit<AuthoredCase, 'id'> => ({
  ...{ decision, title, base: BASE, deltas, ...given },
})

const AUTHORED: readonly Omit<AuthoredCase, 'id'>[] = [
  one('D01', 'a key twice in the table is refused', [delta(['a', 'west', 9, 'update'])], {
    base: rowsOf(COLUMNS, [
      ['a', 'north', 1],
      ['a', 'south', 2],
    ]),
    error: 'base_duplicate_key',
  }),
  one('D02', 'several changes of one key apply in the order of the rows', [
    delta(['a', 'west', 9, 'update'], ['b', 'west', 8, 'update'], ['a', 'east', 7, 'update']),
  ]),
  one(
    'D02',
    'they are refused where the policy says so',
    [delta(['a', 'west', 9, 'update'], ['a', 'east', 7, 'update'])],
    {
      policies: { duplicates: 'error' },
      error: 'delta_duplicate_key',
    },
  ),
  one('D03', 'an add of a key that exists replaces its row, in its place', [delta(['a', null, 9, 'add'])]),
  one('D03', 'it is ignored where the policy says so', [delta(['a', 'west', 9, 'add'])], {
    policies: { addExisting: 'ignore' },
  }),
  one('D03', 'it is refused where the policy says so', [delta(['a', 'west', 9, 'add'])], {
    policies: { addExisting: 'error' },
    error: 'add_existing',
  }),
  one('D04', 'an update of a key that does not exist inserts it, at the end', [delta(['d', 'west', 9, 'update'])]),
  one('D04', 'it is ignored where the policy says so', [delta(['d', 'west', 9, 'update'])], {
    policies: { updateMissing: 'ignore' },
  }),
  one('D04', 'it is refused where the policy says so', [delta(['d', 'west', 9, 'update'])], {
    policies: { updateMissing: 'error' },
    error: 'update_missing',
  }),
  one('D05', 'a delete of a key that does not exist does nothing', [delta(['d', null, null, 'delete'])]),
  one('D05', 'it is refused where the policy says so', [delta(['d', null, null, 'delete'])], {
    policies: { deleteMissing: 'error' },
    error: 'delete_missing',
  }),
  one('D06', 'a null key is refused', [delta([null, 'west', 9, 'add'])], { error: 'null_key' }),
  one('D06', 'an empty key is refused', [delta(['', 'west', 9, 'add'])], { error: 'null_key' }),
  one('D07', 'an action in another case, with spaces around it, is read', [
    delta(['a', 'west', 9, ' Update '], ['b', null, null, 'DELETE'], ['d', 'east', 7, 'Insert']),
  ]),
  one('D08', 'an unknown action is refused', [delta(['a', 'west', 9, 'merge'])], { error: 'unknown_action' }),
  one('D08', 'a blank action is refused', [delta(['a', 'west', 9, ' '])], { error: 'unknown_action' }),
  one('D09', 'a delta without actions is refused', [rowsOf(COLUMNS, [['a', 'west', 9]])], {
    error: 'action_column_missing',
  }),
  one(
    'D09',
    'it is applied where the policy names the action of its rows',
    [
      rowsOf(COLUMNS, [
        ['a', 'west', 9],
        ['d', 'east', 7],
      ]),
    ],
    {
      policies: { defaultAction: 'add' },
    },
  ),
  one('D10', 'a column that the delta does not have stays on an update, and is null on an add', [
    rowsOf(
      ['id', 'minutes', 'action'],
      [
        ['a', 9, 'update'],
        ['d', 7, 'add'],
      ],
    ),
  ]),
  one(
    'D11',
    'a column that the table does not have is refused',
    [rowsOf([...CHANGE, 'floor'], [['a', 'west', 9, 'update', '3']])],
    {
      error: 'column_extra',
    },
  ),
  one(
    'D11',
    'it is dropped where the policy says so',
    [rowsOf([...CHANGE, 'floor'], [['a', 'west', 9, 'update', '3']])],
    {
      policies: { contract: 'discard_value' },
    },
  ),
  one(
    'D12',
    'a column that differs in case is refused',
    [rowsOf(['id', 'Team', 'minutes', 'action'], [['a', 'west', 9, 'update']])],
    {
      error: 'column_renamed',
    },
  ),
  one(
    'D12',
    'it is taken where the policy names it',
    [rowsOf(['id', 'Team', 'minutes', 'action'], [['a', 'west', 9, 'update']])],
    {
      policies: { columnAliases: { Team: 'team' } },
    },
  ),
  one('D13', 'a number as text is a number', [delta(['a', 'west', '9.0', 'update'])]),
  one('D13', 'text that is no number is refused', [delta(['a', 'west', 'nine', 'update'])], { error: 'type_mismatch' }),
  one('D15', 'a delta without rows does nothing', [delta()]),
  one('D17', 'deleted, then added in one delta: nothing of the old row is left, and it goes to the end', [
    rowsOf(
      ['id', 'minutes', 'action'],
      [
        ['a', null, 'delete'],
        ['a', 9, 'add'],
      ],
    ),
  ]),
  one('D18', 'added, then deleted in one delta: absent', [delta(['d', 'west', 9, 'add'], ['d', null, null, 'delete'])]),
  one('D19', 'updated, deleted, updated in one delta: the last update', [
    delta(['a', 'west', 9, 'update'], ['a', null, null, 'delete'], ['a', 'east', null, 'update']),
  ]),
  one(
    'D21',
    'the greatest sequence wins, whatever the order of the rows',
    [
      rowsOf(
        ['id', 'team', 'minutes', 'action'],
        [
          ['a', 'last', 30, 'update'],
          ['a', 'first', 10, 'update'],
          ['a', 'middle', 20, 'update'],
        ],
      ),
    ],
    { policies: { sequenceBy: 'minutes' } },
  ),
  one(
    'D21',
    'of equal sequences the later row wins',
    [
      rowsOf(
        ['id', 'team', 'minutes', 'action'],
        [
          ['a', 'earlier', 10, 'update'],
          ['a', 'later', 10, 'update'],
        ],
      ),
    ],
    { policies: { sequenceBy: 'minutes' } },
  ),
  one('D21', 'a null sequence is refused', [delta(['a', 'west', null, 'update'])], {
    policies: { sequenceBy: 'minutes' },
    error: 'null_sequence',
  }),
  one('D25', 'a null cell of an update overwrites', [delta(['a', null, 9, 'update'])]),
  one('D25', 'it keeps the value where the policy says so', [delta(['a', null, 9, 'update'])], {
    policies: { nulls: 'keep' },
  }),
  one('D25', 'it keeps the values of some columns', [delta(['a', null, null, 'update'])], {
    policies: { nulls: { keep: ['team'] } },
  }),
  one('D26', 'an update equal to the row changes nothing', [delta(['a', 'north', 1, 'update'])]),
  one('D27', 'other cells of a delete are not read', [delta(['a', 'stale', 'no number', 'delete'])]),
  one('D29', 'deleted, and added again by a later delta: at the end', [
    delta(['a', null, null, 'delete']),
    delta(['a', 'west', 9, 'add']),
  ]),
  one('D31', 'updates stay in place, adds come behind in the order of the delta', [
    delta(['e', 'x', 1, 'add'], ['b', 'y', 2, 'update'], ['d', 'z', 3, 'add'], ['a', 'w', 4, 'update']),
  ]),
  one(
    'D33',
    'an update with a patch keeps what its nulls would overwrite',
    [delta(['a', null, 9, 'update'], ['b', 'west', null, 'update'])],
    {
      policies: { update: 'patch' },
    },
  ),
  one(
    'text',
    'texts that only look alike are different keys',
    [delta(['A', 'x', 1, 'add'], ['a ', 'y', 2, 'add'], ['á', 'z', 3, 'add'], ['a\u0301', 'w', 4, 'add'])],
    { base: rowsOf(COLUMNS, [['a', 'north', 1]]) },
  ),
  one('text', 'quotes, backslashes, line ends and characters outside the first plane are kept', [
    delta(["o'neill", 'a\\n"b"', 1, 'add'], ['\u{1f600}', 'a\nb\r\nc\td', -0.5, 'add'], ['NULL', '', 0, 'add']),
  ]),
]

/** The cases, each with an id of its decision and a number. */
export const CASES: readonly AuthoredCase[] = AUTHORED.map((each, at) => {
  const before = AUTHORED.slice(0, at).filter(({ decision }) => decision === each.decision).length
  return { id: `${each.decision}-${before + 1}`, ...each }
})

/** Numbers that follow each other as by chance, the same ones on every machine. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Random tables with up to four deltas: many changes of few keys, so that deletes, adds and updates of one key meet. */
export function randomCases(count: number): readonly AuthoredCase[] {
  const below = numbersFrom(19)
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T
  const row = (id: string): Cell[] => [id, pick(['north', 'south', '', null, 'é']), pick([0, 1, 2.5, -7, 1e9, null])]
  return Array.from({ length: count }, (_, at): AuthoredCase => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].slice(0, 2 + below(7))
    const change = (): Cell[] => [...row(pick(ids)), pick(['add', 'update', 'update', 'delete'])]
    return {
      ...{ id: `random-${at + 1}`, decision: 'laws', title: `random changes, set ${at + 1}` },
      base: rowsOf(COLUMNS, ids.filter(() => below(2) === 0).map(row)),
      deltas: Array.from({ length: 1 + below(4) }, () => delta(...Array.from({ length: below(9) }, change))),
    }
  })
}
