/**
 * The tables of one version of a place in Spark: branches of tables of Iceberg, or tables that are made anew.
 * @module
 */
import { ConnectError, EngineError } from '../../errors.ts'
import type { Frame } from '../../table/frame.ts'
import type { EngineConnection, RowColumns } from '../connection.ts'
import { dialectOf } from '../dialects.ts'
import { column, type Expression, not, when } from '../expression.ts'
import type { Relation } from '../relation.ts'
import {
  quoted,
  renderCreate,
  renderDelete,
  renderInsert,
  renderOverwrite,
  renderQuery,
  renderRemove,
  renderSet,
} from '../render.ts'
import type { SparkConnection } from '../spark/connect-spark.ts'
import { sparkConnection } from '../spark/open-spark.ts'
import type { Head, HeldTable, VersionForm } from './spark-head.ts'
import { dialectAt, framesOf, heldAt, placeIn } from './spark-names.ts'
import type { VersionTable, VersionTables } from './versions.ts'

const layoutOf = ({ columns }: VersionTable): string =>
  Object.entries(columns)
    .map(([name, { kind }]) => `${name} ${kind}`)
    .join(', ')

/** All columns of a table. */
const scanOf = ({ name, columns }: VersionTable): Relation => {
  return { op: 'scan', name: 'held_rows', table: name, columns: Object.keys(columns) }
}

/** What is made of a table in the place of it. */
type Rewritten = (held: Relation) => Relation

/** The tables of a version: of one that is committed, or of one that a run makes from it. */
export class SparkTables implements VersionTables {
  readonly connection: EngineConnection
  readonly canMerge: boolean
  readonly #at: readonly string[]
  readonly #form: VersionForm
  /** Null for a version that is committed. */
  readonly #version: string | null
  readonly #held: Map<string, HeldTable>
  /** The snapshot of each table that the version begins with. */
  readonly #snapshots: ReadonlyMap<string, bigint>
  /** Tables that this version has written. */
  readonly #own = new Set<string>()
  readonly #steps = new Set<string>()
  /** What was asked about each table, and the answers. */
  readonly #answers = new Map<string, Map<string, Promise<readonly Frame[]>>>()
  #copies = 0

  constructor(
    spark: SparkConnection,
    {
      at,
      head,
      version,
      snapshots,
    }: {
      readonly at: readonly string[]
      readonly head: Head
      readonly version: string | null
      readonly snapshots: ReadonlyMap<string, bigint>
    },
  ) {
    this.#at = at
    this.#form = head.form
    this.#version = version
    this.#held = new Map(Object.entries(head.tables))
    this.#snapshots = snapshots
    this.canMerge = head.form === 'branches'
    const placeOf = (name: string): readonly string[] | null => {
      if (this.#steps.has(name)) return [`${name}__${version}`]
      const held = this.#held.get(name)
      return held === undefined ? null : heldAt(held, head.form)
    }
    this.connection = sparkConnection(spark, dialectAt(at, placeOf))
  }

  /** Its tables, as the head names them. */
  get held(): Head['tables'] {
    return Object.fromEntries(this.#held)
  }

  /** Those that this version has written. */
  get written(): readonly HeldTable[] {
    return [...this.#own].flatMap((name) => this.#held.get(name) ?? [])
  }

  get steps(): Iterable<string> {
    return this.#steps
  }

  #exec(statement: string): Promise<void> {
    return this.connection.exec(statement)
  }

  /** The version that is made. */
  get #made(): string {
    if (this.#version !== null) return this.#version
    throw new EngineError('engine_cannot', 'a version that is committed is not written to')
  }

  /** A table as the engine names it, without a branch. */
  #place(table: string): string {
    return placeIn(this.#at, table)
  }

  /** A branch of the version's own, which begins where the table stands. */
  async #branch(name: string): Promise<void> {
    const held = this.#held.get(name)
    if (held === undefined) throw new EngineError('engine_cannot', `the place has no table ${name}`)
    if (this.#own.has(name)) return
    const snapshot = this.#snapshots.get(name)
    if (snapshot === undefined) throw new ConnectError('not_found', `table ${held.table} has no branch ${held.ref}`)
    const branch = quoted('name', this.#made, this.connection.dialect)
    await this.#exec(`ALTER TABLE ${this.#place(held.table)} CREATE BRANCH ${branch} AS OF VERSION ${snapshot}`)
    this.#held.set(name, { ...held, ref: this.#made })
    this.#own.add(name)
  }

  /** An empty table with a branch of the version's own. */
  async #createBranched(table: VersionTable, isNameTaken: boolean): Promise<void> {
    const ref = this.#made
    const held = { table: isNameTaken ? `${table.name}_${ref}` : table.name, ref, layout: layoutOf(table) }
    const kinds = Object.entries(table.columns).map(([each, { kind }]) => [each, kind] as const)
    const plain = dialectAt(this.#at, () => [held.table])
    const statement = renderCreate(table.name, kinds, plain)
    await this.#exec(`${statement.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS')} USING iceberg`)
    await this.#exec(`ALTER TABLE ${this.#place(held.table)} CREATE BRANCH ${quoted('name', ref, plain)}`)
    this.#held.set(table.name, held)
    this.#own.add(table.name)
  }

  /** A table that is made of a plan under a name of its own; one that this version made before is dropped. */
  async #copy(table: VersionTable, plan: Relation): Promise<void> {
    this.#copies += 1
    const held = { table: `${table.name}__${this.#made}_${this.#copies}`, ref: this.#made, layout: layoutOf(table) }
    const { dialect } = this.connection
    await this.#exec(dialect.createTable(this.#place(held.table), renderQuery(plan, dialect)))
    const former = this.#held.get(table.name)
    this.#held.set(table.name, held)
    if (former !== undefined && this.#own.has(table.name)) await this.#exec(`DROP TABLE ${this.#place(former.table)}`)
    this.#own.add(table.name)
  }

  async create(table: VersionTable): Promise<void> {
    if (this.#held.has(table.name)) return
    if (this.#form === 'branches') return this.#createBranched(table, false)
    const held = { table: `${table.name}__${this.#made}`, ref: this.#made, layout: layoutOf(table) }
    this.#held.set(table.name, held)
    this.#own.add(table.name)
    const kinds = Object.entries(table.columns).map(([each, { kind }]) => [each, kind] as const)
    await this.#exec(renderCreate(table.name, kinds, this.connection.dialect))
  }

  async replace(table: VersionTable, plan: Relation): Promise<void> {
    this.#answers.delete(table.name)
    if (this.#form === 'copies') return this.#copy(table, plan)
    const held = this.#held.get(table.name)
    if (held === undefined) await this.#createBranched(table, false)
    else if (held.layout !== layoutOf(table)) await this.#createBranched(table, true)
    else await this.#branch(table.name)
    await this.#exec(renderOverwrite(table.name, plan, this.connection.dialect))
  }

  async makeStep(name: string, plan: Relation): Promise<void> {
    const place = this.#place(`${name}__${this.#made}`)
    if (this.#steps.has(name)) await this.#exec(`DROP TABLE ${place}`)
    await this.#exec(dialectOf('spark').createTable(place, renderQuery(plan, this.connection.dialect)))
    this.#steps.add(name)
  }

  async dropSteps(names: Iterable<string>): Promise<void> {
    for (const name of [...names].filter((each) => this.#steps.has(each))) {
      await this.#exec(`DROP TABLE ${this.#place(`${name}__${this.#made}`)}`)
      this.#steps.delete(name)
    }
  }

  async append(table: VersionTable, rows: Frame, before = 0): Promise<void> {
    this.#answers.delete(table.name)
    if (this.#form === 'branches') await this.#branch(table.name)
    else if (!this.#own.has(table.name)) await this.#copy(table, scanOf(table))
    await this.connection.append(table.name, rows, table.columns, before)
  }

  async merge(table: VersionTable, keys: string, on: readonly string[], plan: Relation): Promise<void> {
    this.#answers.delete(table.name)
    await this.#branch(table.name)
    await this.#exec(renderDelete(table.name, keys, on, this.connection.dialect))
    await this.#exec(renderInsert(table.name, plan, this.connection.dialect))
  }

  /** Runs a statement on the branch, or copies what would be left of the table. */
  async #rewrite(table: VersionTable, statement: string, rewritten: Rewritten): Promise<void> {
    this.#answers.delete(table.name)
    if (this.#form === 'copies') return this.#copy(table, rewritten(scanOf(table)))
    await this.#branch(table.name)
    await this.#exec(statement)
  }

  async remove(table: VersionTable, where: Expression): Promise<void> {
    if (this.#form === 'branches') await this.#branch(table.name)
    const statement = renderRemove(table.name, where, this.connection.dialect)
    await this.#rewrite(table, statement, (of) => ({ op: 'filter', name: 'kept_rows', of, where: not(where) }))
  }

  async set(table: VersionTable, name: string, value: Expression, where: Expression): Promise<void> {
    if (this.#form === 'branches') await this.#branch(table.name)
    const statement = renderSet(table.name, name, value, where, this.connection.dialect)
    const columns = Object.keys(table.columns).map((each) => {
      return [each, each === name ? when(where, value, column(each)) : column(each)] as const
    })
    await this.#rewrite(table, statement, (of) => ({ op: 'project', name: 'written_rows', of, columns }))
  }

  /** Keeps answers until this version writes the table, for each of them costs a job of the cluster. */
  ask(table: string, statement: string, columns: RowColumns): Promise<readonly Frame[]> {
    const answers = this.#answers.get(table) ?? new Map<string, Promise<readonly Frame[]>>()
    this.#answers.set(table, answers)
    const known = answers.get(statement)
    if (known !== undefined) return known
    const answer = framesOf(this.connection, statement, columns)
    answers.set(statement, answer)
    answer.catch(() => answers.delete(statement))
    return answer
  }
}
