/**
 * Cubes as numbers: what changed is added and taken away, and the result is that of building anew.
 * @module
 */
import { ContractError } from '../errors.ts'
import { DictionaryColumn } from '../table/column.ts'
import type { Frame } from '../table/frame.ts'
import { mergeDictionaries } from '../table/gather.ts'
import { numbersOf, textOf } from './columns.ts'
import { sumExactly } from './exact-sum.ts'
import { groupIds, groupRows } from './group.ts'
import { CUBE_KEYS, cellsOf, cubeOf, type SupportCube } from './support-cube.ts'

/** A cube and how often it counts: 1 to add it, −1 to take it away. */
interface Term {
  readonly cube: SupportCube
  readonly sign: 1 | -1
}

/** One column of the terms' cells, one term after the other. */
function joinTexts(terms: readonly Term[], name: string): DictionaryColumn {
  const columns = terms.map(({ cube }) => textOf(cube.cells, name))
  const codes = new Int32Array(columns.reduce((rows, column) => rows + column.length, 0))
  let values: readonly string[] = []
  let at = 0
  for (const column of columns) {
    const merged = mergeDictionaries(values, column.values)
    values = merged.values
    for (const code of column.codes) codes[at++] = code < 0 ? -1 : (merged.codes[code] as number)
  }
  return new DictionaryColumn(codes, values)
}

function joinMeasures(terms: readonly Term[], name: string): Float64Array {
  const joined = new Float64Array(terms.reduce((rows, { cube }) => rows + cube.cells.rows, 0))
  let at = 0
  for (const { cube, sign } of terms) {
    const { values } = numbersOf(cube.cells, name)
    for (let row = 0; row < values.length; row++) joined[at++] = sign * (values[row] as number)
  }
  return joined
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
  const { timeZone, monthFrom } = first.cube
  for (const { cube } of others) {
    if (cube.timeZone !== timeZone) throw mismatch('time zones', timeZone, cube.timeZone)
    if (cube.monthFrom !== monthFrom) throw mismatch('month columns', monthFrom, cube.monthFrom)
  }
  const [month, center, category] = CUBE_KEYS
  const groups = groupRows([joinTexts(terms, month), joinTexts(terms, center), joinTexts(terms, category)])
  const ids = groupIds(groups)
  const sum = (name: string) => sumExactly(ids, joinMeasures(terms, name), groups.size, name)
  const interactions = sum('interactions')
  const calls = sum('calls')
  const duration = sum('call_duration_micro_minutes')
  const total = (count: (cube: SupportCube) => number) =>
    terms.reduce((counted, { cube, sign }) => counted + sign * count(cube), 0)
  const monthFallbacks = total((cube) => cube.monthFallbacks)
  const monthMissing = total((cube) => cube.monthMissing)
  // a cell without interactions has no calls, so one that is left with some was never in the cube
  const isWhole = interactions.every((count, id) => {
    const counted = calls[id] as number
    return count >= 0 && counted >= 0 && counted <= count && (counted > 0 || duration[id] === 0)
  })
  if (!isWhole || monthFallbacks < 0 || monthMissing < 0) {
    throw new ContractError(
      'cube_mismatch',
      'rows to take away are not in the cube: "before" must hold the changed rows exactly as the cube counted them',
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
 * Returns the cube of both sets of interactions: that of building it from all of them, cell by cell.
 * @throws ContractError cube_mismatch - they differ in time zone or month column; measure_overflow - a sum passes 2^53
 */
export function addCubes(first: SupportCube, second: SupportCube): SupportCube {
  return addTerms({ cube: first, sign: 1 }, { cube: second, sign: 1 })
}

/**
 * Returns the cube after a delta, from the rows it touched alone: as they were and as they are. Equal to building it anew;
 * the work grows with the touched rows and the cube's cells, not with the facts.
 * @throws ContractError cube_mismatch - `before` holds rows that the cube did not count; measure_overflow - a sum passes 2^53
 */
export function changeCube(cube: SupportCube, { before, after }: ChangedFrames): SupportCube {
  return addTerms({ cube, sign: 1 }, { cube: cubeOf(before, cube), sign: -1 }, { cube: cubeOf(after, cube), sign: 1 })
}

/** The rows that a delta touches, as they were and as they are. */
export interface ChangedFrames {
  readonly before: Frame
  readonly after: Frame
}
