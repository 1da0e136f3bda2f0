/**
 * The connection to the state of a place: opened when it is needed, for reading alone until a run writes.
 * @module
 */
import type { EngineConnection } from '../connection.ts'
import { quoted, renderCreate } from '../render.ts'
import { BATCHES, FILES, SCHEMA } from './table-names.ts'

/** Opens an engine; `read` may be shared with other processes. */
export type OpenEngine = (mode: 'read' | 'write') => Promise<EngineConnection>

/** The state of a place in an engine. */
export interface OpenState {
  /** The engine and the place in it, for messages. */
  readonly title: string
  /** Whether there is one. */
  exists(): Promise<boolean>
  /** Returns the connection; for writing, the tables of the place are created where there are none. */
  connect(mode: 'read' | 'write'): Promise<EngineConnection>
  /** Never fails. */
  close(): Promise<void>
}

/** How an engine is opened, and how what it keeps is found. */
export interface StateAddress {
  readonly title: string
  /** The schema of everything that the place keeps; `support_etl` by default. */
  readonly schema?: string
  readonly open: OpenEngine
  /** Whether a connection that reads can write too, so that one is enough. */
  readonly isShared: boolean
  /** Whether there is anything to connect to; a file may not exist yet. */
  readonly mayExist: () => boolean
}

/** The statement by which names without a schema mean those of the place. */
function useSchema({ dialect }: EngineConnection, name: string): string {
  const schema = quoted('name', name, dialect)
  return dialect.name === 'postgres' ? `SET search_path TO ${schema}` : `USE ${schema}`
}

/** Whether the tables of a place are there. */
async function hasTables(connection: EngineConnection, schema: string): Promise<boolean> {
  const { dialect } = connection
  const name = quoted('text', schema, dialect)
  const table = quoted('text', FILES.name, dialect)
  const query = `SELECT COUNT(*) AS found FROM information_schema.tables WHERE table_schema = ${name} AND table_name = ${table}`
  const columns = { found: { kind: 'int64', unit: 'ms', encoding: 'plain' } } as const
  for await (const { columns: cells } of connection.query(query, columns)) return Number(cells.get('found')?.at(0)) > 0
  return false
}

/** Creates what the place keeps in an engine; a name is there once. */
async function create(connection: EngineConnection, schema: string): Promise<void> {
  const { dialect } = connection
  await connection.exec(`CREATE SCHEMA IF NOT EXISTS ${quoted('name', schema, dialect)}`)
  await connection.exec(useSchema(connection, schema))
  for (const { name, columns } of [FILES, BATCHES]) {
    const kinds = Object.entries(columns).map(([column, { kind }]) => [column, kind] as const)
    await connection.exec(renderCreate(name, kinds, dialect))
  }
  const [index, files, column] = ['_files_name', FILES.name, 'name'].map((name) => quoted('name', name, dialect))
  await connection.exec(`CREATE UNIQUE INDEX ${index} ON ${files} (${column})`)
}

/** Returns the state at an address. Nothing is opened yet. */
export function openState({ title, schema = SCHEMA, open, isShared, mayExist }: StateAddress): OpenState {
  let held: { readonly mode: 'read' | 'write'; readonly connection: EngineConnection } | null = null
  let isThere = false
  const close = async (): Promise<void> => {
    await held?.connection.close()
    held = null
  }
  const opened = async (mode: 'read' | 'write'): Promise<EngineConnection> => {
    if (held !== null && (held.mode === mode || held.mode === 'write' || isShared)) return held.connection
    await close()
    const connection = await open(mode)
    held = { mode, connection }
    isThere = await hasTables(connection, schema)
    if (isThere) await connection.exec(useSchema(connection, schema))
    return connection
  }
  return {
    title,
    async exists() {
      if (held === null && !mayExist()) return false
      const connection = await opened('read')
      // asked again while there is none: another process may have made it
      isThere ||= await hasTables(connection, schema)
      return isThere
    },
    async connect(mode) {
      const connection = await opened(mode)
      if (mode === 'read' || isThere) return connection
      await connection.exec('BEGIN')
      await create(connection, schema)
      await connection.exec('COMMIT')
      isThere = true
      return connection
    },
    close,
  }
}
