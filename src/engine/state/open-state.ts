/**
 * Versions in an engine that has transactions: opened when they are needed, for reading alone until a run writes.
 * @module
 */
import type { Frame } from '../../table/frame.ts'
import type { EngineConnection } from '../connection.ts'
import { quoted, renderCreate, renderCreateAs, renderDelete, renderInsert, renderRemove, renderSet } from '../render.ts'
import { BATCHES, FILES, SCHEMA } from './table-names.ts'
import type { Version, Versions, VersionTables } from './versions.ts'

/** Opens an engine; `read` may be shared with other processes. */
export type OpenEngine = (mode: 'read' | 'write') => Promise<EngineConnection>

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

/** Each statement of Postgres sees what is committed by then, unless a transaction asks for one instant. */
const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY'

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

/** The tables as every statement finds them: those of the transaction that is open, or the last committed ones. */
export function tablesInPlace(connection: EngineConnection): VersionTables {
  const { dialect } = connection
  const drop = (name: string) => connection.exec(`DROP TABLE IF EXISTS ${quoted('table', name, dialect)}`)
  const makeStep: VersionTables['makeStep'] = async (name, plan) => {
    await drop(name)
    await connection.exec(renderCreateAs(name, plan, dialect))
  }
  return {
    connection,
    canMerge: true,
    async create({ name, columns }) {
      const kinds = Object.entries(columns).map(([column, { kind }]) => [column, kind] as const)
      const statement = renderCreate(name, kinds, dialect)
      await connection.exec(statement.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS'))
    },
    replace: ({ name }, plan) => makeStep(name, plan),
    makeStep,
    async dropSteps(names) {
      for (const name of names) await drop(name)
    },
    append: ({ name, columns }, rows, before) => connection.append(name, rows, columns, before),
    async merge({ name }, keys, on, plan) {
      await connection.exec(renderDelete(name, keys, on, dialect))
      await connection.exec(renderInsert(name, plan, dialect))
    },
    remove: ({ name }, where) => connection.exec(renderRemove(name, where, dialect)),
    set: ({ name }, column, value, where) => connection.exec(renderSet(name, column, value, where, dialect)),
    async ask(_, statement, columns) {
      const found: Frame[] = []
      for await (const frame of connection.query(statement, columns)) found.push(frame)
      return found
    },
  }
}

/** Creates what the place keeps in an engine; a name is there once. */
async function create(connection: EngineConnection, schema: string): Promise<void> {
  const { dialect } = connection
  await connection.exec(`CREATE SCHEMA IF NOT EXISTS ${quoted('name', schema, dialect)}`)
  await connection.exec(useSchema(connection, schema))
  for (const table of [FILES, BATCHES]) await tablesInPlace(connection).create(table)
  const [index, files, column] = ['_files_name', FILES.name, 'name'].map((name) => quoted('name', name, dialect))
  await connection.exec(`CREATE UNIQUE INDEX ${index} ON ${files} (${column})`)
}

/** Returns the versions at an address. Nothing is opened yet. */
export function openState({ title, schema = SCHEMA, open, isShared, mayExist }: StateAddress): Versions {
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
  const writing = async (): Promise<EngineConnection> => {
    const connection = await opened('write')
    if (isThere) return connection
    await connection.exec('BEGIN')
    await create(connection, schema)
    await connection.exec('COMMIT')
    isThere = true
    return connection
  }
  return {
    title,
    notice: null,
    async exists() {
      if (held === null && !mayExist()) return false
      const connection = await opened('read')
      // asked again while there is none: another process may have made it
      isThere ||= await hasTables(connection, schema)
      return isThere
    },
    read: async () => tablesInPlace(await opened('read')),
    async readAtOnce(work) {
      const connection = await opened('read')
      await connection.exec('BEGIN')
      try {
        if (connection.dialect.name === 'postgres') await connection.exec(SNAPSHOT)
        return await work(tablesInPlace(connection))
      } finally {
        await connection.exec('ROLLBACK')
      }
    },
    change: async (work) => work(tablesInPlace(await writing())),
    async begin(): Promise<Version> {
      const connection = await writing()
      await connection.exec('BEGIN')
      return {
        tables: tablesInPlace(connection),
        commit: () => connection.exec('COMMIT'),
        async end() {
          try {
            await connection.exec('ROLLBACK')
          } catch {
            // the engine is gone, and the transaction with it; whoever ends a version has its own error to tell
            await close()
          }
        },
      }
    },
    close,
  }
}
