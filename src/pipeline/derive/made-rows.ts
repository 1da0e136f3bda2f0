/**
 * What the function of a derived table makes of some rows, checked and in the form of its contract.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import { checkFrame } from '../../table/check/check.ts'
import { joinRows } from '../../table/chunks.ts'
import type { TableContract } from '../../table/contract.ts'
import { type Frame, isFrame, selectColumns } from '../../table/frame.ts'
import { keyBytes } from '../../table/key/key.ts'
import { KeyIndex } from '../../table/key/key-index.ts'
import { countUp, markedRows, pickAt, takeRows } from '../../table/take.ts'
import { ownColumns, ownContract } from '../fold/compare-rows.ts'
import type { DerivedIssue, DerivedRows, DerivedTable } from '../job/job.ts'
import { type OptionValues, optionsFor } from '../job/job-options.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'

function invalid(table: string, what: string): PipelineError {
  return new PipelineError(
    'derived_invalid',
    `derived table ${table}: its function ${what}; mend the function and raise the table's version`,
  )
}

/** Every row of the parent gives one row, or is named by an issue. */
function refuseUnaccounted(table: string, given: Frame, made: DerivedRows): void {
  // a function in JavaScript may return anything
  const { frame, parents, issues }: Partial<DerivedRows> = made ?? {}
  if (!isFrame(frame) || !(parents instanceof Int32Array) || !Array.isArray(issues)) {
    throw invalid(table, 'returns no { frame, parents, issues } with a frame, an Int32Array and a list')
  }
  if (parents.length !== frame.rows) {
    throw invalid(table, `names ${parents.length} parents for ${frame.rows} rows; it names one a row`)
  }
  const isAccounted = new Uint8Array(given.rows)
  let last = -1
  for (const parent of parents) {
    if (!(parent > last && parent < given.rows)) {
      throw invalid(
        table,
        `names parent ${parent} after ${last}, of ${given.rows} rows; parents ascend from 0, each once`,
      )
    }
    isAccounted[parent] = 1
    last = parent
  }
  for (const { row } of issues) {
    if (!Number.isInteger(row) || row < 0 || row >= given.rows) {
      throw invalid(table, `has an issue of row ${row}, of ${given.rows} rows; rows count from 0`)
    }
    if (isAccounted[row] === 1)
      throw invalid(table, `makes a row of row ${row} and has an issue of it; it does one of both`)
  }
  for (const { row } of issues) isAccounted[row] = 2
  const left = isAccounted.indexOf(0)
  if (left >= 0) throw invalid(table, `makes neither a row nor an issue of row ${left}; it makes one of both`)
}

/** The rows that fit have the keys of their parents. */
function refuseOtherKeys(contract: TableContract, given: Frame, frame: Frame, parents: Int32Array): void {
  const expected = keyBytes(takeRows(selectColumns(given, contract.key), parents), contract.key)
  const index = KeyIndex.of(expected)
  const found = index.findAll(keyBytes(frame, contract.key))
  const other = found.findIndex((group, row) => group !== index.groupOf[row])
  if (other < 0) return
  throw invalid(
    contract.name,
    `gives the row of parent ${parents[other]} another key (${contract.key.join(', ')}); it keeps the key`,
  )
}

/** Rows that were made, in the contract's form. */
export interface MadeRows extends DerivedRows {
  /** In order of their parents. */
  readonly issues: readonly DerivedIssue[]
}

/** Rows that a function is handed at once: what it makes of them is in columns before it is handed more. */
const BATCH = 1 << 15

/**
 * Returns what a derived table's function makes of rows of its parent, some rows at a time. A row that was made and does not fit the contract is an
 * issue of its parent.
 * @throws PipelineError derived_invalid - the function does not make one row or issue of each row, or changes a key
 * @throws ContractError column_missing, column_extra - it makes other columns than those of the contract
 */
export function makeRows(name: string, table: DerivedTable, rows: Frame, values: OptionValues): MadeRows {
  const options = optionsFor(values, table.uses ?? [], `derived table ${name}`)
  if (rows.rows <= BATCH) return makeBatch(name, table, rows, options)
  const batches: MadeRows[] = []
  for (let from = 0; from < rows.rows; from += BATCH) {
    const some = takeRows(rows, countUp(Math.min(BATCH, rows.rows - from), from))
    const { frame, parents, issues } = makeBatch(name, table, some, options)
    batches.push({
      frame,
      parents: parents.map((parent) => parent + from),
      issues: issues.map((issue) => ({ ...issue, row: issue.row + from })),
    })
  }
  return {
    frame: concatFrames(
      batches.map(({ frame }) => frame),
      ownContract(table.contract),
    ),
    parents: joinRows(batches.map(({ parents }) => parents)),
    issues: batches.flatMap(({ issues }) => issues),
  }
}

function makeBatch(name: string, table: DerivedTable, rows: Frame, options: OptionValues): MadeRows {
  const made = table.rows(rows, options)
  refuseUnaccounted(name, rows, made)
  const contract = ownContract(table.contract)
  const checked = checkFrame(made.frame, contract, { file: `derived table ${name}`, repeatedKeys: 'allow' })
  const misfits = checked.issues.map(({ row, code, column, found, expected }): DerivedIssue => {
    return { row: made.parents[row - 1] as number, code, column, found, expected }
  })
  const isBad = new Uint8Array(made.frame.rows)
  for (const { row } of checked.issues) isBad[row - 1] = 1
  const parents = misfits.length === 0 ? made.parents : pickAt(made.parents, markedRows(isBad.map((bad) => 1 - bad)))
  refuseOtherKeys(contract, rows, checked.frame, parents)
  const issues = [...made.issues, ...misfits].sort((a, b) => a.row - b.row)
  return { frame: checked.frame, parents, issues }
}

/** The columns of a parent that the functions of derived tables see. */
export function givenRows(frame: Frame, contract: TableContract): Frame {
  return selectColumns(frame, ownColumns(contract))
}
