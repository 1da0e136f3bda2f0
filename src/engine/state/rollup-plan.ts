/**
 * A rollup as a plan: cells that add up, so that an engine can keep them by what a fold changed.
 * @module
 */
import type { RollupCells } from '../../pipeline/job/job.ts'
import type { OptionValues } from '../../pipeline/job/job-options.ts'
import type { ColumnContracts } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import type { Expression } from '../expression.ts'
import type { MonthRange } from '../month-plan.ts'
import type { Relation } from '../relation.ts'

/** A rollup of a job, as an engine computes it. */
export interface RollupPlan {
  /** The table that it sums up. */
  readonly table: string
  /** Its columns, keys first: text, then whole numbers of 64 bits. */
  readonly columns: ColumnContracts
  readonly keys: readonly string[]
  /** The instant of a row whose local month is needed. */
  instant(options: OptionValues): Expression
  /** The zone of these months. */
  timeZone(options: OptionValues): string
  /** The cells of some rows; every measure is a sum of whole numbers. */
  cells(rows: Relation, months: MonthRange, options: OptionValues): Relation
  /** What the job's rollup makes of the same rows: the cells in their order, without those that count nothing. */
  finish(cells: Frame, options: OptionValues): RollupCells
}

/** The plans of a program's rollups, by name. */
export type RollupPlans = Readonly<Record<string, RollupPlan>>
