/**
 * The one row of a database that says whose commit its tables hold, and the objects it is found beside.
 * @module
 */
import type { Statements } from '../../../connect/postgres/database.ts'
import { PipelineError } from '../../../errors.ts'
import type { DeliveredVersion } from '../destination.ts'
import { PLACE_TABLE, quoteName } from './table-layout.ts'

/** What the row says. */
export interface PlaceRow {
  /** The hash of the place's first commit; null where the row was released for another place. */
  readonly place: string | null
  readonly number: number
  /** The hash of the commit; empty before the first delivery. */
  readonly hash: string
  /** Table to layout, of all tables that are ours. */
  readonly tables: Readonly<Record<string, string>>
}

/** Returns a table of the schema as SQL writes it. */
export function qualified(schema: string, table: string): string {
  return `${quoteName(schema)}.${quoteName(table)}`
}

/** Returns the row, or null where there is none or no table for it; `locked` until the transaction ends. */
export async function readPlaceRow(
  statements: Pick<Statements, 'query'>,
  schema: string,
  lock: 'unlocked' | 'locked' = 'unlocked',
): Promise<PlaceRow | null> {
  if (lock === 'unlocked' && !(await findRelations(statements, schema, [PLACE_TABLE])).has(PLACE_TABLE)) return null
  const { rows } = await statements.query(
    `SELECT place, number, hash, tables::text AS tables FROM ${qualified(schema, PLACE_TABLE)}${lock === 'locked' ? ' FOR UPDATE' : ''}`,
  )
  const [row] = rows
  if (row === undefined) return null
  const { place, number, hash, tables } = row
  return {
    place: place === null ? null : String(place),
    number: Number(number),
    hash: String(hash),
    tables: JSON.parse(String(tables)) as Record<string, string>,
  }
}

/** Returns which of the names a table, view or other relation of the schema has. */
export async function findRelations(
  statements: Pick<Statements, 'query'>,
  schema: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await statements.query(
    `SELECT c.relname AS name FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
      WHERE s.nspname = $1 AND c.relname IN (SELECT pg_catalog.json_array_elements_text($2::json))`,
    [schema, JSON.stringify(names)],
  )
  return new Set(rows.map(({ name }) => String(name)))
}

/** Makes the row where there is none. Two that do it at once end with one row. */
export async function ensurePlaceRow(transaction: Statements, schema: string, place: string): Promise<void> {
  const table = qualified(schema, PLACE_TABLE)
  if (!(await findRelations(transaction, schema, [PLACE_TABLE])).has(PLACE_TABLE)) {
    // IF NOT EXISTS alone fails when two create it at once
    await transaction.query(`SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext($1))`, [
      `support-etl ${schema}`,
    ])
    const { rows } = await transaction.query('SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1', [schema])
    // a right is asked for even where the schema exists
    if (rows.length === 0) await transaction.query(`CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`)
    await transaction.query(
      `CREATE TABLE IF NOT EXISTS ${table} (
        is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), place text, number integer NOT NULL, hash text NOT NULL,
        committed_at timestamp with time zone, fingerprints json NOT NULL, tables json NOT NULL)`,
    )
  }
  await transaction.query(
    `INSERT INTO ${table} (place, number, hash, fingerprints, tables) VALUES ($1, 0, '', '{}', '{}') ON CONFLICT DO NOTHING`,
    [place],
  )
}

/** Says in the row which commit the tables hold now. */
export async function writePlaceRow(
  transaction: Statements,
  schema: string,
  { place, number, hash, committedAt, fingerprints }: DeliveredVersion,
  tables: Readonly<Record<string, string>>,
): Promise<void> {
  await transaction.query(
    `UPDATE ${qualified(schema, PLACE_TABLE)} SET place = $1, number = $2, hash = $3,
      committed_at = $4::timestamp with time zone, fingerprints = $5::json, tables = $6::json`,
    [place, number, hash, committedAt, JSON.stringify(fingerprints), JSON.stringify(tables)],
  )
}

/** Refuses a row that belongs to another place. @throws PipelineError destination_taken */
export function refuseTaken(row: Pick<PlaceRow, 'place'> | null, place: string | null, schema: string): void {
  if (row === null || row.place === null || row.place === place) return
  const table = `${schema}.${PLACE_TABLE}`
  throw new PipelineError(
    'destination_taken',
    `schema ${schema} of the database holds the rows of another place; nothing was changed. Use another schema or database. To give it to this place, run there: UPDATE ${table} SET place = NULL`,
    { details: { schema } },
  )
}
