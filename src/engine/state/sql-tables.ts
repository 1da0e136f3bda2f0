/**
 * The tables of a place in an engine: what is staged, folded and rolled up, statement by statement.
 * @module
 */
import { EngineError } from '../../errors.ts'
import type { EngineFold, RollupForm } from '../../pipeline/engine-place.ts'
import type { Job, JobTable } from '../../pipeline/job/job.ts'
import type { OptionValues } from '../../pipeline/job/job-options.ts'
import { concatFrames } from '../../pipeline/sources/read/concat-frames.ts'
import { type ColumnContracts, date, int64, type TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { and, cast, column, compare, type Expression, integer, isNull, not, sum, text } from '../expression.ts'
import { foldOf, ORDER, ROWS_OF_A_FILE, refusePolicies } from '../fold-plan.ts'
import { monthsOfDays } from '../month-plan.ts'
import type { Projection, Relation } from '../relation.ts'
import { quoted, renderQuery, type SortColumn } from '../render.ts'
import type { Batch } from './bronze.ts'
import type { RollupPlan, RollupPlans } from './rollup-plan.ts'
import { afterOf, beforeOf, bronzeOf, currentColumns, engineContract, keysOf } from './table-names.ts'
import { type TellProgress, toldParts } from './told-parts.ts'
import type { VersionTables } from './versions.ts'

const pass = (names: readonly string[]): Projection => names.map((name) => [name, column(name)])

const scan = (name: string, table: string, columns: ColumnContracts | readonly string[]): Relation => {
  return { op: 'scan', name, table, columns: Array.isArray(columns) ? columns : Object.keys(columns) }
}

/** Refuses what no engine can do, by name. @throws EngineError engine_cannot */
export function refuseJob(job: Job): void {
  const refuse = (what: string): never => {
    throw new EngineError('engine_cannot', `no engine runs job ${job.name}: ${what}; run it without an engine`)
  }
  for (const [name, { contract, source, delta = {} }] of Object.entries(job.tables)) {
    if (source.law !== 'replayed')
      refuse(`table ${name} is made of ${source.kind}, and only extracts and deltas are folded`)
    if (contract.unknownColumns === 'evolve' || delta.contract === 'evolve') {
      refuse(`table ${name} takes columns that its contract does not name`)
    }
    if ((delta.baseDuplicates ?? 'error') !== 'error') refuse(`the extract of table ${name} may have a key twice`)
    refusePolicies(delta)
  }
  const [derived] = Object.keys(job.derived)
  if (derived !== undefined) refuse(`table ${derived} is derived row by row in code`)
}

/** A statement or two that belong together. */
type Step = () => Promise<void>

/** Makes the tables of a version, and reads them. */
export class SqlTables {
  readonly #tables: VersionTables
  readonly #plans: RollupPlans
  readonly #tell: TellProgress

  constructor(tables: VersionTables, plans: RollupPlans, tell: TellProgress = () => {}) {
    this.#tables = tables
    this.#plans = plans
    this.#tell = tell
  }

  /** Makes a table or a rollup step by step, and then asks for what became of it; tells how far that is. */
  async #make<Result>(name: string, steps: readonly Step[], ask: () => Promise<Result>): Promise<Result> {
    const run = toldParts(this.#tell, this.#tables.connection, name, steps.length + 1)
    for (const step of steps) await run(step)
    return run(ask)
  }

  /** The rows of a query, in one frame. */
  async #frame(plan: Relation, contract: TableContract, read: ColumnContracts, order: readonly SortColumn[] = []) {
    const batches: Frame[] = []
    const { connection } = this.#tables
    const query = renderQuery(plan, connection.dialect, order)
    for await (const batch of connection.query(query, read)) batches.push(batch)
    return concatFrames(batches, contract)
  }

  /** The rows of a table that is laid out as current rows are, in their order. */
  async #inOrder(contract: TableContract, table: string): Promise<Frame> {
    const columns = currentColumns(contract)
    const order = [{ column: ORDER, isText: false }]
    return this.#frame(scan('ordered', table, columns), engineContract(contract), columns, order)
  }

  async #count(table: string): Promise<number> {
    const { dialect } = this.#tables.connection
    const query = `SELECT COUNT(*) AS ${quoted('name', 'rows', dialect)} FROM ${quoted('table', table, dialect)}`
    const [found] = await this.#tables.ask(table, query, { rows: int64() })
    return Number(found?.columns.get('rows')?.at(0) ?? 0)
  }

  /** The staged rows of some inputs. */
  #staged(contract: TableContract, batches: readonly Batch[]): Relation {
    const rows = scan('staged', bronzeOf(contract.name), [
      ...Object.keys(engineContract(contract).columns),
      ...['_batch', '_seq', '_action'],
    ])
    const numbers = batches.map(({ batch }) => integer(batch))
    return { op: 'filter', name: 'inputs', of: rows, where: { op: 'in', of: column('_batch'), values: numbers } }
  }

  /** The columns that some inputs do not have, each with the numbers of these inputs. */
  #lacking(contract: TableContract, batches: readonly Batch[]): Readonly<Record<string, readonly number[]>> {
    const lacking = Object.keys(contract.columns).map((name) => {
      return [name, batches.flatMap(({ batch, columns }) => (columns.includes(name) ? [] : [batch]))] as const
    })
    return Object.fromEntries(lacking.filter(([, numbers]) => numbers.length > 0))
  }

  /** The current rows of a table, out of all of its inputs. */
  foldPlan({ contract, delta = {} }: JobTable, batches: readonly Batch[]): Relation {
    const lacking = this.#lacking(contract, batches)
    return foldOf(engineContract(contract), this.#staged(contract, batches), { delta, lacking })
  }

  /** Keep the keys of inputs, and the rows of the table, or of its extract, that have them. */
  #touchedSteps(
    contract: TableContract,
    inputs: readonly Batch[],
    rows: Relation = scan('rows', contract.name, currentColumns(contract)),
  ): readonly Step[] {
    const { name, key } = contract
    const named = key.map((each) => not(isNull(column(each))))
    const keyed: Relation = { op: 'filter', name: 'keyed', of: this.#staged(contract, inputs), where: and(...named) }
    const keys: Relation = { op: 'group', name: 'keys', of: keyed, keys: key, figures: [] }
    const touched: Relation = {
      ...{ op: 'semi join', name: 'touched', of: rows },
      ...{ keys: scan('keys', keysOf(name), key), on: key },
    }
    return [() => this.#tables.makeStep(keysOf(name), keys), () => this.#tables.makeStep(beforeOf(name), touched)]
  }

  /**
   * Keeps the rows that new inputs touch, and returns them: those of the table, or of the extract from which the table will be
   * made.
   */
  async loadTouched({ contract }: JobTable, added: readonly Batch[], extract?: Batch): Promise<Frame> {
    const { name } = contract
    const steps = this.#touchedSteps(contract, added, extract && this.#extractPlan(contract, extract))
    return this.#make(name, steps, () => this.#inOrder(contract, beforeOf(name)))
  }

  /** The rows of an extract, in which each key is once. */
  #extractPlan(contract: TableContract, extract: Batch): Relation {
    const position = compare(cast(column('_batch'), 'int64'), '*', integer(ROWS_OF_A_FILE))
    return {
      ...{ op: 'project', name: 'extract', of: this.#staged(contract, [extract]) },
      columns: [
        ...pass(Object.keys(engineContract(contract).columns)),
        [ORDER, compare(position, '+', column('_seq'))],
      ],
    }
  }

  /** Folds the rows that the new inputs touch with these inputs, each key once. */
  #mergePlan({ contract, delta = {} }: JobTable, added: readonly Batch[]): Relation {
    const cells = Object.keys(engineContract(contract).columns)
    const batch = cast(
      { op: 'floor', of: compare(cast(column(ORDER), 'float64'), '/', integer(ROWS_OF_A_FILE)) },
      'int64',
    )
    const asAdds: Relation = {
      ...{ op: 'project', name: 'known', of: scan('before', beforeOf(contract.name), currentColumns(contract)) },
      columns: [...pass(cells), ['_batch', cast(batch, 'int32')], [ORDER, column(ORDER)]],
    }
    // a row that is there stands where it was inserted, before every change of the new inputs
    const placed: Relation = {
      ...{ op: 'project', name: 'placed', of: asAdds },
      columns: [
        ...[...pass(cells), ...pass(['_batch'])],
        ['_seq', compare(column(ORDER), '-', compare(cast(column('_batch'), 'int64'), '*', integer(ROWS_OF_A_FILE)))],
        ['_action', text('add')],
      ],
    }
    const changes: Relation = {
      ...{ op: 'union all', name: 'changes', first: placed, second: this.#staged(contract, added) },
    }
    return foldOf(engineContract(contract), changes, { delta, lacking: this.#lacking(contract, added) })
  }

  /**
   * Makes a table; returns how many rows it has. A rebuild begins with the extract and merges all of its deltas at once: only the
   * keys that they have are sorted. `foldPlan`, which sorts all keys, gives the same rows, and makes the table where the engine
   * cannot merge; `isIntact` compares the two.
   */
  async fold(
    table: JobTable,
    { form }: EngineFold,
    batches: readonly Batch[],
    added: readonly Batch[],
  ): Promise<number> {
    const { contract } = table
    const { name } = contract
    const current = { name, columns: currentColumns(contract) }
    const [extract, ...deltas] = batches
    const steps: Step[] = []
    if (!this.#tables.canMerge) steps.push(() => this.#tables.replace(current, this.foldPlan(table, batches)))
    else if (form === 'merge') steps.push(...this.#mergeSteps(table, added))
    else if (extract !== undefined) {
      steps.push(() => this.#tables.replace(current, this.#extractPlan(contract, extract)))
      if (deltas.length > 0) steps.push(...this.#touchedSteps(contract, deltas), ...this.#mergeSteps(table, deltas))
    }
    return this.#make(name, steps, () => this.#count(name))
  }

  /** Write the rows that inputs touch over the table, as they are after them. */
  #mergeSteps(table: JobTable, inputs: readonly Batch[]): readonly Step[] {
    const { contract } = table
    const { name, key } = contract
    const columns = currentColumns(contract)
    return [
      () => this.#tables.makeStep(afterOf(name), this.#mergePlan(table, inputs)),
      () => this.#tables.merge({ name, columns }, keysOf(name), key, scan('after', afterOf(name), columns)),
    ]
  }

  /** The days of UTC in which the instants of some rows are. */
  async #daysOf(rows: Relation, instant: Expression): Promise<readonly number[]> {
    const dated: Relation = { op: 'project', name: 'dated', of: rows, columns: [['day', cast(instant, 'date')]] }
    const known: Relation = { op: 'filter', name: 'known_days', of: dated, where: not(isNull(column('day'))) }
    const days: Relation = { op: 'group', name: 'days', of: known, keys: ['day'], figures: [] }
    const found: number[] = []
    const { connection } = this.#tables
    const query = renderQuery(days, connection.dialect)
    for await (const { columns } of connection.query(query, { day: date() })) {
      const day = columns.get('day')
      if (day?.kind === 'date') found.push(...day.values)
    }
    return found
  }

  async #cellsOf(plan: RollupPlan, rows: Relation, options: OptionValues): Promise<Relation> {
    const days = await this.#daysOf(rows, plan.instant(options))
    return plan.cells(rows, monthsOfDays(plan.timeZone(options), days), options)
  }

  /** Makes the cells of a rollup, of the whole table or by the rows that the fold of this version changed. */
  async rollUp(name: string, form: RollupForm, contract: TableContract, options: OptionValues): Promise<Frame | null> {
    const plan = Object.hasOwn(this.#plans, name) ? this.#plans[name] : undefined
    if (plan === undefined) return null
    const rows = scan('rows', contract.name, currentColumns(contract))
    const build = async (): Promise<void> => {
      await this.#tables.replace({ name, columns: plan.columns }, await this.#cellsOf(plan, rows, options))
    }
    const isMade = form === 'build' || !this.#tables.canMerge
    const steps = isMade ? [build] : this.#changeSteps(name, plan, contract, options)
    const cells = scan('cells', name, plan.columns)
    return this.#make(name, steps, () => this.#frame(cells, this.#cellContract(name, plan), plan.columns))
  }

  #cellContract(name: string, { columns, keys }: RollupPlan): TableContract {
    return { name, columns, key: keys, unknownColumns: 'freeze' }
  }

  /** Add the cells of the rows after the fold, and take away those of the rows before it. */
  #changeSteps(name: string, plan: RollupPlan, { name: table, ...contract }: TableContract, options: OptionValues) {
    const columns = currentColumns({ name: table, ...contract })
    const measures = Object.keys(plan.columns).filter((each) => !plan.keys.includes(each))
    const [gained, lost, next] = [`_gained_${name}`, `_lost_${name}`, `_next_${name}`]
    const count = async (step: string, rows: string): Promise<void> => {
      await this.#tables.makeStep(step, await this.#cellsOf(plan, scan('rows', rows, columns), options))
    }
    const negated: Relation = {
      ...{ op: 'project', name: 'negated', of: scan('lost', lost, plan.columns) },
      columns: [...pass(plan.keys), ...measures.map((each) => [each, compare(integer(0), '-', column(each))] as const)],
    }
    const changed: Relation = {
      op: 'union all',
      name: 'changed',
      first: scan('gained', gained, plan.columns),
      second: negated,
    }
    const all: Relation = {
      op: 'union all',
      name: 'all_cells',
      first: scan('cells', name, plan.columns),
      second: changed,
    }
    const figures: Projection = measures.map((each) => [each, sum(column(each))])
    const added: Relation = { op: 'group', name: 'added', of: all, keys: plan.keys, figures }
    // a cell that counts nothing any more is no cell of a rollup that is made anew
    const isNothing = and(...measures.map((each) => compare(column(each), '=', integer(0))))
    const held: Relation = { op: 'filter', name: 'held', of: added, where: not(isNothing) }
    const steps: readonly Step[] = [
      () => count(gained, afterOf(table)),
      () => count(lost, beforeOf(table)),
      () => this.#tables.makeStep(next, held),
      () => this.#tables.replace({ name, columns: plan.columns }, scan('next', next, plan.columns)),
      () => this.#tables.dropSteps([gained, lost, next]),
    ]
    return steps
  }

  /** All rows of a table, in its order. */
  async loadTable(contract: TableContract): Promise<Frame> {
    return this.#inOrder(contract, contract.name)
  }

  /** Drops what only the version that ends needed. */
  dropSteps(tables: Iterable<string>): Promise<void> {
    return this.#tables.dropSteps(
      [...tables].flatMap((table) => [keysOf, beforeOf, afterOf].map((step) => step(table))),
    )
  }

  /** Whether a table has the very rows that a plan gives. Nothing is written. */
  async #isSame(table: string, plan: Relation, columns: readonly string[]): Promise<boolean> {
    const { dialect } = this.#tables.connection
    const names = columns.map((each) => quoted('name', each, dialect)).join(', ')
    const held = `SELECT ${names} FROM ${quoted('table', table, dialect)}`
    const made = `SELECT ${names} FROM (${renderQuery(plan, dialect)}) AS made`
    const isEmpty = async (one: string, other: string): Promise<boolean> => {
      const query = `SELECT COUNT(*) AS ${quoted('name', 'rows', dialect)} FROM (${one} EXCEPT ALL ${other}) AS difference`
      const [found] = await this.#tables.ask(table, query, { rows: int64() })
      return found?.columns.get('rows')?.at(0) === 0n
    }
    return (await isEmpty(held, made)) && (await isEmpty(made, held))
  }

  /** Whether a table is what its inputs make. */
  isIntact(table: JobTable, batches: readonly Batch[]): Promise<boolean> {
    const { contract } = table
    return this.#isSame(contract.name, this.foldPlan(table, batches), Object.keys(currentColumns(contract)))
  }

  /** Whether the cells of a rollup are what its table makes. */
  async isRollupIntact(
    name: string,
    plan: RollupPlan,
    contract: TableContract,
    options: OptionValues,
  ): Promise<boolean> {
    const cells = await this.#cellsOf(plan, scan('rows', contract.name, currentColumns(contract)), options)
    return this.#isSame(name, cells, Object.keys(plan.columns))
  }
}
