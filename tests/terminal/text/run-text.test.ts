import { describe, expect, it } from 'vitest'
import type { RunPlan } from '../../../src/pipeline/plan/make-plan.ts'
import type { RunResult } from '../../../src/pipeline/run-result.ts'
import { planText, resultText } from '../../../src/terminal/text/run-text.ts'

const places = { data: 'in\u001b', out: 'out\u001b' }

const summary = { inserted: 1, updated: 2, unchanged: 3, deleted: 4, ignored: 5 }
const result = {
  status: 'committed',
  commit: 7,
  applied: [{ table: 'halls', month: null, name: 'halls.csv', rows: 1200, quarantined: 6, summary }],
  tables: { halls: 12, machines: 3400 },
  published: [
    { output: 'halls', name: 'halls.csv', rows: 12, isWritten: true },
    { output: 'machines', name: 'machines.csv', rows: 3400, isWritten: false },
  ],
  removed: ['report.csv'],
  destinations: [],
} as unknown as RunResult

const destination = (status: string, rows: Readonly<Record<string, number>> = {}) => ({
  ...{ name: 'postgres', commit: 7 },
  ...{ status, rows },
})

describe('resultText', () => {
  it('lists what was applied, what is there, and what was published and removed', () => {
    expect(resultText(result, places)).toMatchInlineSnapshot(`
      "committed version 7 to out\\u001b

      applied     rows  inserted  updated  unchanged  deleted  ignored  quarantined
      ---------  -----  --------  -------  ---------  -------  -------  -----------
      halls.csv  1,200         1        2          3        4        5            6

      table      rows
      --------  -----
      halls        12
      machines  3,400

      published
        out\\u001b/halls.csv

      removed: no longer published
        out\\u001b/report.csv
      "
    `)
  })

  it('has no heading without a line below it', () => {
    expect(resultText({ ...result, applied: [], published: [], removed: [] }, places)).toMatchInlineSnapshot(`
      "committed version 7 to out\\u001b

      no input was applied: outputs and copies were rebuilt

      table      rows
      --------  -----
      halls        12
      machines  3,400
      "
    `)
  })

  it('says which copies were repaired', () => {
    const repaired = { ...result, status: 'republished' } as const
    expect(resultText(repaired, places)).toMatchInlineSnapshot(`
      "copies written again; out\\u001b is at version 7

      published
        out\\u001b/halls.csv

      removed: no longer published
        out\\u001b/report.csv
      "
    `)
    expect(resultText({ ...repaired, published: [] }, places)).toMatchInlineSnapshot(`
      "copies of an earlier version removed; out\\u001b is at version 7

      removed: no longer published
        out\\u001b/report.csv
      "
    `)
  })

  it('says what became of the commit in each destination; nothing where it was there before', () => {
    const destinations = [
      destination('current', { halls: 9 }),
      destination('changes', { halls: 1000, machines: 2 }),
      destination('reload', { halls: 1 }),
      destination('waits'),
      destination('superseded'),
    ] as RunResult['destinations']
    const quiet = { ...result, status: 'nothing_to_do', destinations } as const
    expect(resultText(quiet, places)).toMatchInlineSnapshot(`
      "nothing to do: out\\u001b is at version 7, in\\u001b has nothing new

      postgres is at version 7: 1,002 rows changed

      postgres is at version 7: 1 row changed

      postgres: another process owns it, and applies the commit itself

      postgres: not delivered, for a later commit was made by other code
      "
    `)
    const [, changed] = destinations
    const text = (status: RunResult['status']) =>
      resultText({ ...result, status, destinations: changed === undefined ? [] : [changed] }, places)
    const end = '\npostgres is at version 7: 1,002 rows changed\n'
    expect([text('committed').endsWith(end), text('republished').endsWith(end)]).toEqual([true, true])
  })
})

const input = (name: string, file: object | null = {}) => ({ table: 'halls', unit: name, month: null, name, file })
const plan = {
  action: 'nothing',
  apply: [],
  withdraw: [],
  skip: [],
  notes: [],
  refusals: [],
  copies: { write: [], remove: [] },
} as unknown as RunPlan

describe('planText', () => {
  it('says in one line what a run would do', () => {
    const line = (part: Partial<RunPlan>) => planText({ ...plan, ...part }).split('\n')[0]
    const nothing = (['nothing', 'apply', 'rebuild', 'refresh'] as const).map((action) => line({ action }))
    expect(nothing).toMatchInlineSnapshot(`
      [
        "would do nothing: everything is applied",
        "would apply what is new",
        "would replay everything",
        "would rebuild reports and copies; no table changes",
      ]
    `)
    const repaired = { write: ['halls.csv'], remove: ['report.csv'] }
    expect(planText({ ...plan, copies: repaired })).toMatchInlineSnapshot(`
      "would repair copies: everything is applied

      file        what would be done
      ----------  ----------------------------------------------
      halls.csv   write the copy again: it is missing or differs
      report.csv  remove the copy: no longer published
      "
    `)
    expect(line({ copies: { ...repaired, remove: [] } })).toBe('would repair copies: everything is applied')
    expect(line({ copies: { ...repaired, write: [] } })).toBe('would repair copies: everything is applied')
  })

  it('has a line for every file, and the warnings below them', () => {
    const full = {
      ...plan,
      action: 'apply',
      apply: [input('initial/halls.csv'), input('delta/halls.csv', null)],
      withdraw: [input('machines/M1.json')],
      skip: [
        { name: 'a.csv', reason: 'already_applied' },
        { name: 'b.csv', reason: 'not_selected' },
        { name: 'c.csv', reason: 'missing' },
      ],
      notes: [
        { severity: 'warning', code: 'x', file: null, message: 'odd\u001b' },
        { severity: 'info', code: 'x', file: null, message: 'fine' },
        { severity: 'warning', code: 'x', file: null, message: 'odder' },
      ],
    } as unknown as RunPlan
    expect(planText(full)).toMatchInlineSnapshot(`
      "would apply what is new

      file               what would be done
      -----------------  -----------------------------------
      initial/halls.csv  apply
      delta/halls.csv    replay its kept rows
      machines/M1.json   withdraw its rows: the file is gone
      a.csv              skip: applied before
      b.csv              skip: not selected
      c.csv              skip: no such file

      2 warnings
        odd\\u001b
        odder
      "
    `)
  })
})
