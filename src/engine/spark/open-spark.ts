/**
 * A Spark cluster as an engine.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { EngineError } from '../../errors.ts'
import type { ContractKind } from '../../table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../table/frame.ts'
import { countUp, takeRows } from '../../table/take.ts'
import { buildRows, type DriverCell } from '../build-rows.ts'
import type { EngineConnection, RowColumns } from '../connection.ts'
import type { Dialect } from '../dialect.ts'
import { dialectOf } from '../dialects.ts'
import { quoted } from '../render.ts'
import { connectSpark, type SparkConnection, type SparkOptions } from './connect-spark.ts'
import { quoteName } from './sent-rows.ts'

/** Rows that are sent at once: they go through the memory of the driver. */
const SENT_ROWS = 100_000

/** A column as Spark sends it without a zone, as numbers. */
function selected(name: string, kind: ContractKind): string {
  const column = quoteName(name)
  if (kind === 'timestamp') return `unix_micros(CAST(${column} AS TIMESTAMP)) AS ${column}`
  return kind === 'date' ? `unix_date(${column}) AS ${column}` : column
}

/** The rows of a frame under these columns alone. */
function sentColumns(table: string, rows: Frame, columns: RowColumns): Frame {
  return frameOf(
    Object.keys(columns).map((name) => {
      const column = columnOf(rows, name)
      if (column.kind === 'opaque')
        throw new EngineError('engine_cannot', `table ${table}: column "${name}" is of a kind that no engine has`)
      return [name, column] as const
    }),
    rows.rows,
  )
}

/** Rows that a statement can hold by itself: sending them as a table takes two statements more. */
const FEW_ROWS = 8

/** Longer statements are not parsed faster than tables are sent. */
const MANY_CHARACTERS = 500_000

/** A few rows of text and whole numbers as a query; null where they are of other kinds, or many. */
function fewRows(rows: Frame, columns: RowColumns, dialect: Dialect): string | null {
  const named = Object.entries(columns)
  const isPlain = named.every(([, { kind }]) => kind === 'text' || kind === 'int32' || kind === 'int64')
  if (!isPlain || rows.rows === 0 || rows.rows > FEW_ROWS) return null
  const selects = Array.from({ length: rows.rows }, (_, row) => {
    const cells = named.map(([name, { kind }]) => {
      const cell = columnOf(rows, name).at(row) ?? null
      const value = kind === 'text' && cell !== null ? quoted('text', String(cell), dialect) : String(cell ?? 'NULL')
      return `CAST(${value} AS ${dialect.types[kind]}) AS ${quoted('name', name, dialect)}`
    })
    return `SELECT ${cells.join(', ')}`
  })
  const query = selects.join(' UNION ALL ')
  return query.length > MANY_CHARACTERS ? null : query
}

/** Returns the connection over a session. Closing it closes the session. The dialect may say where tables are. */
export function sparkConnection(spark: SparkConnection, dialect: Dialect = dialectOf('spark')): EngineConnection {
  // one view for all that is sent: the rows before are forgotten
  const view = `sent_${randomUUID().replaceAll('-', '')}`
  return {
    ...{ dialect, location: 'the Spark cluster', atomicity: 'statement' },
    exec: (statement) => spark.exec(statement),
    async *query(statement, columns) {
      const named = Object.entries(columns)
      const select = named.map(([name, { kind }]) => selected(name, kind)).join(', ')
      const aliases = named.map(([name]) => quoteName(name)).join(', ')
      const answers = spark.query(`SELECT ${select} FROM (${statement}) AS found (${aliases})`, undefined, {
        as: 'arrow',
      })
      for await (const table of answers) {
        if (table.numRows === 0) continue
        const cells = named.map(([name]) => Array.from(table.getChild(name) ?? []) as DriverCell[])
        yield buildRows(cells, columns, table.numRows)
      }
    },
    async append(table, rows, columns) {
      const sent = sentColumns(table, rows, columns)
      const few = fewRows(sent, columns, dialect)
      if (few !== null) return spark.exec(`INSERT INTO ${quoted('table', table, dialect)} ${few}`)
      const select = Object.entries(columns)
        .map(([name, { kind }]) => `CAST(${quoteName(name)} AS ${dialect.types[kind]})`)
        .join(', ')
      for (let from = 0; from < sent.rows; from += SENT_ROWS) {
        const piece = takeRows(sent, countUp(Math.min(SENT_ROWS, sent.rows - from), from))
        await spark.createView(view, piece)
        await spark.exec(`INSERT INTO ${quoted('table', table, dialect)} SELECT ${select} FROM ${view}`)
      }
    },
    close: () => spark.close(),
  }
}

/**
 * Opens a session on a Spark cluster as an engine. Each statement is one step: a table in a format with snapshots, such as
 * Iceberg, has all of its rows or none.
 *
 * @throws ConnectError, EngineError, ContractError - as of `connectSpark`
 * @example
 * import { openSpark } from 'support-etl/engine'
 *
 * await openSpark('spark://cluster:7077') // throws path_invalid
 */
export async function openSpark(url: string, options: SparkOptions = {}): Promise<EngineConnection> {
  return sparkConnection(await connectSpark(url, options))
}
