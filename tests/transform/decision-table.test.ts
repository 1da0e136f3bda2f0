import { table } from 'arquero'
import { describe, expect, it } from 'vitest'
import {
  applyDelta,
  type DeltaCode,
  DeltaError,
  type DeltaOptions,
  history,
  type Severity,
  summarizeDelta,
  type TableLike,
} from '../../src/index.ts'

/** A table as a test writes it: one list a column. */
type Columns = Readonly<Record<string, readonly unknown[]>>

const agents = { id: ['A1', 'A2', 'A3'], team: ['Claims', 'Claims', 'Billing'], grade: [1, 2, 3] }

function after(base: Columns, delta: Columns, options?: DeltaOptions): object[] {
  return applyDelta(table(base), table(delta), 'id', options).objects()
}

/** How often a code occurred, with its severity, or undefined. */
function met(code: DeltaCode, base: Columns, delta: Columns, options?: DeltaOptions): [number, Severity] | undefined {
  const found = summarizeDelta(table(base), table(delta), 'id', options).codes.find((one) => one.code === code)
  return found === undefined ? undefined : [found.count, found.severity]
}

function counts(base: Columns, delta: Columns, options?: DeltaOptions) {
  const { inserted, updated, unchanged, deleted, ignored, folded } = summarizeDelta(
    table(base),
    table(delta),
    'id',
    options,
  )
  return { inserted, updated, unchanged, deleted, ignored, folded }
}

function refusal(base: Columns, delta: Columns, options?: DeltaOptions): DeltaError {
  try {
    applyDelta(table(base), table(delta), 'id', options)
  } catch (error) {
    if (error instanceof DeltaError) return error
    throw error
  }
  throw new Error('the delta was applied')
}

const A1 = { id: 'A1', team: 'Claims', grade: 1 }
const A2 = { id: 'A2', team: 'Claims', grade: 2 }
const A3 = { id: 'A3', team: 'Billing', grade: 3 }

describe('D01, a duplicate key in the base', () => {
  const twice = { id: ['A1', 'A2', 'A1'], team: ['Claims', 'Claims', 'Late'], grade: [1, 2, 9] }
  const delta = { id: ['A2'], team: ['Billing'], grade: [5], action: ['update'] }

  it('is an error, even if the delta does not name it', () => {
    expect(refusal(twice, delta)).toMatchObject({
      code: 'base_duplicate_key',
      message: expect.stringContaining('table row 3: its key (id) is that of an earlier row'),
      details: { count: 1, sample: [{ key: ['A1'], row: 3 }] },
    })
  })

  it('is counted under baseDuplicates first or last, and that row stays', () => {
    const A2 = { id: 'A2', team: 'Billing', grade: 5 }
    expect(after(twice, delta, { baseDuplicates: 'first' })).toEqual([A1, A2])
    expect(after(twice, delta, { baseDuplicates: 'last' })).toEqual([A2, { id: 'A1', team: 'Late', grade: 9 }])
    expect(met('base_duplicate_key', twice, delta, { baseDuplicates: 'last' })).toEqual([1, 'warning'])
  })

  it('is found in a table in any order', () => {
    const shuffled = { id: ['A3', 'A1', 'A2', 'A1', 'A3'], team: ['', '', '', '', ''], grade: [1, 2, 3, 4, 5] }
    expect(refusal(shuffled, delta).details).toMatchObject({ count: 2, sample: [{ row: 4 }, { row: 5 }] })
  })
})

describe('D02, a duplicate key in one delta', () => {
  const delta = {
    id: ['A2', 'A1', 'A2'],
    team: ['First', 'x', 'Last'],
    grade: [8, 1, 9],
    action: ['update', 'update', 'update'],
  }

  it('is folded in row order', () => {
    expect(after(agents, delta)).toEqual([{ ...A1, team: 'x' }, { id: 'A2', team: 'Last', grade: 9 }, A3])
    expect(met('delta_duplicate_key', agents, delta)).toEqual([1, 'warning'])
    expect(counts(agents, delta)).toMatchObject({ updated: 2, folded: 1 })
  })

  it('is folded in order of sequenceBy, whatever the row order', () => {
    const sequenced = { ...delta, seq: [2, 0, 1] }
    expect(after(agents, sequenced, { sequenceBy: 'seq' })).toEqual([
      { ...A1, team: 'x' },
      { id: 'A2', team: 'First', grade: 8 },
      A3,
    ])
  })

  it('is an error under duplicates error and in strict mode, unless fold is chosen by name', () => {
    expect(refusal(agents, delta, { duplicates: 'error' })).toMatchObject({
      code: 'delta_duplicate_key',
      details: { row: 3, key: ['A2'] },
    })
    expect(refusal(agents, delta, { mode: 'strict' }).code).toBe('delta_duplicate_key')
    expect(after(agents, delta, { mode: 'strict', duplicates: 'fold' })).toHaveLength(3)
  })
})

describe('D03, an add of an existing key', () => {
  const delta = { id: ['A1', 'A2'], team: ['Sales', 'Claims'], grade: [null, 2], action: ['add', 'add'] }

  it('replaces the row in its place', () => {
    expect(after(agents, delta)).toEqual([{ id: 'A1', team: 'Sales', grade: null }, A2, A3])
  })

  it('is a warning, and information where the row is equal', () => {
    const found = summarizeDelta(table(agents), table(delta), 'id').codes
    expect(found.map(({ code, severity, count }) => [code, severity, count])).toEqual([
      ['add_existing', 'warning', 1],
      ['add_existing', 'info', 1],
    ])
  })

  it('does nothing under addExisting ignore', () => {
    expect(after(agents, delta, { addExisting: 'ignore' })).toEqual([A1, A2, A3])
    expect(counts(agents, delta, { addExisting: 'ignore' })).toMatchObject({ ignored: 2, unchanged: 0 })
  })

  it('is an error under addExisting error, equal or not', () => {
    const equal = { id: ['A2'], team: ['Claims'], grade: [2], action: ['add'] }
    expect(refusal(agents, equal, { addExisting: 'error' })).toMatchObject({
      code: 'add_existing',
      message:
        "delta row 1: the change adds a key that exists, expected a new key; correct the delta, or set addExisting: 'replace' or 'ignore'",
      details: { key: ['A2'], row: 1, file: null },
    })
  })

  it('is an error in strict mode, but not where the row is equal', () => {
    const equal = { id: ['A2'], team: ['Claims'], grade: [2], action: ['add'] }
    expect(after(agents, equal, { mode: 'strict' })).toEqual([A1, A2, A3])
    expect(refusal(agents, delta, { mode: 'strict' })).toMatchObject({ code: 'add_existing', details: { row: 1 } })
  })
})

describe('D04, an update of a missing key', () => {
  const delta = { id: ['A9'], team: ['Sales'], grade: [4], action: ['update'] }

  it('inserts', () => {
    expect(after(agents, delta).at(-1)).toEqual({ id: 'A9', team: 'Sales', grade: 4 })
    expect(met('update_missing', agents, delta)).toEqual([1, 'warning'])
  })

  it('is ignored or refused as the options say', () => {
    expect(after(agents, delta, { updateMissing: 'ignore' })).toEqual([A1, A2, A3])
    expect(counts(agents, delta, { updateMissing: 'ignore' })).toMatchObject({ ignored: 1, inserted: 0 })
    expect(refusal(agents, delta, { updateMissing: 'error' }).code).toBe('update_missing')
    expect(refusal(agents, delta, { mode: 'strict' }).code).toBe('update_missing')
  })
})

describe('D05, a delete of a missing key', () => {
  const delta = { id: ['A9'], team: [null], grade: [null], action: ['delete'] }

  it('is ignored, and information: strict mode lets it pass', () => {
    expect(after(agents, delta, { mode: 'strict' })).toEqual([A1, A2, A3])
    expect(met('delete_missing', agents, delta)).toEqual([1, 'info'])
    expect(counts(agents, delta)).toMatchObject({ ignored: 1, deleted: 0 })
  })

  it('is an error under deleteMissing error', () => {
    expect(refusal(agents, delta, { deleteMissing: 'error' }).code).toBe('delete_missing')
  })
})

describe('D06, a null, empty or NaN key', () => {
  it.each([
    ['null', { id: ['A1', null], team: ['x', 'y'], grade: [1, 2], action: ['update', 'delete'] }, agents],
    ['empty', { id: ['A1', ''], team: ['x', 'y'], grade: [1, 2], action: ['update', 'add'] }, agents],
    ['NaN', { id: [1, Number.NaN], team: ['x', 'y'], action: ['update', 'add'] }, { id: [1], team: ['x'] }],
  ])('is an error in a delta (%s)', (_, delta, base) => {
    expect(refusal(base, delta)).toMatchObject({
      code: 'null_key',
      message: 'delta row 2: the key (id) is null, empty or not a number; give every change the key of its row',
    })
  })

  it('is an error in one part of a key of several columns', () => {
    const base = table({ site: ['N'], id: ['1'], n: [1] })
    const delta = table({ site: ['N', null], id: ['1', '2'], n: [2, 3], action: ['update', 'add'] })
    expect(() => applyDelta(base, delta, ['site', 'id'])).toThrow('delta row 2: the key (site, id) is null')
  })

  it('is an error in the table', () => {
    const delta = { id: ['A1'], team: ['x'], grade: [1], action: ['update'] }
    expect(refusal({ ...agents, id: ['A1', null, 'A3'] }, delta)).toMatchObject({
      code: 'null_key',
      message: expect.stringContaining('table row 2'),
    })
  })
})

describe('D07, an action with spaces or in another case', () => {
  it('is normalised, and counted as information', () => {
    const delta = {
      id: ['A1', 'A2', 'A3'],
      team: ['x', null, 'Billing'],
      grade: [1, null, 3],
      action: [' Update', 'delete ', 'update'],
    }
    expect(after(agents, delta)).toEqual([{ ...A1, team: 'x' }, A3])
    expect(met('action_normalized', agents, delta)).toEqual([2, 'info'])
  })

  it('is read by its synonyms', () => {
    const words = {
      add: ['insert', 'create', 'upsert', 'c', 'i', 'r', 'read'],
      update: ['u', 'modify', 'change'],
      delete: ['d', 'remove', 'tombstone'],
    }
    const base = { id: ['k'], n: [0] }
    for (const word of words.add) expect(after(base, { id: ['z'], n: [1], action: [word] }), word).toHaveLength(2)
    for (const word of words.update)
      expect(counts(base, { id: ['k'], n: [1], action: [word] }), word).toMatchObject({ updated: 1 })
    for (const word of words.delete) expect(after(base, { id: ['k'], n: [1], action: [word] }), word).toEqual([])
  })
})

describe('D08, an unknown or blank action', () => {
  it.each([
    ['upd', 'is "upd"'],
    ['  ', 'is blank'],
    [null, 'is blank'],
  ])('is an error (%s)', (word, told) => {
    const delta = { id: ['A1', 'A2'], team: ['x', 'y'], grade: [1, 2], action: ['add', word] }
    const error = refusal(agents, delta)
    expect(error.code).toBe('unknown_action')
    expect(error.message).toContain(`delta row 2: the action ${told}, expected one of add, insert`)
  })

  it('can be given a meaning by a map, which replaces the words', () => {
    const actions = { N: 'add', X: 'delete' } as const
    const delta = { id: ['A9', 'A1'], team: ['x', null], grade: [1, null], action: ['n ', 'X'] }
    expect(after(agents, delta, { actions })).toEqual([A2, A3, { id: 'A9', team: 'x', grade: 1 }])
    expect(refusal(agents, { ...delta, action: ['add', 'X'] }, { actions }).message).toContain('expected one of n, x')
  })

  it('names the file and its row where the delta knows them', () => {
    const delta = { id: ['A1'], action: ['upd'], _file: ['delta/agents_delta_202503.csv'], _row: [5] }
    expect(refusal({ id: ['A1'], _file: [''], _row: [1] }, delta).message).toMatch(
      /^delta\/agents_delta_202503\.csv row 5: the action is "upd"/,
    )
  })
})

describe('D09, no action column', () => {
  const full = { id: ['A1', 'A4'], team: ['x', 'y'], grade: [1, 2] }

  it('is an error that names the remedies', () => {
    expect(refusal(agents, full)).toMatchObject({
      code: 'action_column_missing',
      message: `the delta has no column "action"; set actionColumn to name its column, or set defaultAction: 'add' to read it as a full extract`,
    })
  })

  it('makes every row one action under defaultAction', () => {
    expect(after(agents, full, { defaultAction: 'add' })).toEqual([
      { ...A1, team: 'x' },
      A2,
      A3,
      { id: 'A4', team: 'y', grade: 2 },
    ])
  })

  it('can be another column by actionColumn', () => {
    expect(after(agents, { ...full, op: ['u', 'c'] }, { actionColumn: 'op' })).toHaveLength(4)
  })

  it('cannot be a column of the table', () => {
    expect(refusal({ ...agents, action: ['', '', ''] }, { ...full, action: ['add', 'add'] })).toMatchObject({
      code: 'invalid_option',
    })
  })
})

describe('D10, a delta that lacks a column of the base', () => {
  const delta = { id: ['A1', 'A2', 'A4'], team: ['x', 'y', 'z'], action: ['update', 'add', 'update'] }

  it('leaves it alone in updates and gives adds null', () => {
    expect(after(agents, delta)).toEqual([
      { id: 'A1', team: 'x', grade: 1 },
      { id: 'A2', team: 'y', grade: null },
      A3,
      { id: 'A4', team: 'z', grade: null },
    ])
    const { codes } = summarizeDelta(table(agents), table(delta), 'id')
    expect(codes[0]).toEqual({ code: 'column_missing', severity: 'warning', count: 1, sample: [], columns: ['grade'] })
  })

  it('is an error under missingColumns error and in strict mode', () => {
    expect(refusal(agents, delta, { missingColumns: 'error' })).toMatchObject({
      code: 'column_missing',
      details: { columns: ['grade'] },
    })
    expect(refusal(agents, delta, { mode: 'strict' }).code).toBe('column_missing')
  })

  it('is an error where the column is the key', () => {
    expect(refusal(agents, { team: ['x'], grade: [1], action: ['add'] })).toMatchObject({
      code: 'column_missing',
      message: 'the delta has no key column "id"; it has "team", "grade"',
    })
  })
})

describe('D11, a delta with an extra column', () => {
  const delta = { id: ['A1', 'A4'], team: ['x', 'y'], grade: [1, 2], site: ['N', 'S'], action: ['update', 'add'] }

  it('is an error naming the remedy', () => {
    expect(refusal(agents, delta)).toMatchObject({
      code: 'column_extra',
      message: `the delta has column "site", which the table does not have; take it out of the file, name and cells, or set contract: 'evolve' to add it, or set contract: 'discard_value' to drop it`,
    })
  })

  it('adds the column under evolve, null for the rows before it', () => {
    expect(after(agents, delta, { contract: 'evolve' })).toEqual([
      { ...A1, team: 'x', site: 'N' },
      { ...A2, site: null },
      { ...A3, site: null },
      { id: 'A4', team: 'y', grade: 2, site: 'S' },
    ])
  })

  it('drops it under discard_value, and counts it', () => {
    expect(after(agents, delta, { contract: 'discard_value' })[0]).toEqual({ ...A1, team: 'x' })
    expect(met('column_extra', agents, delta, { contract: 'discard_value' })).toEqual([1, 'info'])
  })
})

describe('D12, a column whose name differs', () => {
  it('only by outer spaces is read silently', () => {
    expect(after(agents, { 'id ': ['A1'], ' team': ['x'], grade: [1], 'action ': ['update'] })[0]).toEqual({
      ...A1,
      team: 'x',
    })
  })

  it.each(['Team', 'te am', 'TEAM'])('in case or inner spacing is an error with a suggestion (%s)', (name) => {
    const delta = { id: ['A1'], [name]: ['x'], grade: [1], action: ['update'] }
    expect(refusal(agents, delta)).toMatchObject({
      code: 'column_renamed',
      message: expect.stringContaining(`the delta has column "${name}", did you mean "team"?`),
    })
    expect(after(agents, delta, { columnAliases: { [name]: 'team' } })[0]).toEqual({ ...A1, team: 'x' })
  })

  it('is not taken for a new column under evolve', () => {
    const delta = { id: ['A1'], Team: ['x'], grade: [1], action: ['update'] }
    expect(refusal(agents, delta, { contract: 'evolve' }).code).toBe('column_renamed')
  })

  it('is found where the action is meant', () => {
    expect(refusal(agents, { id: ['A1'], team: ['x'], grade: [1], Action: ['add'] })).toMatchObject({
      code: 'column_renamed',
      details: { expected: 'action' },
    })
  })

  it('is an error where two names become one', () => {
    expect(refusal(agents, { id: ['A1'], team: ['x'], 'team ': ['y'], grade: [1], action: ['add'] }).code).toBe(
      'column_duplicate',
    )
  })
})

describe('D13, a value of another type', () => {
  it('is converted where it survives the way back', () => {
    const at = new Date('2025-03-01T01:30:00Z')
    const base = { id: ['A1'], grade: [1], name: ['x'], at: [at] }
    const delta = { id: ['A1'], grade: ['5.0'], name: [7], at: ['2025-03-01T02:00:00Z'], action: ['update'] }
    expect(after(base, delta)).toEqual([{ id: 'A1', grade: 5, name: '7', at: new Date('2025-03-01T02:00:00Z') }])
  })

  it('is an error with the first ten cells where it does not', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `B${i}`)
    const delta = { id: ids, team: ids, grade: ids.map(() => 'high'), action: ids.map(() => 'add') }
    const error = refusal(agents, delta)
    expect(error).toMatchObject({ code: 'type_mismatch', details: { count: 12 } })
    expect(error.message).toBe(
      `delta row 1: column "grade" holds a value that is no float64 (one of 12 such cells); correct the delta, or set typeMismatch: 'null'`,
    )
    expect(error.details.cells).toHaveLength(10)
    expect(error.details.cells).toContainEqual({
      column: 'grade',
      file: null,
      row: 2,
      found: 'high',
      expected: 'float64',
    })
    expect(error.message).not.toContain('high')
  })

  it('is null under typeMismatch null, and counted', () => {
    const delta = { id: ['A1', 'A2'], team: ['x', 'y'], grade: ['high', '4'], action: ['update', 'update'] }
    expect(after(agents, delta, { typeMismatch: 'null' })).toEqual([
      { id: 'A1', team: 'x', grade: null },
      { id: 'A2', team: 'y', grade: 4 },
      A3,
    ])
    expect(met('type_mismatch', agents, delta, { typeMismatch: 'null' })).toEqual([1, 'info'])
  })
})

describe('D14, a key of another type', () => {
  const delta = (id: unknown) => ({ id: [id], n: [9], action: ['update'] })

  it('is converted where nothing is lost', () => {
    expect(after({ id: [1, 2], n: [1, 2] }, delta('2'))).toEqual([
      { id: 1, n: 1 },
      { id: 2, n: 9 },
    ])
    expect(after({ id: ['1', '2'], n: [1, 2] }, delta(2))).toEqual([
      { id: '1', n: 1 },
      { id: '2', n: 9 },
    ])
  })

  it.each(['01', '1.0', 'one', '1e0'])('is an error where it is written otherwise: %s is not 1', (id) => {
    expect(refusal({ id: [1], n: [1] }, delta(id))).toMatchObject({
      code: 'key_type',
      details: { sample: [{ row: 1, found: id }] },
    })
  })

  it('is not equal as text to a key with leading zeros', () => {
    expect(after({ id: ['01'], n: [1] }, delta('1'))).toEqual([
      { id: '01', n: 1 },
      { id: '1', n: 9 },
    ])
  })

  it('of several parts is not their joined text', () => {
    const base = table({ a: ['x', 'x1'], b: ['11', '1'], n: [1, 2] })
    const change = table({ a: ['x1'], b: ['1'], n: [9], action: ['update'] })
    expect(applyDelta(base, change, ['a', 'b']).objects()).toEqual([
      { a: 'x', b: '11', n: 1 },
      { a: 'x1', b: '1', n: 9 },
    ])
  })
})

describe('D15, a delta with a header and no rows', () => {
  it('changes nothing, and is recorded', () => {
    const delta = { id: [], team: [], grade: [], action: [] }
    expect(after(agents, delta)).toEqual([A1, A2, A3])
    expect(met('empty_delta', agents, delta)).toEqual([1, 'info'])
  })
})

describe('D17, delete, then add of one key in one delta', () => {
  const delta = { id: ['A1', 'A1'], team: [null, 'New'], action: ['delete', 'add'] }

  it('leaves the new row at the end, with nothing of the old one', () => {
    expect(after(agents, delta)).toEqual([A2, A3, { id: 'A1', team: 'New', grade: null }])
  })

  it('counts as updated, and is reported', () => {
    expect(counts(agents, delta)).toEqual({ inserted: 0, updated: 1, unchanged: 0, deleted: 0, ignored: 0, folded: 1 })
    expect(met('reinserted', agents, delta)).toEqual([1, 'info'])
  })
})

describe('D18, add, then delete', () => {
  it('leaves the key absent, whether it was there or not', () => {
    const delta = {
      id: ['A9', 'A9', 'A1', 'A1'],
      team: ['x', null, 'y', null],
      grade: [1, null, 2, null],
      action: ['add', 'delete', 'add', 'delete'],
    }
    expect(after(agents, delta)).toEqual([A2, A3])
    expect(counts(agents, delta)).toMatchObject({ ignored: 1, deleted: 1, folded: 2 })
  })
})

describe('D19, update, delete, update', () => {
  it("leaves the key with the last update's cells", () => {
    const delta = {
      id: ['A1', 'A1', 'A1'],
      team: ['x', null, 'z'],
      grade: [7, null, null],
      action: ['update', 'delete', 'update'],
    }
    expect(after(agents, delta)).toEqual([A2, A3, { id: 'A1', team: 'z', grade: null }])
  })
})

describe('D21, a null or tied sequence', () => {
  it('is an error where it is null', () => {
    const delta = { id: ['A1', 'A2'], team: ['x', 'y'], grade: [1, 2], seq: [1, null], action: ['update', 'update'] }
    expect(refusal(agents, delta, { sequenceBy: 'seq' })).toMatchObject({
      code: 'null_sequence',
      message: expect.stringContaining('delta row 2'),
    })
  })

  it('lets the later row win where it is tied, and warns', () => {
    const delta = {
      id: ['A1', 'A1', 'A2'],
      team: ['x', 'y', 'z'],
      grade: [1, 1, 2],
      seq: [3, 3, 3],
      action: ['update', 'update', 'update'],
    }
    expect(after(agents, delta, { sequenceBy: 'seq' })[0]).toEqual({ ...A1, team: 'y' })
    expect(met('sequence_tie', agents, delta, { sequenceBy: 'seq' })).toEqual([1, 'warning'])
    expect(refusal(agents, delta, { sequenceBy: 'seq', mode: 'strict', duplicates: 'fold' }).code).toBe('sequence_tie')
  })

  it('may be a column of the table, of text or of timestamps', () => {
    const at = ['2025-02-02T00:00:00Z', '2025-02-01T00:00:00Z']
    for (const times of [at, at.map((text) => new Date(text)), at.map((text) => BigInt(+new Date(text)))]) {
      const base = { id: ['A1'], at: [times[1]] }
      const delta = { id: ['A1', 'A1'], at: times, action: ['update', 'update'] }
      expect(after(base, delta, { sequenceBy: 'at' })).toEqual([{ id: 'A1', at: times[0] }])
    }
  })

  it('names the rows of samples as the file has them', () => {
    const delta = { id: ['A1', 'A9'], team: ['x', null], grade: [1, null], seq: [2, 1], action: ['update', 'Delete'] }
    const { codes } = summarizeDelta(table(agents), table(delta), 'id', { sequenceBy: 'seq' })
    expect(codes.map(({ code, sample }) => `${code} ${sample[0]?.row}`)).toEqual([
      'action_normalized 2',
      'update_existing 1',
      'delete_missing 2',
    ])
  })

  it('is an error where the column cannot be ordered or is not there', () => {
    const delta = { id: ['A1'], team: ['x'], grade: [1], flag: [true], action: ['update'] }
    expect(refusal(agents, delta, { sequenceBy: 'flag' }).code).toBe('invalid_option')
    expect(refusal(agents, delta, { sequenceBy: 'nowhere', contract: 'discard_value' }).code).toBe('column_missing')
  })
})

describe('D25, an update with a null cell', () => {
  const delta = { id: ['A1', 'A2'], team: [null, 'x'], grade: [null, null], action: ['update', 'update'] }

  it('overwrites with null, and is counted where a value is lost', () => {
    expect(after(agents, delta)).toEqual([
      { id: 'A1', team: null, grade: null },
      { id: 'A2', team: 'x', grade: null },
      A3,
    ])
    expect(met('null_overwrites', agents, delta)).toEqual([2, 'info'])
    expect(met('null_overwrites', { ...agents, grade: [null, null, 3] }, delta)).toEqual([1, 'info'])
  })

  it('keeps the value under nulls keep, or in the columns named', () => {
    expect(after(agents, delta, { nulls: 'keep' })).toEqual([A1, { ...A2, team: 'x' }, A3])
    expect(after(agents, delta, { nulls: { keep: ['grade'] } })).toEqual([
      { ...A1, team: null },
      { ...A2, team: 'x' },
      A3,
    ])
  })

  it('is still null in an add', () => {
    const add = { id: ['A1'], team: [null], grade: [5], action: ['add'] }
    expect(after(agents, add, { nulls: 'keep' })[0]).toEqual({ id: 'A1', team: null, grade: 5 })
  })

  it('is an error for a column that the table does not have', () => {
    expect(refusal(agents, delta, { nulls: { keep: ['grad'] } }).message).toContain('option nulls keeps column "grad"')
  })
})

describe('D26, an update equal to the base', () => {
  const delta = { id: ['A1', 'A3'], team: ['Claims', 'Sales'], grade: [1, 3], action: ['update', 'update'] }

  it('is counted unchanged', () => {
    expect(counts(agents, delta)).toMatchObject({ unchanged: 1, updated: 1 })
  })

  it('makes no version', () => {
    const versions = history(table(agents), [{ at: '2', delta: table(delta) }], 'id', { initialAt: '1' })
    expect(versions.array('id')).toEqual(['A1', 'A2', 'A3', 'A3'])
  })

  it('is unchanged though its metadata is new, which the row takes over', () => {
    const base = { id: ['A1'], team: ['Claims'], _file: ['initial.csv'] }
    const change = { id: ['A1'], team: ['Claims'], _file: ['delta.csv'], action: ['update'] }
    expect(counts(base, change)).toMatchObject({ unchanged: 1 })
    expect(after(base, change)).toEqual([{ id: 'A1', team: 'Claims', _file: 'delta.csv' }])
  })
})

describe('D27, other cells of a delete row', () => {
  it('are neither applied nor checked', () => {
    const delta = { id: ['A1', 'A2'], team: ['stale', 'x'], grade: ['', 5], action: ['delete', 'update'] }
    expect(after(agents, delta)).toEqual([{ id: 'A2', team: 'x', grade: 5 }, A3])
  })

  it('are not checked where the whole column is of another type', () => {
    const delta = { id: ['A1', 'A2'], team: ['', 'x'], grade: ['stale', '5'], action: ['delete', 'update'] }
    expect(after(agents, delta)).toEqual([{ id: 'A2', team: 'x', grade: 5 }, A3])
    expect(() => after(agents, { ...delta, action: ['update', 'update'] })).toThrow('delta row 1: column "grade"')
  })
})

describe('D28, history', () => {
  it('gives versions with half-open intervals, null for the current', () => {
    const march = {
      id: ['A1', 'A2', 'A4'],
      team: ['Sales', null, 'New'],
      grade: [1, null, 4],
      action: ['update', 'delete', 'add'],
    }
    expect(versions([['2025-03', march]])).toEqual([
      { ...A1, valid_from: '2025-01', valid_to: '2025-03', is_deleted: false, version: 1 },
      { ...A1, team: 'Sales', valid_from: '2025-03', valid_to: null, is_deleted: false, version: 2 },
      { ...A2, valid_from: '2025-01', valid_to: '2025-03', is_deleted: true, version: 1 },
      { ...A3, valid_from: '2025-01', valid_to: null, is_deleted: false, version: 1 },
      { id: 'A4', team: 'New', grade: 4, valid_from: '2025-03', valid_to: null, is_deleted: false, version: 1 },
    ])
  })
})

describe('D28, history of deltas that lack a column', () => {
  it('keeps in each version the cells that its changes left alone', () => {
    const february = { id: ['A1'], team: ['x'], action: ['update'] }
    const march = { id: ['A1'], grade: [7], action: ['update'] }
    const found = versions([
      ['2025-02', february],
      ['2025-03', march],
    ]).filter(({ id }) => id === 'A1')
    expect(found).toMatchObject([
      { team: 'Claims', grade: 1 },
      { team: 'x', grade: 1 },
      { team: 'x', grade: 7 },
    ])
  })
})

describe('D29, deleted, and added again', () => {
  const deleted = { id: ['A1'], team: [null], grade: [null], action: ['delete'] }
  const added = { id: ['A1'], team: ['Back'], grade: [1], action: ['add'] }

  it('by a later delta is a new version, and the gap is kept', () => {
    const first = versions([
      ['2025-02', deleted],
      ['2025-04', added],
    ]).filter(({ id }) => id === 'A1')
    expect(first).toEqual([
      { ...A1, valid_from: '2025-01', valid_to: '2025-02', is_deleted: true, version: 1 },
      { ...A1, team: 'Back', valid_from: '2025-04', valid_to: null, is_deleted: false, version: 2 },
    ])
  })

  it('in one delta is one new version, without a gap', () => {
    const both = { id: ['A1', 'A1'], team: [null, 'Back'], grade: [null, 1], action: ['delete', 'add'] }
    const first = versions([['2025-02', both]]).filter(({ id }) => id === 'A1')
    expect(first).toEqual([
      { ...A1, valid_from: '2025-01', valid_to: '2025-02', is_deleted: false, version: 1 },
      { ...A1, team: 'Back', valid_from: '2025-02', valid_to: null, is_deleted: false, version: 2 },
    ])
  })
})

function versions(deltas: readonly (readonly [string, Columns])[]): { id?: unknown }[] {
  const dated = deltas.map(([at, delta]) => ({ at, delta: table(delta) as TableLike }))
  return history(table(agents), dated, 'id', { initialAt: '2025-01' }).objects()
}

describe('D31, row order', () => {
  const delta = {
    id: ['A9', 'A3', 'A1', 'A8', 'A1'],
    team: ['n', 'u', null, 'm', 'r'],
    grade: [9, 3, null, 8, 1],
    action: ['add', 'update', 'delete', 'add', 'add'],
  }

  it('is the order of last insertion: updates in place, adds after, a key added again at the end', () => {
    expect(after(agents, delta).map((row) => (row as { id: string }).id)).toEqual(['A2', 'A3', 'A9', 'A8', 'A1'])
  })

  it('is the same within one delta as across two', () => {
    const part = (from: number, to?: number) =>
      table(Object.fromEntries(Object.entries(delta).map(([name, cells]) => [name, cells.slice(from, to)])))
    const once = applyDelta(table(agents), table(delta), 'id').objects()
    for (let cut = 0; cut <= 5; cut++) {
      const twice = applyDelta(applyDelta(table(agents), part(0, cut), 'id'), part(cut), 'id')
      expect(twice.objects()).toEqual(once)
    }
  })
})

describe('D32, a failure half-way', () => {
  it('leaves the inputs as they were', () => {
    const base = table(agents)
    const delta = table({ id: ['A1', 'A9'], team: ['x', 'y'], grade: [1, 2], action: ['update', 'update'] })
    expect(() => applyDelta(base, delta, 'id', { updateMissing: 'error' })).toThrow(DeltaError)
    expect(base.objects()).toEqual([A1, A2, A3])
    expect(delta.numRows()).toBe(2)
  })
})

describe('D33, an update of an existing key', () => {
  const delta = { id: ['A1', 'A9'], team: [null, null], grade: [7, 8], action: ['update', 'update'] }

  it('takes every cell the delta has, null included', () => {
    expect(after(agents, delta)[0]).toEqual({ id: 'A1', team: null, grade: 7 })
    expect(met('update_existing', agents, delta)).toEqual([1, 'info'])
  })

  it("keeps the base's value where the cell is null under patch", () => {
    expect(after(agents, delta, { update: 'patch' })).toEqual([
      { id: 'A1', team: 'Claims', grade: 7 },
      A2,
      A3,
      { id: 'A9', team: null, grade: 8 },
    ])
  })

  it('cannot be patch and overwrite nulls at once', () => {
    expect(refusal(agents, delta, { update: 'patch', nulls: 'overwrite' }).code).toBe('invalid_option')
  })
})
