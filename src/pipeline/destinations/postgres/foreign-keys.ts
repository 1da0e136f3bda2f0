/**
 * Foreign keys between tables of a delivery. They are checked when it ends, so that tables are written in any order.
 * @module
 */
import type { Statements } from '../../../connect/postgres/database.ts'
import type { PlaceRow } from './place-row.ts'
import { qualified } from './place-row.ts'
import { foreignKeysIn, quoteName, type TableLayout } from './table-layout.ts'

/** The name of a table's foreign key by its place in the layout: constraints of other names are the user's. */
const nameOf = (at: number): string => quoteName(`support_etl_fk_${at + 1}`)

/** Removes the foreign keys to a table that is about to be replaced. */
export async function dropForeignKeysTo(
  transaction: Statements,
  schema: string,
  { tables }: Pick<PlaceRow, 'tables'>,
  table: string,
): Promise<void> {
  for (const [from, text] of Object.entries(tables)) {
    for (const [at, key] of foreignKeysIn(text).entries()) {
      if (key.table !== table) continue
      await transaction.query(
        `ALTER TABLE IF EXISTS ${qualified(schema, from)} DROP CONSTRAINT IF EXISTS ${nameOf(at)}`,
      )
    }
  }
}

async function existing(statements: Statements, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await statements.query(
    `SELECT t.relname AS table_name, c.conname AS name FROM pg_catalog.pg_constraint AS c
      JOIN pg_catalog.pg_class AS t ON t.oid = c.conrelid JOIN pg_catalog.pg_namespace AS s ON s.oid = t.relnamespace
      WHERE s.nspname = $1 AND c.contype = 'f'`,
    [schema],
  )
  return new Set(
    rows.map(({ table_name, name }) => `${qualified(schema, String(table_name))} ${quoteName(String(name))}`),
  )
}

/** Adds the foreign keys that are not there yet, now that the tables have their rows. */
export async function addForeignKeys(
  transaction: Statements,
  schema: string,
  layouts: readonly TableLayout[],
): Promise<void> {
  if (layouts.every(({ foreignKeys }) => foreignKeys.length === 0)) return
  // a table with rows that wait for their check cannot be altered
  await checkForeignKeys(transaction, layouts)
  const known = await existing(transaction, schema)
  for (const { name, foreignKeys } of layouts) {
    const table = qualified(schema, name)
    for (const [at, { column, table: to, key }] of foreignKeys.entries()) {
      if (known.has(`${table} ${nameOf(at)}`)) continue
      await transaction.query(
        `ALTER TABLE ${table} ADD CONSTRAINT ${nameOf(at)} FOREIGN KEY (${quoteName(column)})
          REFERENCES ${qualified(schema, to)} (${quoteName(key)}) DEFERRABLE INITIALLY DEFERRED`,
      )
    }
  }
}

/** Checks the rows now rather than when the transaction is committed, so that a refusal is the answer to a statement. */
export async function checkForeignKeys(transaction: Statements, layouts: readonly TableLayout[]): Promise<void> {
  if (layouts.every(({ foreignKeys }) => foreignKeys.length === 0)) return
  await transaction.query('SET CONSTRAINTS ALL IMMEDIATE')
}
