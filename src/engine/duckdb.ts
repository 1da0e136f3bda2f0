/**
 * DuckDB in this process, its tables in a file. Only this file loads it, on first use.
 * @module
 */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { type OptionNames, refuseUnknown, refuseUnless } from '../arguments.ts'
import { loadPackage } from '../connect/load-package.ts'
import { ConnectError, EngineError, PipelineError } from '../errors.ts'
import { type Column, DateColumn, TimestampColumn } from '../table/column.ts'
import type { ContractKind } from '../table/contract.ts'
import { columnOf, type Frame } from '../table/frame.ts'
import { buildRows, type DriverCell } from './build-rows.ts'
import type { EngineConnection, RowColumns } from './connection.ts'
import { dialectOf } from './dialects.ts'

const PACKAGE = '@duckdb/node-api'

/** Without it DuckDB does not say how far a statement is. Nothing is printed. */
const COUNT_ROWS = 'SET enable_progress_bar = true; SET enable_progress_bar_print = false'

/** Rows of one of DuckDB's chunks. */
const CHUNK_ROWS = 2048
/** Rows of a batch that is handed on. */
const BATCH_ROWS = 60 * CHUNK_ROWS

/** What DuckDB may use of the machine. */
export interface DuckdbSettings {
  /**
   * How much memory it uses before it writes to disk, as DuckDB writes it: `8GB`, `512MB`, `1.5GiB`. Its own default is 80 % of the
   * machine's. The process needs some more: this limits DuckDB's buffers.
   */
  readonly memoryLimit?: string
  /** The folder for what does not fit into memory; beside the file of the database, with `.tmp` behind its name, by default. */
  readonly temporaryFolder?: string
  /** Threads; as many as the machine has by default. */
  readonly threads?: number
}

/** How DuckDB is opened. */
export interface DuckdbOptions extends DuckdbSettings {
  /** The file, which is created where there is none; null for tables in memory. */
  readonly file: string | null
  /** Whether the file is only read: then several processes may have it open. */
  readonly isReadOnly?: boolean
}

const SETTINGS = { memoryLimit: true, temporaryFolder: true, threads: true } satisfies OptionNames<DuckdbSettings>
const OPTIONS = { ...SETTINGS, file: true, isReadOnly: true } satisfies OptionNames<DuckdbOptions>

/** What a limit of memory looks like, for messages. */
export const MEMORY_SIZE = 'a size with its unit, such as 8GB or 512MB'

/** Whether a text is a limit of memory: a number above zero and a unit, decimal (GB) or binary (GiB). */
export function isMemorySize(text: string): boolean {
  const [, size] = /^(\d+(?:\.\d+)?) ?[KMGT]i?B$/i.exec(text) ?? []
  return Number(size) > 0
}

function refuseUnfit({ memoryLimit, temporaryFolder, threads }: DuckdbSettings): void {
  const isLimit = memoryLimit === undefined || (typeof memoryLimit === 'string' && isMemorySize(memoryLimit))
  refuseUnless(isLimit, 'memoryLimit', memoryLimit, MEMORY_SIZE)
  const isFolder = temporaryFolder === undefined || (typeof temporaryFolder === 'string' && temporaryFolder !== '')
  refuseUnless(isFolder, 'temporaryFolder', temporaryFolder, 'the path of a folder')
  const isCount = threads === undefined || (Number.isInteger(threads) && threads > 0)
  refuseUnless(isCount, 'threads', threads, 'a whole number, 1 or more')
}

/** Checks settings before anything is opened. @throws ContractError invalid_option - one is unknown, or not fit */
export function refuseSettings(settings: DuckdbSettings): void {
  refuseUnknown(settings, SETTINGS)
  refuseUnfit(settings)
}

type Driver = typeof import('@duckdb/node-api')

async function loadDriver(): Promise<Driver> {
  const what = 'the engine duckdb'
  return loadPackage(() => import('@duckdb/node-api'), { name: PACKAGE, install: PACKAGE, what })
}

function typesOf({ VARCHAR, DOUBLE, INTEGER, BIGINT, BOOLEAN, TIMESTAMP, DATE }: Driver) {
  return {
    ...{ text: VARCHAR, float64: DOUBLE, int32: INTEGER, int64: BIGINT },
    ...{ boolean: BOOLEAN, timestamp: TIMESTAMP, date: DATE },
  } satisfies Record<ContractKind, DuckDBType>
}

/** A failure of DuckDB as one of this library. Its first line says what is wrong; further ones repeat the statement. */
function duckdbError(error: unknown, location: string): unknown {
  if (!(error instanceof Error)) return error
  const [line = ''] = error.message.split('\n')
  const owner = /^IO Error: Could not set lock on file/.test(line) ? /\(PID (\d+)/.exec(line)?.[1] : undefined
  if (owner !== undefined) {
    const message = `process ${owner} has ${location} open; a DuckDB file is written by one process at a time: wait for it`
    return new PipelineError('lock_held', message)
  }
  return new ConnectError('io_failed', `DuckDB refuses (${location}): ${line}`, { cause: error })
}

/** Microseconds of a row. */
function microsecondsOf(column: TimestampColumn, row: number): bigint {
  const value = column.values[row] as number | bigint
  if (typeof value === 'bigint') return value / 1000n
  return column.unit === 'us' ? BigInt(value) : BigInt(value) * (column.unit === 's' ? 1_000_000n : 1000n)
}

/** Returns the cells of a column as DuckDB's values. */
function valuesOf(column: Column, { DuckDBTimestampValue, DuckDBDateValue }: Driver): (row: number) => DuckDBValue {
  if (column instanceof TimestampColumn) {
    return (row) => (column.isNull(row) ? null : new DuckDBTimestampValue(microsecondsOf(column, row)))
  }
  if (column instanceof DateColumn) {
    return (row) => (column.isNull(row) ? null : new DuckDBDateValue(column.values[row] as number))
  }
  // what is left is text, a number, a bigint or a boolean
  return (row) => column.at(row) as DuckDBValue
}

function cellsOf(values: readonly DuckDBValue[], kind: ContractKind): readonly DriverCell[] {
  if (kind === 'timestamp') return values.map((value) => (value as { micros: bigint } | null)?.micros)
  if (kind === 'date') return values.map((value) => (value as { days: number } | null)?.days)
  return values as readonly DriverCell[]
}

/** What DuckDB's types do not hold, or hold as something else. */
function refuseCells(table: string, name: string, column: Column): void {
  const refuse = (what: string): never => {
    throw new EngineError('engine_cannot', `table ${table}: column "${name}" ${what}`)
  }
  if (column.kind === 'opaque') refuse('is of a kind that no engine has')
  if (column instanceof TimestampColumn && column.unit === 'ns') refuse('has nanoseconds, which no engine keeps')
}

class OpenDuckdb implements EngineConnection {
  readonly dialect = dialectOf('duckdb')
  readonly atomicity = 'transaction'
  readonly location: string
  readonly #driver: Driver
  readonly #connection: DuckDBConnection
  readonly #close: () => void

  constructor(driver: Driver, connection: DuckDBConnection, location: string, close: () => void) {
    this.#driver = driver
    this.#connection = connection
    this.location = location
    this.#close = close
  }

  async exec(statement: string): Promise<void> {
    try {
      await this.#connection.run(statement)
    } catch (error) {
      throw duckdbError(error, this.location)
    }
  }

  async *query(statement: string, columns: RowColumns): AsyncGenerator<Frame> {
    const kinds = Object.values(columns).map(({ kind }) => kind)
    let cells: DriverCell[][] = kinds.map(() => [])
    let rows = 0
    try {
      const result = await this.#connection.stream(statement)
      for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; ) {
        for (const [at, kind] of kinds.entries()) cells[at]?.push(...cellsOf(chunk.getColumnValues(at), kind))
        rows += chunk.rowCount
        chunk = await result.fetchChunk()
        if (rows < BATCH_ROWS) continue
        yield buildRows(cells, columns, rows)
        cells = kinds.map(() => [])
        rows = 0
      }
    } catch (error) {
      throw duckdbError(error, this.location)
    }
    if (rows > 0) yield buildRows(cells, columns, rows)
  }

  async append(table: string, rows: Frame, columns: RowColumns): Promise<void> {
    const types = typesOf(this.#driver)
    const all = Object.entries(columns).map(([name, { kind }]) => {
      const column = columnOf(rows, name)
      refuseCells(table, name, column)
      return { type: types[kind], value: valuesOf(column, this.#driver) }
    })
    try {
      const schema = await this.#connection.runAndReadAll('SELECT current_schema()')
      // an appender does not look for a table where statements do
      const appender = await this.#connection.createAppender(table, String(schema.getRows()[0]?.[0]))
      for (let from = 0; from < rows.rows; from += CHUNK_ROWS) {
        const length = Math.min(CHUNK_ROWS, rows.rows - from)
        const chunk: DuckDBDataChunk = this.#driver.DuckDBDataChunk.create(
          all.map(({ type }) => type),
          length,
        )
        for (const [at, { value }] of all.entries()) {
          chunk.setColumnValues(
            at,
            Array.from({ length }, (_, row) => value(from + row)),
          )
        }
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
    } catch (error) {
      throw duckdbError(error, this.location)
    }
  }

  progress(): { readonly rows: number; readonly total: number } | null {
    const { rows_processed: rows, total_rows_to_process: total } = this.#connection.progress
    // it counts a row again in each step of a plan
    return total > 0 ? { rows: Number(rows), total: Number(total) } : null
  }

  async close(): Promise<void> {
    this.#close()
  }
}

/**
 * Opens DuckDB over a file, or in memory. One process at a time may write to a file.
 *
 * @throws ConnectError package_missing - `@duckdb/node-api` is not installed; io_failed - the file cannot be opened
 * @throws PipelineError lock_held - another process has the file open
 * @throws ContractError invalid_option - an option is not fit
 * @example
 * import { int32, string } from 'support-etl'
 * import { openDuckdb } from 'support-etl/engine'
 *
 * const connection = await openDuckdb({ file: null })
 * const columns = { hall: string(), seats: int32() }
 * const found: unknown[] = []
 * for await (const { columns: cells } of connection.query("SELECT 'North', 40", columns)) found.push(cells.get('seats')?.at(0))
 * await connection.close()
 * found // [40]
 */
export async function openDuckdb(options: DuckdbOptions): Promise<EngineConnection> {
  refuseUnknown(options, OPTIONS)
  const { file, memoryLimit, temporaryFolder, threads, isReadOnly = false } = options
  refuseUnless(file === null || (typeof file === 'string' && file !== ''), 'file', file, 'a path, or null')
  refuseUnfit(options)
  const driver = await loadDriver()
  const location = file ?? 'memory'
  try {
    const instance = await driver.DuckDBInstance.create(file ?? ':memory:', {
      ...(memoryLimit !== undefined && { memory_limit: memoryLimit }),
      ...(temporaryFolder !== undefined && { temp_directory: temporaryFolder }),
      ...(threads !== undefined && { threads: String(threads) }),
      ...(isReadOnly && { access_mode: 'READ_ONLY' }),
    })
    const connection = await instance.connect()
    await connection.run(COUNT_ROWS)
    return new OpenDuckdb(driver, connection, location, () => {
      connection.closeSync()
      instance.closeSync()
    })
  } catch (error) {
    throw duckdbError(error, location)
  }
}
