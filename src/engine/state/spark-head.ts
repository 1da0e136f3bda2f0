/**
 * Which version of its tables a place in Spark has: one row, which one statement replaces.
 * @module
 */
import { EngineError, PipelineError } from '../../errors.ts'
import { int64, string } from '../../table/contract.ts'
import type { EngineConnection } from '../connection.ts'
import { quoted } from '../render.ts'

/**
 * How versions of tables are kept apart. `branches`: each version writes to branches of tables of Iceberg. `copies`: each version
 * makes the tables that it changes anew, for other formats have no versions.
 */
export type VersionForm = 'branches' | 'copies'

/** Where a version has a table. */
export interface HeldTable {
  /** The name of the engine's table. */
  readonly table: string
  /** The version that wrote it last. */
  readonly ref: string
  /** Its columns, so that a table with other ones is not written over. */
  readonly layout: string
}

/** The version that everybody reads. */
export interface Head {
  /** Rises by one with each version. */
  readonly seq: number
  readonly version: string
  readonly form: VersionForm
  readonly tables: Readonly<Record<string, HeldTable>>
}

/** The name of the table with the head. */
export const HEAD = '_head'
const COLUMNS = { seq: int64(), version: string(), form: string(), tables: string() }

/** What Spark calls a table, or a schema, that is not there. */
const MISSING: ReadonlySet<string> = new Set([
  ...['TABLE_OR_VIEW_NOT_FOUND', 'SCHEMA_NOT_FOUND', 'NO_SUCH_CATALOG_EXCEPTION'],
])

/** The name by which Spark refused a statement; null where the error is another one. */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof EngineError) || error.code !== 'engine_refused') return null
  const { errorClass } = error.details as { readonly errorClass?: string }
  return errorClass ?? ''
}

/** Reads and replaces the head over a connection whose dialect knows the place of its table. */
export class SparkHead {
  readonly #connection: EngineConnection
  readonly #place: string

  constructor(connection: EngineConnection) {
    this.#connection = connection
    this.#place = quoted('table', HEAD, connection.dialect)
  }

  #text(value: string): string {
    return quoted('text', value, this.#connection.dialect)
  }

  #row({ seq, version, form, tables }: Head): string {
    return `CAST(${seq} AS BIGINT) AS seq, ${this.#text(version)} AS version, ${this.#text(form)} AS form, ${this.#text(JSON.stringify(tables))} AS tables`
  }

  /** Returns the head; null where there is none. @throws PipelineError log_damaged - two runs wrote one */
  async read(): Promise<Head | null> {
    const query = `SELECT seq, version, form, tables FROM ${this.#place} ORDER BY seq DESC LIMIT 2`
    const found: Head[] = []
    try {
      for await (const { rows, columns } of this.#connection.query(query, COLUMNS)) {
        for (let row = 0; row < rows; row++) {
          const text = (name: keyof typeof COLUMNS): string => String(columns.get(name)?.at(row))
          // written by `replace`
          const tables = JSON.parse(text('tables')) as Head['tables']
          found.push({ seq: Number(text('seq')), version: text('version'), form: text('form') as VersionForm, tables })
        }
      }
    } catch (error) {
      if (MISSING.has(refusalOf(error) ?? '')) return null
      throw error
    }
    const [head = null, other] = found
    if (head === null || other?.seq !== head.seq) return head
    throw new PipelineError(
      'log_damaged',
      `two runs wrote version ${head.seq} to ${this.#place} at the same time: tables without versions belong to one folder; remove the row of the run whose folder does not go on`,
    )
  }

  /** Creates the head of a place that has no version yet. Another run may do so at the same time. */
  async create(form: VersionForm): Promise<void> {
    const using = form === 'branches' ? ' USING iceberg' : ''
    const row = this.#row({ seq: 0, version: '', form, tables: {} })
    try {
      await this.#connection.exec(`CREATE TABLE ${this.#place}${using} AS SELECT ${row}`)
    } catch (error) {
      if (refusalOf(error) === null || (await this.read()) === null) throw error
    }
  }

  /**
   * Puts `next` in the place of `base`: a table of Iceberg lets one of two such statements win.
   *
   * @throws PipelineError commit_lost - another version was first
   * @throws ConnectError, EngineError - nobody knows whether it was replaced
   */
  async replace(base: Head, next: Head): Promise<void> {
    const statement =
      base.form === 'copies'
        ? `INSERT INTO ${this.#place} SELECT ${this.#row(next)}`
        : `UPDATE ${this.#place} SET seq = ${next.seq}, version = ${this.#text(next.version)}, tables = ${this.#text(JSON.stringify(next.tables))} WHERE seq = ${base.seq} AND version = ${this.#text(base.version)}`
    let refused: unknown = null
    try {
      await this.#connection.exec(statement)
    } catch (error) {
      refused = error
    }
    const found = await this.read()
    if (found?.version === next.version) return
    if (found !== null && found.seq > base.seq) {
      throw new PipelineError('commit_lost', `another run was the first to commit version ${next.seq}`)
    }
    throw refused ?? new EngineError('engine_lost', `${this.#place} does not have the row that was written to it`)
  }
}
