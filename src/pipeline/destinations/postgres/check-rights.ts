/**
 * Whether a delivery could be done, asked of the database before anything is read or written.
 * @module
 */
import type { Statements } from '../../../connect/postgres/database.ts'
import { PipelineError } from '../../../errors.ts'
import { qualified, readPlaceRow, refuseTaken } from './place-row.ts'
import { PLACE_TABLE, quoteName } from './table-layout.ts'

function refusal(what: string): PipelineError {
  return new PipelineError('destination_refused', `the database cannot be delivered to: ${what}`)
}

/**
 * Refuses a database that cannot be written, and one with the rows of another place. Changes nothing.
 * @throws PipelineError destination_refused - a right is missing, the server only reads, or its text is not UTF-8
 * @throws PipelineError destination_taken - the schema has rows of another place
 */
export async function checkRights(statements: Statements, schema: string, place: string | null): Promise<void> {
  const { rows } = await statements.query(
    `SELECT pg_catalog.pg_is_in_recovery() AS is_standby,
      pg_catalog.current_setting('server_encoding') AS encoding,
      pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY') AS may_copy,
      pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may_create_schema,
      (SELECT pg_catalog.has_schema_privilege(oid, 'USAGE') AND pg_catalog.has_schema_privilege(oid, 'CREATE')
        FROM pg_catalog.pg_namespace WHERE nspname = $1) AS may_create_table`,
    [schema],
  )
  const [found] = rows
  const name = quoteName(schema)
  if (found?.is_standby === true) throw refusal('it is a standby, which only reads; give the address of the primary')
  if (found?.encoding !== 'UTF8') throw refusal(`its encoding is ${String(found?.encoding)}; create one with UTF8`)
  if (found.may_copy !== true) throw refusal('the user may not create temporary tables; GRANT TEMPORARY ON DATABASE')
  if (found.may_create_table === null && found.may_create_schema !== true) {
    throw refusal(`there is no schema ${name}, and the user may not create one; CREATE SCHEMA ${name} AUTHORIZATION …`)
  }
  if (found.may_create_table === false) {
    throw refusal(`the user may not create tables in schema ${name}; GRANT USAGE, CREATE ON SCHEMA ${name}`)
  }
  const owners = await statements.query(
    `SELECT c.relname AS name FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
      WHERE s.nspname = $1 AND c.relname = $2 AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')`,
    [schema, PLACE_TABLE],
  )
  if (owners.rows.length > 0) {
    throw refusal(`another user owns ${qualified(schema, PLACE_TABLE)}; deliver as that user, or to another schema`)
  }
  refuseTaken(await readPlaceRow(statements, schema), place, schema)
}
