import { describe, expect, it } from 'vitest'
import { type DeltaOptions, resolveDeltaOptions } from '../../../src/transform/delta/delta-options.ts'

// what a caller without types may pass
const resolve = (options: unknown) => resolveDeltaOptions(options as DeltaOptions)
const refusedBy = (options: DeltaOptions) => Object.fromEntries(resolveDeltaOptions(options).refused)

describe('resolveDeltaOptions', () => {
  it('chooses what the decision table says where nothing is asked for', () => {
    const expected = {
      addExisting: 'replace',
      updateMissing: 'insert',
      baseDuplicates: 'error',
      refused: new Map(),
      sequenceBy: null,
      actionColumn: 'action',
      actions: null,
      defaultAction: null,
      contract: 'freeze',
      columnAliases: {},
      typeMismatch: 'error',
      keepNulls: new Set(),
    }
    expect(resolveDeltaOptions()).toEqual(expected)
    expect(resolveDeltaOptions({ mode: 'lenient', duplicates: 'fold', missingColumns: 'keep' })).toEqual(expected)
  })

  it('takes every choice that is asked for', () => {
    const asked = {
      addExisting: 'ignore',
      updateMissing: 'ignore',
      baseDuplicates: 'last',
      sequenceBy: 'at',
      actionColumn: 'op',
      actions: { N: 'add', X: 'delete', C: 'update' },
      defaultAction: 'delete',
      contract: 'discard_value',
      columnAliases: { Team: 'team' },
      typeMismatch: 'null',
    } as const
    expect(resolveDeltaOptions(asked)).toMatchObject(asked)
  })

  it.each([
    ['addExisting', ['replace', 'ignore', 'error']],
    ['update', ['replace', 'patch']],
    ['updateMissing', ['insert', 'ignore', 'error']],
    ['deleteMissing', ['ignore', 'error']],
    ['baseDuplicates', ['error', 'first', 'last']],
    ['duplicates', ['fold', 'error']],
    ['mode', ['lenient', 'strict']],
    ['defaultAction', ['add', 'update', 'delete']],
    ['contract', ['freeze', 'evolve', 'discard_value']],
    ['typeMismatch', ['error', 'null']],
    ['missingColumns', ['keep', 'error']],
  ])('takes for %s each of %j, and nothing else', (name, allowed) => {
    for (const choice of allowed) expect(() => resolve({ [name]: choice }), choice).not.toThrow()
    const expected = `"${allowed.slice(0, -1).join('", "')}" or "${allowed.at(-1)}"`
    for (const [found, shown] of [
      ['other', '"other"'],
      ['', '""'],
      [null, 'null'],
      [7, 'a number'],
    ] as const) {
      expect(() => resolve({ [name]: found })).toThrow(
        expect.objectContaining({
          code: 'invalid_option',
          message: `option ${name} is ${shown}; give it ${expected}`,
          details: { option: name, found, expected },
        }),
      )
    }
  })

  it.each(['sequenceBy', 'actionColumn'])('takes for %s the name of a column', (name) => {
    expect(() => resolve({ [name]: ' at ' })).not.toThrow()
    for (const found of ['', '  ', 7, null]) expect(() => resolve({ [name]: found })).toThrow('the name of a column')
  })

  it.each([
    [{ actions: 'N' }, 'option actions is "N"; give it an object of word to action'],
    [{ actions: ['add'] }, 'option actions is a object'],
    [{ actions: null }, 'option actions is null'],
    [{ actions: { N: 'add', U: null } }, 'option actions["U"] is null; give it "add", "update" or "delete"'],
    [{ columnAliases: ['x'] }, "give it an object of the delta's to the table's name"],
    [{ columnAliases: null }, 'option columnAliases is null'],
    [{ columnAliases: { a: 'b', c: 7 } }, 'option columnAliases["c"] is a number'],
    [{ nulls: 'drop' }, 'option nulls is "drop"; give it "overwrite", "keep" or { keep: [column, …] }'],
    [{ nulls: null }, 'option nulls is null'],
    [{ nulls: ['team'] }, 'option nulls is a object'],
    [{ nulls: {} }, 'option nulls is a object'],
    [{ update: 'patch', nulls: 'overwrite' }, 'contradict each other'],
  ])('refuses %j', (options, message) => {
    expect(() => resolve(options)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(message) }),
    )
  })

  it('tells programs which option it was', () => {
    const optionOf = (options: unknown) => {
      try {
        resolve(options)
      } catch (error) {
        return (error as { details: { option: string } }).details.option
      }
      return null
    }
    expect(optionOf({ addExistin: 'error' })).toBe('addExistin')
    expect(optionOf({ update: 'patch', nulls: 'overwrite' })).toBe('nulls')
    expect(optionOf({})).toBeNull()
  })

  it.each<[DeltaOptions, 'all' | Set<string>]>([
    [{ nulls: 'overwrite' }, new Set()],
    [{ nulls: 'keep' }, 'all'],
    [{ nulls: { keep: ['team', 'grade'] } }, new Set(['team', 'grade'])],
    [{ nulls: { keep: [] } }, new Set()],
    [{ update: 'patch' }, 'all'],
    [{ update: 'patch', nulls: 'keep' }, 'all'],
    [{ update: 'patch', nulls: { keep: ['team'] } }, 'all'],
    [{ update: 'replace', nulls: 'overwrite' }, new Set()],
  ])('keeps nulls of %j in the columns of %o', (options, columns) => {
    expect(resolveDeltaOptions(options).keepNulls).toEqual(columns)
  })

  it('refuses under strict what is a warning, but no policy that was chosen by name', () => {
    expect(refusedBy({ mode: 'strict' })).toEqual({
      add_existing: 'warning',
      update_missing: 'warning',
      delete_missing: 'warning',
      delta_duplicate_key: 'warning',
      column_missing: 'warning',
      sequence_tie: 'warning',
    })
    expect(
      refusedBy({
        mode: 'strict',
        addExisting: 'replace',
        updateMissing: 'ignore',
        deleteMissing: 'ignore',
        duplicates: 'fold',
        missingColumns: 'keep',
      }),
    ).toEqual({ sequence_tie: 'warning' })
  })

  it.each<[DeltaOptions, string]>([
    [{ addExisting: 'error' }, 'add_existing'],
    [{ updateMissing: 'error' }, 'update_missing'],
    [{ deleteMissing: 'error' }, 'delete_missing'],
    [{ duplicates: 'error' }, 'delta_duplicate_key'],
    [{ missingColumns: 'error' }, 'column_missing'],
  ])('refuses even what is information under %j', (options, code) => {
    expect(refusedBy(options)).toEqual({ [code]: 'info' })
    expect(refusedBy({ ...options, mode: 'strict' })[code]).toBe('info')
  })
})
