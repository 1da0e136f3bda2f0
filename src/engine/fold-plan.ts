/**
 * The current rows of a table, out of all its changes: what the fold of `applyDelta` gives, as a plan.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { type ContractKind, refuseNoContract, type TableContract } from '../table/contract.ts'
import type { DeltaOptions } from '../transform/delta/delta-options.ts'
import { noPlan } from './engine-refusals.ts'
import {
  and,
  cast,
  column,
  compare,
  type Expression,
  integer,
  isNull,
  max,
  min,
  not,
  nothing,
  or,
  over,
  text,
  when,
} from './expression.ts'
import type { Projection, Relation } from './relation.ts'

/**
 * The columns that say where a staged change stands: the number of its file in the order of application (0 is the full extract),
 * its row in that file, and what it does: `add`, `update` or `delete`.
 */
export const STAGED = { _batch: 'int32', _seq: 'int64', _action: 'text' } as const satisfies Record<
  string,
  ContractKind
>

/** Where the row of a key stands among the others: the position of its insertion. */
export const ORDER = '_order'

/** More rows than a file has: the first position of a file is a multiple of it. */
export const ROWS_OF_A_FILE = 2 ** 40

/** How the changes of a table are folded. */
export interface FoldOptions {
  /** The staged table: the columns of the contract, and those of {@link STAGED}. */
  readonly staged: string
  /** The policies of the job's table. */
  readonly delta?: DeltaOptions
  /** Columns that some files do not have, each with the numbers of these files. An update in them does not touch the column. */
  readonly lacking?: Readonly<Record<string, readonly number[]>>
}

const DEFAULTS: Readonly<Partial<Record<keyof DeltaOptions, unknown>>> = {
  ...{ mode: 'lenient', addExisting: 'replace', updateMissing: 'insert', deleteMissing: 'ignore' },
  ...{ duplicates: 'fold', missingColumns: 'keep' },
}

/** Policies about how a file is read: what is staged has been read already. */
const OF_READING: ReadonlySet<string> = new Set([
  ...['actionColumn', 'actions', 'defaultAction', 'contract', 'columnAliases', 'typeMismatch', 'baseDuplicates'],
])

/** Says of each column whether a null cell of an update keeps what is there. */
function keepsNull({ update, nulls }: DeltaOptions): (name: string) => boolean {
  if (update === 'patch' || nulls === 'keep') return () => true
  if (typeof nulls !== 'object') return () => false
  return (name) => nulls.keep.includes(name)
}

export function refusePolicies(delta: DeltaOptions): void {
  for (const [policy, value] of Object.entries(delta)) {
    if (value === undefined || OF_READING.has(policy) || policy === 'update' || policy === 'nulls') continue
    if (DEFAULTS[policy as keyof DeltaOptions] !== value) throw noPlan(policy, value)
  }
}

/**
 * Returns the plan of a table's current rows: its columns but for metadata, and `_order`, which sorts them as `applyDelta` leaves
 * them. A deleted row is not there. The plan folds all files at once, so that any grouping of files gives the same rows.
 *
 * @throws EngineError engine_cannot - a policy of the deltas has no plan
 * @throws ContractError invalid_option - it is no contract, or an option is not fit
 * @example
 * import { defineTable, key, nullable, string } from 'support-etl'
 * import { foldPlan } from 'support-etl/engine'
 *
 * const halls = defineTable('halls', { hall_id: key(string()), hall_name: nullable(string()) })
 * foldPlan(halls, { staged: 'staged_halls', lacking: { hall_name: [2] } }).name // 'halls_current'
 */
export function foldPlan(contract: TableContract, options: FoldOptions): Relation {
  refuseNoContract(contract)
  refuseUnknown(options, { staged: true, delta: true, lacking: true } satisfies OptionNames<FoldOptions>)
  const { staged, ...policies } = options
  refuseUnless(typeof staged === 'string', 'staged', staged, 'the name of a table')
  const rows: Relation = {
    ...{ op: 'scan', name: `${contract.name}_changes`, table: staged },
    columns: [...cellsOf(contract), ...Object.keys(STAGED)],
  }
  return foldOf(contract, rows, policies)
}

/** The columns of a table's rows, without metadata. */
function cellsOf({ columns }: TableContract): readonly string[] {
  return Object.entries(columns)
    .filter(([, { role }]) => role !== 'metadata')
    .map(([name]) => name)
}

/** Returns the same plan over changes that are a relation: the columns of the contract, and those of {@link STAGED}. */
export function foldOf(contract: TableContract, rows: Relation, options: Omit<FoldOptions, 'staged'>): Relation {
  const { delta = {}, lacking = {} } = options
  refusePolicies(delta)
  const keeps = keepsNull(delta)
  const cells = cellsOf(contract)
  const { name, key } = contract
  const pass = (names: readonly string[]): Projection => names.map((each) => [each, column(each)])
  const position = compare(compare(column('_batch'), '*', integer(ROWS_OF_A_FILE)), '+', column('_seq'))
  const placed: Relation = {
    ...{ op: 'project', name: `${name}_placed`, of: rows },
    columns: [...pass([...cells, '_batch', '_action']), ['_position', position]],
  }
  const deletion = when(compare(column('_action'), '=', text('delete')), column('_position'), nothing('int64'))
  const dated: Relation = {
    ...{ op: 'project', name: `${name}_dated`, of: placed },
    columns: [...pass([...cells, '_batch', '_action', '_position']), ['_deleted', over(max(deletion), key)]],
  }
  const alive: Relation = {
    ...{ op: 'filter', name: `${name}_alive`, of: dated },
    where: or(isNull(column('_deleted')), compare(column('_position'), '>', column('_deleted'))),
  }
  const first: Relation = {
    ...{ op: 'project', name: `${name}_written`, of: alive },
    columns: [
      ...pass([...cells, '_batch', '_action', '_position']),
      [ORDER, over(min(column('_position')), key)],
      ['_latest', over({ op: 'row number', latestBy: '_position' }, key)],
    ],
  }

  const spared = cells.filter((cell) => !key.includes(cell) && ((lacking[cell] ?? []).length > 0 || keeps(cell)))
  const folded =
    spared.length === 0 ? first : withSparedCells(first, { name, key, cells, spared, keeps, lacking, contract })
  const last: Relation = {
    ...{ op: 'filter', name: `${name}_last`, of: folded },
    where: compare(column('_latest'), '=', integer(1)),
  }
  return { op: 'project', name: `${name}_current`, of: last, columns: pass([...cells, ORDER]) }
}

interface Spared {
  readonly name: string
  readonly key: readonly string[]
  readonly cells: readonly string[]
  /** The columns that some changes of a key do not touch. */
  readonly spared: readonly string[]
  readonly keeps: (name: string) => boolean
  readonly lacking: Readonly<Record<string, readonly number[]>>
  readonly contract: TableContract
}

/** Takes each such cell from the last change that touches it, in two steps: which one that is, and what it holds. */
function withSparedCells(of: Relation, { name, key, cells, spared, keeps, lacking, contract }: Spared): Relation {
  const others = cells.filter((cell) => !spared.includes(cell))
  const pass = (names: readonly string[]): Projection => names.map((each) => [each, column(each)])
  const touchedAt = (cell: string): string => `_touched_${cell}`
  /** An add, and the first change of a row that is new, write every cell. */
  const writesAll = or(compare(column('_action'), '=', text('add')), compare(column('_position'), '=', column(ORDER)))
  const touches = (cell: string): Expression => {
    const without = lacking[cell] ?? []
    const has: Expression[] = []
    if (without.length > 0) has.push(not({ op: 'in', of: column('_batch'), values: without.map(integer) }))
    if (keeps(cell)) has.push(not(isNull(column(cell))))
    return or(writesAll, and(...has))
  }
  const touched: Relation = {
    ...{ op: 'project', name: `${name}_touched`, of },
    columns: [
      ...pass([...cells, '_position', ORDER, '_latest']),
      ...spared.map((cell): Projection[number] => [
        touchedAt(cell),
        over(max(when(touches(cell), column('_position'), nothing('int64'))), key),
      ]),
    ],
  }
  return {
    ...{ op: 'project', name: `${name}_folded`, of: touched },
    columns: [
      ...pass([...others, ORDER, '_latest']),
      ...spared.map((cell): Projection[number] => {
        const isThere = compare(column('_position'), '=', column(touchedAt(cell)))
        const kind = contract.columns[cell]?.kind ?? 'text'
        // of the rows of a key one is there; not every engine knows the greatest boolean
        if (kind !== 'boolean') return [cell, over(max(when(isThere, column(cell), nothing(kind))), key)]
        const number = when(isThere, cast(column(cell), 'int32'), nothing('int32'))
        return [cell, cast(over(max(number), key), 'boolean')]
      }),
    ],
  }
}
