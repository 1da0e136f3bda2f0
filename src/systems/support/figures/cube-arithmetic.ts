/**
 * Adds and subtracts cubes; the result equals a cube built anew.
 * @module
 */

import { numbersOf, textOf } from '../../../aggregate/columns.ts'
import { addExactly, sumExactly } from '../../../aggregate/exact-sum.ts'
import { type Groups, groupIds, groupSets, type RowKeys } from '../../../aggregate/group.ts'
import { ContractError } from '../../../errors.ts'
import type { Frame } from '../../../table/frame.ts'
import {
  CUBE_KEYS,
  type CubeFacts,
  type CubeSums,
  cellsOf,
  keyFacts,
  type SupportCube,
  sumFacts,
} from './support-cube.ts'

/** A term of the sum: cells or rows, with factor 1 to add or −1 to subtract. */
interface Term {
  readonly facts: CubeFacts
  readonly sign: 1 | -1
  sumsOf(groups: Groups): CubeSums
}

function cubeTerm({ cells, ...facts }: SupportCube): Term {
  const [month, center, category] = CUBE_KEYS
  const keys: RowKeys = [textOf(cells, month), textOf(cells, center), textOf(cells, category)]
  return {
    facts: { ...facts, keys },
    sign: 1,
    sumsOf(groups) {
      const ids = groupIds(groups)
      const sum = (name: string) => sumExactly(ids, numbersOf(cells, name).values, groups.size, name)
      return { interactions: sum('interactions'), calls: sum('calls'), duration: sum('call_duration_micro_minutes') }
    },
  }
}

function rowsTerm(rows: Frame, sign: 1 | -1, { timeZone, monthFrom }: SupportCube): Term {
  return { facts: keyFacts(rows, { timeZone, monthFrom }), sign, sumsOf: (groups) => sumFacts(rows, groups) }
}

function mismatch(what: string, first: string, second: string): ContractError {
  return new ContractError(
    'cube_mismatch',
    `cubes of different ${what} do not add up: "${first}" and "${second}"; build both with the same options`,
    { details: { first, second } },
  )
}

function addTerms(first: Term, ...others: readonly Term[]): SupportCube {
  const terms = [first, ...others]
  const { timeZone, monthFrom } = first.facts
  for (const { facts } of others) {
    if (facts.timeZone !== timeZone) throw mismatch('time zones', timeZone, facts.timeZone)
    if (facts.monthFrom !== monthFrom) throw mismatch('month columns', monthFrom, facts.monthFrom)
  }
  const sets = groupSets(first.facts.keys, ...others.map(({ facts }) => facts.keys))
  const [groups] = sets
  const counted = terms.map((term, at) => ({ sums: term.sumsOf(sets[at] as Groups), sign: term.sign }))
  const add = (name: string, of: (sums: CubeSums) => ArrayLike<number>) =>
    addExactly(
      counted.map(({ sums, sign }) => ({ sums: of(sums), sign })),
      groups.size,
      name,
    )
  const interactions = add('interactions', (sums) => sums.interactions)
  const calls = add('calls', (sums) => sums.calls)
  const duration = add('call_duration_micro_minutes', (sums) => sums.duration)
  const total = (count: (facts: CubeFacts) => number) =>
    terms.reduce((counted, { facts, sign }) => counted + sign * count(facts), 0)
  const monthFallbacks = total((facts) => facts.monthFallbacks)
  const monthMissing = total((facts) => facts.monthMissing)
  // a cell without interactions has no calls; remaining calls were never in the cube
  const isWhole = interactions.every((count, id) => {
    const counted = calls[id] as number
    return count >= 0 && counted >= 0 && counted <= count && (counted > 0 || duration[id] === 0)
  })
  if (!isWhole || monthFallbacks < 0 || monthMissing < 0) {
    throw new ContractError(
      'cube_mismatch',
      'rows to subtract are not in the cube: "before" must hold the changed rows exactly as the cube counted them',
    )
  }
  return {
    timeZone,
    monthFrom,
    cells: cellsOf(groups, { interactions, calls, duration }),
    monthFallbacks,
    monthMissing,
  }
}

/**
 * Returns the cube of both sets of interactions, equal cell by cell to one built from all of them.
 * @throws ContractError cube_mismatch - the cubes differ in time zone or month column;
 *   measure_overflow - a sum passes 2^53
 */
export function addCubes(first: SupportCube, second: SupportCube): SupportCube {
  return addTerms(cubeTerm(first), cubeTerm(second))
}

/**
 * Returns the cube after a delta, from the changed rows alone: before and after. It equals a cube
 * built anew. The work grows with the changed rows and the cube's cells, not with the facts.
 * @throws ContractError cube_mismatch - `before` holds rows that the cube did not count;
 *   measure_overflow - a sum passes 2^53
 */
export function changeCube(cube: SupportCube, { before, after }: ChangedFrames): SupportCube {
  return addTerms(cubeTerm(cube), rowsTerm(before, -1, cube), rowsTerm(after, 1, cube))
}

/** The rows that a delta changed, before and after. */
export interface ChangedFrames {
  readonly before: Frame
  readonly after: Frame
}
