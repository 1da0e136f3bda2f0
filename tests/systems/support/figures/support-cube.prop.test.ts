import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { addCubes, changeCube } from '../../../../src/systems/support/figures/cube-arithmetic.ts'
import { reportOf } from '../../../../src/systems/support/figures/cube-report.ts'
import { cubeOf } from '../../../../src/systems/support/figures/support-cube.ts'
import { UNKNOWN } from '../../../../src/systems/support/tables.ts'
import { dimension, type Interaction, interactionsOf, rowsOf } from './frames.ts'

const instant = fc.option(fc.integer({ min: Date.UTC(1969, 10, 1), max: Date.UTC(1970, 3, 1) }), { freq: 9 })
const interaction: fc.Arbitrary<Interaction> = fc.record({
  start: instant,
  stamp: instant,
  channel: fc.constantFrom('phone', ' PHONE', 'chat', null),
  center: fc.constantFrom('ctr1', 'ctr2', 'CTR1', '', null),
  category: fc.constantFrom('bill', 'tech', 'zz', null),
  minutes: fc.option(fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.integer({ min: 0, max: 60 })), {
    nil: null,
  }),
})
const rows = fc.array(interaction, { maxLength: 40 })
const options = fc.record({
  timeZone: fc.constantFrom('America/New_York', 'EST', 'Asia/Kathmandu', 'UTC'),
  monthFrom: fc.constantFrom('interaction_start', 'timestamp'),
})
const centers = fc.dictionary(fc.constantFrom('ctr1', 'ctr2', 'CTR1', ''), fc.constantFrom('Oslo', 'Bergen', ' ', null))
const categories = fc.dictionary(fc.constantFrom('bill', 'tech'), fc.constantFrom('Accounts', 'Repairs', UNKNOWN))
const runs = { numRuns: 1000 }

const build = (facts: readonly Interaction[], choice: object) => cubeOf(interactionsOf(facts), choice)
const read = (facts: readonly Interaction[], choice: object, names: readonly [object, object]) =>
  reportOf(build(facts, choice), {
    contactCenters: dimension('contact_center_id', 'contact_center_name', { ...names[0] }),
    serviceCategories: dimension('category_id', 'department', { ...names[1] }),
  })
const millionths = (minutes: number) => Math.sign(minutes) * Math.round(Math.abs(minutes) * 1e6)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const column = (report: unknown[][], at: number) => report.map((row) => Number(row[at]))
const totals = (report: unknown[][]) => [
  sum(column(report, 3)),
  sum(column(report, 4)),
  sum(column(report, 5).map(millionths)),
]

describe('law 14: the report adds up', () => {
  test.prop([rows, options, centers, categories], runs)(
    'its totals are the rows, the calls and the sum of the rounded durations',
    (facts, choice, some, others) => {
      const dated = facts.filter(({ start, stamp }) =>
        choice.monthFrom === 'timestamp' ? stamp !== null : start !== null || stamp !== null,
      )
      const calls = dated.filter(({ channel }) => channel?.trim().toLowerCase() === 'phone')
      const minutes = sum(calls.map(({ minutes }) => millionths(minutes ?? 0)))
      const [interactions, phone, duration] = totals(rowsOf(read(facts, choice, [some, others])))
      expect([interactions, phone, (duration ?? 0) + 0]).toEqual([dated.length, calls.length, minutes + 0])
    },
  )

  test.prop(
    [
      rows.chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length }))),
      options,
    ],
    runs,
  )('no permutation of the rows changes a cell', ([facts, shuffled], choice) => {
    expect(build(shuffled, choice)).toEqual(build(facts, choice))
  })

  test.prop([rows, options, centers, categories], runs)(
    'deleting dimension rows renames groups and keeps the totals',
    (facts, choice, some, others) => {
      const full = rowsOf(read(facts, choice, [some, others]))
      const bare = rowsOf(read(facts, choice, [{}, {}]))
      expect(totals(bare)).toEqual(totals(full))
      expect(bare.every(([, center, department]) => center === UNKNOWN && department === UNKNOWN)).toBe(true)
    },
  )

  test.prop([rows, options, centers, categories], runs)(
    'it has one row a month, name and department, sorted by code unit',
    (facts, choice, some, others) => {
      const keys = rowsOf(read(facts, choice, [some, others])).map((row) => row.slice(0, 3) as string[])
      const order = (a: string[], b: string[]) => {
        const at = a.findIndex((text, key) => text !== b[key])
        return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1
      }
      for (let row = 1; row < keys.length; row++) expect(order(keys[row - 1] ?? [], keys[row] ?? [])).toBe(-1)
    },
  )
})

describe('law 15: cubes add up', () => {
  test.prop([rows, rows, options], runs)('merging two cubes is building one of both', (first, second, choice) => {
    expect(addCubes(build(first, choice), build(second, choice))).toEqual(build([...first, ...second], choice))
  })

  test.prop([rows, rows, rows, options], runs)(
    'changing a cube by the touched rows is building it anew',
    (kept, before, after, choice) => {
      const cube = build([...before, ...kept], choice)
      const changed = changeCube(cube, { before: interactionsOf(before), after: interactionsOf(after) })
      expect(changed).toEqual(build([...kept, ...after], choice))
    },
  )
})
