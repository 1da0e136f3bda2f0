import { describe, expect, it } from 'vitest'
import type { Column } from '../../../src/table/column.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import { readActions, sameAction } from '../../../src/transform/delta/compile/actions.ts'
import { isMetadata, nameColumns } from '../../../src/transform/delta/compile/match-columns.ts'
import { type DeltaOptions, resolveDeltaOptions } from '../../../src/transform/delta/delta-options.ts'
import { texts } from '../../systems/support/figures/frames.ts'

const one = texts(['x'])
const schema = frameOf([
  ['id', one],
  ['team', one],
  ['full_name', one],
  ['_file', one],
])

/** A delta of columns with those names, named. */
function named(names: readonly string[], options: DeltaOptions = {}, key: readonly string[] = ['id']) {
  const columns = new Map<string, Column>(names.map((name) => [name, one]))
  const made = nameColumns({ rows: 1, columns }, schema, key, resolveDeltaOptions(options))
  const { drafts, action, sequence } = made
  return {
    columns: [...made.columns.keys()],
    drafts: drafts.map(({ code, severity, count, columns }) => [code, severity, count, columns]),
    hasAction: action !== null,
    hasSequence: sequence !== null,
  }
}

const all = ['id', 'team', 'full_name', 'action']

describe('nameColumns', () => {
  it('takes the action out, and misses no metadata', () => {
    expect(named(all)).toEqual({
      columns: ['id', 'team', 'full_name'],
      drafts: [],
      hasAction: true,
      hasSequence: false,
    })
    expect(named([...all, '_file']).columns).toEqual(['id', 'team', 'full_name', '_file'])
  })

  it('reads names without their outer spaces, and by the aliases given', () => {
    const options = { columnAliases: { Name: 'full_name', team: 'team' } }
    expect(named([' id', 'team ', ' Name ', 'action'], options)).toMatchObject({
      columns: ['id', 'team', 'full_name'],
      drafts: [['column_renamed', 'info', 1, ['full_name']]],
    })
    // a name is not looked for in what every object has
    expect(named([...all, 'constructor'], { contract: 'evolve' }).columns).toContain('constructor')
  })

  it('refuses two columns that become one', () => {
    expect(() => named([...all, ' team'])).toThrow(
      expect.objectContaining({ code: 'column_duplicate', details: { column: 'team' } }),
    )
  })

  it.each([
    ['Team', 'team'],
    ['TEAM', 'team'],
    ['full name', 'full_name'],
    ['FullName', 'full_name'],
    ['full__name', 'full_name'],
  ])('takes "%s" for a misspelt "%s"', (found, meant) => {
    const names = all.map((name) => (name === meant ? found : name))
    expect(() => named(names, { contract: 'evolve' })).toThrow(
      expect.objectContaining({
        code: 'column_renamed',
        message: `the delta has column "${found}", did you mean "${meant}"? Correct the name, or set columnAliases: { "${found}": "${meant}" }`,
        details: { found, expected: meant },
      }),
    )
  })

  it('says which columns are missing, and goes on where it may', () => {
    expect(named(['id', 'action']).drafts).toEqual([['column_missing', 'warning', 2, ['team', 'full_name']]])
    const refuse = { missingColumns: 'error' } as const
    expect(() => named(['id', 'action'], refuse)).toThrow(
      `the delta has no columns "team", "full_name", which the table has; add them, or set missingColumns: 'keep'`,
    )
    expect(() => named(['id', 'team', 'action'], refuse)).toThrow(
      expect.objectContaining({
        code: 'column_missing',
        message: `the delta has no column "full_name", which the table has; add it, or set missingColumns: 'keep'`,
        details: { columns: ['full_name'] },
      }),
    )
  })

  it('says which columns the table does not have, and drops or keeps them as asked', () => {
    expect(() => named([...all, 'site', 'desk'])).toThrow(
      expect.objectContaining({
        code: 'column_extra',
        message: `the delta has columns "site", "desk", which the table does not have; take them out of the file, name and cells, or set contract: 'evolve' to add them, or set contract: 'discard_value' to drop them`,
        details: { columns: ['site', 'desk'] },
      }),
    )
    expect(() => named([...all, 'site'])).toThrow(
      `column "site", which the table does not have; take it out of the file`,
    )
    const drafts = [['column_extra', 'info', 1, ['site']]]
    expect(named([...all, 'site'], { contract: 'evolve' })).toMatchObject({
      columns: ['id', 'team', 'full_name', 'site'],
      drafts,
    })
    expect(named([...all, 'site'], { contract: 'discard_value' })).toMatchObject({
      columns: ['id', 'team', 'full_name'],
      drafts,
    })
  })

  it('needs the key, of the table and of the delta', () => {
    expect(() => named(all, {}, ['nr'])).toThrow(
      expect.objectContaining({
        code: 'column_not_found',
        message: 'key column "nr" is not in the table; it has "id", "team", "full_name", "_file"',
        details: { column: 'nr', columns: ['id', 'team', 'full_name', '_file'] },
      }),
    )
    expect(() => named(['team', 'full_name', 'action'])).toThrow(
      expect.objectContaining({
        code: 'column_missing',
        message: 'the delta has no key column "id"; it has "team", "full_name"',
        details: { columns: ['id'] },
      }),
    )
  })

  it('needs an action, by its name or by one for every row', () => {
    expect(() => named(['id', 'team', 'full_name'])).toThrow(
      expect.objectContaining({
        code: 'action_column_missing',
        details: { column: 'action', columns: ['id', 'team', 'full_name'] },
      }),
    )
    expect(() => named(['id', 'team', 'full_name', 'Action'])).toThrow('did you mean "action"?')
    expect(named(['id', 'team', 'full_name'], { defaultAction: 'add' }).hasAction).toBe(false)
    expect(named(['id', 'team', 'full_name', 'op'], { actionColumn: 'op' }).hasAction).toBe(true)
    expect(() => named(all, { actionColumn: 'team' })).toThrow(
      expect.objectContaining({ code: 'invalid_option', details: { option: 'actionColumn', found: 'team' } }),
    )
  })

  it('asks whether a column that is nearly named like the action was meant, and about no other', () => {
    expect(() => named(['id', 'team', 'full_name', 'actoin'])).toThrow(
      expect.objectContaining({ code: 'column_renamed', details: { found: 'actoin', expected: 'action' } }),
    )
    expect(() => named(['id', 'team', 'full_name', 'minutes'])).toThrow(
      expect.objectContaining({ code: 'action_column_missing' }),
    )
  })

  it('takes the sequence out, unless the table has it', () => {
    expect(named([...all, 'at'], { sequenceBy: 'at' })).toMatchObject({
      columns: ['id', 'team', 'full_name'],
      hasSequence: true,
      drafts: [],
    })
    expect(named(all, { sequenceBy: 'team' })).toMatchObject({
      columns: ['id', 'team', 'full_name'],
      hasSequence: true,
    })
    expect(() => named(all, { sequenceBy: 'at' })).toThrow(
      expect.objectContaining({ code: 'column_missing', details: { columns: ['at'] } }),
    )
    expect(() => named([...all, 'At'], { sequenceBy: 'at' })).toThrow('did you mean "at"?')
  })
})

describe('isMetadata', () => {
  it('is what begins with a line, but for the one name that objects have', () => {
    expect(['_file', '_', '__x', 'file_', '__proto__', ''].map(isMetadata)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('readActions', () => {
  const where = (row: number) => `delta row ${row + 1}`
  const read = (words: (string | null)[], options: DeltaOptions = {}) => {
    const [coded, plain] = [texts(words), encodeTexts(words)].map((column) =>
      readActions(column, resolveDeltaOptions(options), where),
    )
    expect(plain).toEqual(coded)
    return coded
  }

  it('knows every word of adding, updating and deleting', () => {
    const adds = ['add', 'insert', 'create', 'upsert', 'c', 'i', 'r', 'read']
    const updates = ['update', 'u', 'modify', 'change']
    const deletes = ['delete', 'd', 'remove', 'tombstone']
    expect(read([...adds, ...updates, ...deletes])).toEqual({
      codes: Uint8Array.from([...adds.map(() => 1), ...updates.map(() => 2), ...deletes.map(() => 3)]),
      normalizedCount: 0,
      normalizedRows: [],
    })
  })

  it('counts words with spaces or capitals, and names the first ten rows', () => {
    const words = ['add', ...Array.from({ length: 12 }, () => ' Add '), 'DELETE']
    expect(read(words)).toMatchObject({ normalizedCount: 13, normalizedRows: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] })
    expect(read(words)?.codes[13]).toBe(3)
  })

  it('reads the words that are given instead of its own', () => {
    const options = { actions: { ' N': 'add', X: 'delete' } } as const
    expect(read(['n', 'X'], options)).toMatchObject({ codes: Uint8Array.of(1, 3), normalizedCount: 1 })
    expect(() => read(['add'], options)).toThrow('expected one of n, x;')
  })

  it.each<[(string | null)[], string, unknown]>([
    [
      ['add', 'erase'],
      'delta row 2: the action is "erase", expected one of add, insert,',
      { count: 1, rows: [2], found: ['erase'] },
    ],
    [[null, 'add'], 'delta row 1: the action is blank', { count: 1, rows: [1], found: [null] }],
    [['  '], 'delta row 1: the action is blank', { count: 1, rows: [1], found: ['  '] }],
    [['x', 'y'], 'delta row 1: the action (and of 1 more row) is "x"', { count: 2, rows: [1, 2], found: ['x', 'y'] }],
    [
      ['x', 'y', 'add', null],
      'delta row 1: the action (and of 2 more rows) is "x"',
      { count: 3, rows: [1, 2, 4], found: ['x', 'y', null] },
    ],
    [['e'.repeat(50)], `the action is "${'e'.repeat(40)}", expected`, { count: 1, rows: [1], found: ['e'.repeat(50)] }],
  ])('refuses %j', (words, message, details) => {
    expect(() => read(words)).toThrow(
      expect.objectContaining({ code: 'unknown_action', message: expect.stringContaining(message), details }),
    )
  })

  it('names ten rows at most', () => {
    expect(() => read(Array.from({ length: 15 }, () => '?'))).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ count: 15, rows: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }),
      }),
    )
  })

  it('can be one for all rows', () => {
    expect(sameAction('delete', 3)).toEqual({ codes: Uint8Array.of(3, 3, 3), normalizedCount: 0, normalizedRows: [] })
    expect(sameAction('add', 0).codes).toHaveLength(0)
  })
})
