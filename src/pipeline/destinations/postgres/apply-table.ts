/**
 * The rows of one table, or of one day of it: the changes of one commit, or all differences to it, applied inside a transaction.
 * @module
 */
import type { Statements } from '../../../connect/postgres/database.ts'
import { PipelineError } from '../../../errors.ts'
import { columnOf, type Frame, frameOf } from '../../../table/frame.ts'
import { ACTION_COLUMN, diffFrames } from '../../../transform/delta/diff-frames.ts'
import type { DeliveredDay, DeliveredDays, DeliveredRows, DeliveredTable } from '../destination.ts'
import { copyRows } from './copy-rows.ts'
import { columnsSql, DAY_COLUMN, dateText, namesSql, quoteName, type TableLayout } from './table-layout.ts'

/** The temporary table that new rows are copied into. */
const NEW = 'pg_temp.support_etl_rows'
/** Its column with the action of each change. Where a table has such a column itself, its differences are applied instead. */
const ACTION = 'support_etl_action'
/** From this many rows on, the table is analyzed, so that the planner knows its size. */
const MANY = 1000

/** The database does not have the rows of the commit before: somebody changed them, and a reload puts them right. */
export class UnexpectedRows extends Error {}

/** Rows of the database that are made to be those of a commit: all of a table, or those of one day of a partitioned one. */
export interface Target {
  /** The table as SQL writes it. */
  readonly table: string
  readonly layout: TableLayout
  /** `2025-03-01`; null for all rows. */
  readonly day: string | null
}

/** Copies rows into the temporary table, some at a time, does the work, and removes it. */
async function withNewRows<Result>(
  transaction: Statements,
  { layout, day }: Target,
  {
    frames,
    actions,
  }: { readonly frames: AsyncIterable<Frame> | readonly Frame[]; readonly actions?: readonly string[] },
  work: () => Promise<Result>,
): Promise<Result> {
  const action = actions === undefined ? '' : `, ${quoteName(ACTION)} text`
  await transaction.query(`CREATE TEMPORARY TABLE support_etl_rows (${columnsSql(layout)}${action}) ON COMMIT DROP`)
  const extra = actions === undefined ? [] : [(row: number) => actions[row] as string]
  let copied = 0
  for await (const frame of frames) {
    if (frame.rows > 0) await transaction.copyIn(NEW, copyRows(frame, layout, { day, extra, before: copied }))
    copied += frame.rows
  }
  if (copied > MANY) await transaction.query(`ANALYZE ${NEW}`)
  const result = await work()
  await transaction.query(`DROP TABLE ${NEW}`)
  return result
}

interface TableSql {
  /** A condition for the rows of the target; true where it is the whole table. `$1` is the day. */
  readonly within: string
  /** The value of `$1`, where the condition has one. */
  readonly scope: readonly string[]
  readonly names: readonly string[]
  readonly values: readonly string[]
  /** `o."id" = n."id"` for each column of the key. */
  readonly sameKey: string
  /** `"name" = n."name"` for each other column. */
  readonly assignments: string
}

function sqlOf({ layout: { columns, key }, day }: Target): TableSql {
  const names = columns.map(({ name }) => name)
  const values = names.filter((name) => !key.includes(name))
  return {
    within: day === null ? 'true' : `${quoteName(DAY_COLUMN)} = $1::date`,
    scope: day === null ? [] : [day],
    names,
    values,
    sameKey: key.map((name) => `o.${quoteName(name)} = n.${quoteName(name)}`).join(' AND '),
    assignments: values.map((name) => `${quoteName(name)} = n.${quoteName(name)}`).join(', '),
  }
}

/** How many rows of the database a delivery removed, updated and added. */
export interface ChangedRows {
  readonly removed: number
  readonly updated: number
  readonly added: number
}

/**
 * Makes the target hold the delivered rows by removing, updating and adding those that differ; rows that are equal are not
 * touched. Without a key, equal rows are counted: as many of them stay as are delivered. The rows are copied some at a time: the
 * memory is that of a group, and the database compares them.
 */
export async function applyDifferences(
  transaction: Statements,
  target: Target,
  delivered: Pick<DeliveredRows, 'groups'>,
): Promise<ChangedRows> {
  const { table, layout } = target
  const { within, scope, names, values, sameKey, assignments } = sqlOf(target)
  const list = namesSql(names)
  const changed = async (text: string, given = scope): Promise<number> => (await transaction.query(text, given)).count
  return withNewRows(transaction, target, { frames: delivered.groups() }, async () => {
    if (layout.key.length === 0) {
      const removed = await changed(
        `DELETE FROM ${table} WHERE ctid IN (
          SELECT place FROM (
            SELECT place, row_number() OVER (PARTITION BY ${list} ORDER BY place NULLS LAST) AS number,
              count(*) FILTER (WHERE place IS NULL) OVER (PARTITION BY ${list}) AS kept
            FROM (SELECT ctid AS place, ${list} FROM ${table} WHERE ${within} UNION ALL SELECT NULL::tid, ${list} FROM ${NEW}) AS both_sides
          ) AS numbered WHERE place IS NOT NULL AND number > kept)`,
      )
      const added = await changed(
        `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${NEW} EXCEPT ALL SELECT ${list} FROM ${table} WHERE ${within}`,
      )
      return { removed, updated: 0, added }
    }
    const removed = await changed(
      `DELETE FROM ${table} AS o WHERE ${within} AND NOT EXISTS (SELECT FROM ${NEW} AS n WHERE ${sameKey})`,
    )
    const updated =
      values.length === 0
        ? 0
        : await changed(
            `UPDATE ${table} AS o SET ${assignments} FROM ${NEW} AS n
              WHERE ${sameKey} AND (${namesSql(values, 'o.')}) IS DISTINCT FROM (${namesSql(values, 'n.')})`,
            [],
          )
    const added = await changed(
      `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${NEW} AS n
        WHERE NOT EXISTS (SELECT FROM ${table} AS o WHERE ${sameKey})`,
      [],
    )
    return { removed, updated, added }
  })
}

/** Returns the changes from one frame to the other, in the columns of the contract, and their actions. */
function changesBetween(
  before: Frame,
  after: Frame,
  { columns, key, hasDays }: TableLayout,
): { readonly frame: Frame; readonly actions: readonly string[] } {
  // both are of one day, and do not say which
  const names = columns.slice(hasDays ? 1 : 0).map(({ name }) => name)
  // by number: names such as `action` would be taken for what they are not
  const numbered = (frame: Frame): Frame =>
    frameOf(
      names.map((name, at) => [`c${at}`, columnOf(frame, name)] as const),
      frame.rows,
    )
  const numbers = key.slice(hasDays ? 1 : 0).map((name) => `c${names.indexOf(name)}`)
  const delta = diffFrames(numbered(before), numbered(after), numbers)
  const actions = Array.from(columnOf(delta, ACTION_COLUMN), String)
  const changed = names.map((name, at) => [name, columnOf(delta, `c${at}`)] as const)
  return { frame: frameOf(changed, delta.rows), actions }
}

/**
 * Applies what changed from one commit to the next: by key, only the rows that differ.
 * @throws UnexpectedRows - the table does not have the rows that are updated or removed
 */
async function applyChanges(
  transaction: Statements,
  target: Target,
  { before, after }: { readonly before: Frame; readonly after: Frame },
): Promise<number> {
  const { table, layout } = target
  const changes = changesBetween(before, after, layout)
  if (changes.frame.rows === 0) return 0
  const { names, sameKey, assignments } = sqlOf(target)
  const list = namesSql(names)
  const copied = { frames: [changes.frame], actions: changes.actions }
  return withNewRows(transaction, target, copied, async () => {
    const isAction = (action: string): string => `n.${quoteName(ACTION)} = '${action}'`
    const statements: readonly [action: string, text: string][] = [
      ['delete', `DELETE FROM ${table} AS o USING ${NEW} AS n WHERE ${isAction('delete')} AND ${sameKey}`],
      ['update', `UPDATE ${table} AS o SET ${assignments} FROM ${NEW} AS n WHERE ${isAction('update')} AND ${sameKey}`],
      ['add', `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${NEW} AS n WHERE ${isAction('add')}`],
    ]
    for (const [action, text] of statements) {
      const expected = changes.actions.filter((found) => found === action).length
      if (expected > 0 && (await transaction.query(text)).count !== expected) throw new UnexpectedRows()
    }
    return changes.frame.rows
  })
}

/** Returns how many rows a delivery changed. */
export function countChanged({ removed, updated, added }: ChangedRows): number {
  return removed + updated + added
}

/**
 * Applies a commit to one day of a table that has the rows of the commit before. The whole day is copied, some rows at a time,
 * because its two versions may not fit in memory. Returns the number of changed rows.
 * @throws UnexpectedRows - the day had more or fewer rows than in the commit before
 */
export async function applyNextDay(
  transaction: Statements,
  target: Target,
  delivered: Pick<DeliveredDay, 'rows' | 'rowsBefore' | 'groups'>,
): Promise<number> {
  const { rows, rowsBefore } = delivered
  const changed = await applyDifferences(transaction, target, delivered)
  const held = rows - changed.added + changed.removed
  if (rowsBefore !== null && held !== rowsBefore) throw new UnexpectedRows()
  return countChanged(changed)
}

/** Applies a commit to a whole table that has the rows of the commit before. Returns the number of changed rows. */
export async function applyNextTable(
  transaction: Statements,
  target: Target,
  delivered: DeliveredTable,
): Promise<number> {
  const before = target.layout.key.length === 0 ? null : ((await delivered.loadBefore?.()) ?? null)
  if (before === null) return countChanged(await applyDifferences(transaction, target, delivered))
  const after = await delivered.load()
  try {
    return await applyChanges(transaction, target, { before, after })
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code !== 'destination_refused') throw error
    // it names a row of the changes: the same value is refused again, as a row of the table
    for (const _ of copyRows(after, target.layout, target));
    throw error
  }
}

/** Removes the rows of days that a partitioned table does not have. Returns how many there were. */
export async function removeOtherDays(
  transaction: Statements,
  table: string,
  { days }: Pick<DeliveredDays, 'days'>,
): Promise<number> {
  const { count } = await transaction.query(
    `DELETE FROM ${table} AS o WHERE NOT EXISTS (
      SELECT FROM pg_catalog.json_array_elements_text($1::json) AS n(day) WHERE n.day::date = o.${quoteName(DAY_COLUMN)})`,
    [JSON.stringify(days.map(({ day }) => dateText(day)))],
  )
  return count
}
