/**
 * The delivery of one commit to a database, in one transaction: the log is the truth, and the database follows it.
 * @module
 */
import type { Database, Statements } from '../../../connect/postgres/database.ts'
import { sqlState } from '../../../connect/postgres/statement-error.ts'
import { ConnectError, PipelineError } from '../../../errors.ts'
import type { Effects } from '../../effects.ts'
import { DeliveryProgress } from '../delivery-progress.ts'
import type { DeliveredDays, DeliveredRows, DeliveredTable, DeliveredVersion, Delivery } from '../destination.ts'
import {
  applyDifferences,
  applyNextDay,
  applyNextTable,
  countChanged,
  removeOtherDays,
  UnexpectedRows,
} from './apply-table.ts'
import { addForeignKeys, checkForeignKeys, dropForeignKeysTo } from './foreign-keys.ts'
import {
  ensurePlaceRow,
  findRelations,
  type PlaceRow,
  qualified,
  readPlaceRow,
  refuseTaken,
  writePlaceRow,
} from './place-row.ts'
import {
  createIndexesSql,
  createTableSql,
  type DetailsByTable,
  dateText,
  layoutOf,
  type TableLayout,
} from './table-layout.ts'

/** Where the tables are, and what they have beside their contracts. */
export interface DeliveryTarget {
  /** The destination's, for progress. */
  readonly name: string
  readonly schema: string
  readonly details: DetailsByTable
}

/** A table of the version and what it is in the database. */
interface Planned {
  readonly delivered: DeliveredTable | DeliveredDays
  readonly layout: TableLayout
  /** As SQL writes it. */
  readonly table: string
}

/** A transaction that waits for another one, or lies open, ends after these milliseconds. */
const SETTINGS = [
  'SET LOCAL lock_timeout = 60000',
  'SET LOCAL idle_in_transaction_session_timeout = 600000',
  // what COPY reads means the same whatever the server is set to
  "SET LOCAL DateStyle = 'ISO, YMD'",
]

const NOTHING: Delivery = { status: 'current', rows: {} }

function layoutsOf(planned: readonly Planned[]): Readonly<Record<string, string>> {
  return Object.fromEntries(planned.map(({ layout }) => [layout.name, layout.text]))
}

function isSameLayouts(found: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(wanted)
  return names.length === Object.keys(found).length && names.every((name) => found[name] === wanted[name])
}

/** Whether the row says that all rows of the version are there, and the tables are. */
async function isCurrent(
  statements: Statements,
  schema: string,
  { row, version, planned }: { row: PlaceRow | null; version: DeliveredVersion; planned: readonly Planned[] },
): Promise<boolean> {
  if (row === null || row.place !== version.place || row.hash !== version.hash) return false
  const wanted = layoutsOf(planned)
  if (!isSameLayouts(row.tables, wanted)) return false
  const names = Object.keys(wanted)
  return (await findRelations(statements, schema, names)).size === names.length
}

async function dropTable(transaction: Statements, table: string, name: string): Promise<void> {
  try {
    await transaction.query(`DROP TABLE IF EXISTS ${table}`)
  } catch (error) {
    if (!(error instanceof ConnectError) || sqlState(error) !== '2BP01') throw error
    const dependents = String(error.details.dependents ?? 'another object depends on it').replaceAll('\n', '; ')
    throw new PipelineError(
      'destination_refused',
      `table "${name}" has another contract now, or is not delivered any more, and cannot be replaced: ${dependents}. Drop what depends on it, run again, and create it again`,
      { details: { table: name, dependents } },
    )
  }
}

/** Removes tables that are ours and not wanted as they are, and creates those that are not there. */
async function prepareTables(
  transaction: Statements,
  schema: string,
  row: PlaceRow,
  planned: readonly Planned[],
): Promise<void> {
  const wanted = layoutsOf(planned)
  for (const [name, layout] of Object.entries(row.tables)) {
    if (wanted[name] === layout) continue
    await dropForeignKeysTo(transaction, schema, row, name)
    await dropTable(transaction, qualified(schema, name), name)
  }
  const names = Object.keys(wanted)
  const found = await findRelations(transaction, schema, names)
  for (const { layout, table } of planned) {
    if (!found.has(layout.name)) {
      const statements = [...createTableSql(table, layout), ...createIndexesSql(table, layout)]
      for (const statement of statements) await transaction.query(statement)
    } else if (row.tables[layout.name] === undefined) {
      throw new PipelineError(
        'destination_taken',
        `schema ${schema} of the database has a table or view "${layout.name}" that no run created; nothing was changed. Use another schema, or rename it`,
        { details: { schema, table: layout.name } },
      )
    }
  }
}

type How = 'changes' | 'reload'

/** Whether rows are written: after the commit before, only those that it changed. */
const isWritten = (how: How, { isSame }: DeliveredRows): boolean => how === 'reload' || !isSame

/** Makes the days of a table, one after the other, those of the commit. Returns the number of changed rows. */
async function applyDays(
  transaction: Statements,
  delivered: DeliveredDays,
  { layout, table }: Planned,
  { how, progress }: { readonly how: How; readonly progress: DeliveryProgress },
): Promise<number> {
  const losesDays = how === 'reload' || delivered.losesDays
  let count = losesDays ? await removeOtherDays(transaction, table, delivered) : 0
  const days = delivered.days.filter((day) => isWritten(how, day))
  for (const [at, day] of days.entries()) {
    const target = { table, layout, day: dateText(day.day) }
    const rows = progress.day(day, layout.name, { number: at + 1, of: days.length })
    if (how === 'changes') count += await applyNextDay(transaction, target, rows)
    else count += countChanged(await applyDifferences(transaction, target, rows))
  }
  return count
}

/** Makes a table hold the rows of the commit. Returns the number of changed rows. */
async function applyRows(
  transaction: Statements,
  planned: Planned,
  doing: { readonly how: How; readonly progress: DeliveryProgress },
): Promise<number> {
  const { delivered, layout, table } = planned
  if (delivered.kind === 'days') return applyDays(transaction, delivered, planned, doing)
  if (!isWritten(doing.how, delivered)) return 0
  const target = { table, layout, day: null }
  const rows = doing.progress.table(delivered)
  if (doing.how === 'changes') return applyNextTable(transaction, target, rows)
  return countChanged(await applyDifferences(transaction, target, rows))
}

/** What a delivery is done with. */
interface Delivering {
  readonly database: Database
  readonly target: DeliveryTarget
  readonly version: DeliveredVersion
  readonly planned: readonly Planned[]
  readonly onProgress: Effects['onProgress']
}

/** Applies the version in one transaction. */
async function applyVersion(
  { database, target: { name, schema }, version, planned, onProgress }: Delivering,
  allowed: How,
): Promise<Delivery> {
  return database.transaction(async (transaction) => {
    for (const setting of SETTINGS) await transaction.query(setting)
    await ensurePlaceRow(transaction, schema, version.place)
    const row = await readPlaceRow(transaction, schema, 'locked')
    if (row === null) throw new Error('the row that was made is not there')
    refuseTaken(row, version.place, schema)
    // whoever waited for the row may have waited for the delivery of a later commit
    if (!(await version.isLast())) return { status: 'superseded', rows: {} }
    if (await isCurrent(transaction, schema, { row, version, planned })) return NOTHING
    const isNext =
      row.place === version.place && row.hash === version.parent && isSameLayouts(row.tables, layoutsOf(planned))
    const status: How = isNext ? allowed : 'reload'
    if (status === 'reload') await prepareTables(transaction, schema, row, planned)
    const rows: [string, number][] = []
    const progress = new DeliveryProgress(name, version, (one) => isWritten(status, one), onProgress)
    for (const one of planned) {
      const count = await applyRows(transaction, one, { how: status, progress })
      if (count > 0) rows.push([one.layout.name, count])
    }
    const layouts = planned.map(({ layout }) => layout)
    if (status === 'reload') await addForeignKeys(transaction, schema, layouts)
    await checkForeignKeys(transaction, layouts)
    await writePlaceRow(transaction, schema, version, layoutsOf(planned))
    return { status, rows: Object.fromEntries(rows) }
  })
}

/** Whether a reload may succeed where the changes failed: the tables are not those of the commit before. */
function isHealedByReload(error: unknown): boolean {
  if (error instanceof UnexpectedRows) return true
  return error instanceof ConnectError && !error.isTransient && sqlState(error) !== null
}

/**
 * Makes the tables of a schema hold the rows of the version. At the commit before, what it changed is applied; at the version,
 * nothing is done; anywhere else every table is compared with it. All in one transaction, which locks the row that says which
 * commit is there: readers see one commit or the other.
 *
 * @throws PipelineError destination_taken - the schema has rows of another place, or tables that no run created
 * @throws PipelineError destination_refused - a name or value cannot be stored, or a view depends on a table that changes
 * @throws ConnectError - the connection broke, or the database refuses; then the version is there whole, or not at all
 */
export async function deliverCommit(
  database: Database,
  target: DeliveryTarget,
  version: DeliveredVersion,
  onProgress: Effects['onProgress'],
): Promise<Delivery> {
  const { schema, details } = target
  const contracts = version.tables.map(({ contract }) => contract)
  const planned = version.tables.map((delivered) => {
    const layout = layoutOf(delivered.contract, {
      rows: delivered.kind,
      details: details[delivered.name],
      delivered: contracts,
    })
    return { delivered, layout, table: qualified(schema, layout.name) }
  })
  const row = await readPlaceRow(database, schema)
  refuseTaken(row, version.place, schema)
  if (await isCurrent(database, schema, { row, version, planned })) return NOTHING
  const delivering = { database, target, version, planned, onProgress }
  try {
    return await applyVersion(delivering, 'changes')
  } catch (error) {
    if (!isHealedByReload(error)) throw error
    return applyVersion(delivering, 'reload')
  }
}
