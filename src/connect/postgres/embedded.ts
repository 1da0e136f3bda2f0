/**
 * Postgres in this process, its files in a folder (PGlite). Only this file loads it, on first use.
 * @module
 */
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import { loadPackage } from '../load-package.ts'
import type { Database, StatementAnswer, Statements } from './database.ts'
import { statementError } from './statement-error.ts'
import { VALUE_READERS } from './value-types.ts'

const PACKAGE = '@electric-sql/pglite'

async function loadEngine(): Promise<typeof PGlite> {
  const what = 'the embedded Postgres as destination'
  return (await loadPackage(() => import('@electric-sql/pglite'), { name: PACKAGE, install: PACKAGE, what })).PGlite
}

/** What Postgres writes for each temporary table and each ANALYZE. */
const CATALOGS = ['attribute', 'class', 'depend', 'index', 'statistic', 'type'].map((name) => `pg_catalog.pg_${name}`)

const READING = { parsers: { ...VALUE_READERS } }

function statementsOf(engine: Pick<PGlite | Transaction, 'query'>): Statements {
  return {
    async query(text, values = []): Promise<StatementAnswer> {
      try {
        const { rows, affectedRows } = await engine.query<Record<string, unknown>>(text, [...values], READING)
        return { rows, count: affectedRows || rows.length }
      } catch (error) {
        throw statementError(error)
      }
    },
    async copyIn(table, chunks) {
      const blob = new Blob([...chunks].map((chunk) => new Uint8Array(chunk)))
      try {
        return (await engine.query(`COPY ${table} FROM '/dev/blob'`, [], { blob })).affectedRows ?? 0
      } catch (error) {
        throw statementError(error)
      }
    },
  }
}

/** Makes the files of a new database under another name first: one that was killed half-way is never taken for a database. */
async function createFiles(Engine: typeof PGlite, folder: string): Promise<void> {
  const unfinished = `${folder}.new`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(dirname(folder), { recursive: true })
  await (await Engine.create(unfinished)).close()
  await rename(unfinished, folder)
}

/**
 * Opens the database in a folder, which is created where there is none; `null` is one in memory. It takes no lock: two
 * processes that open one folder lose each other's rows, so the caller holds one.
 *
 * @throws ConnectError package_missing - PGlite is not installed
 */
export async function openEmbedded(folder: string | null): Promise<Database> {
  const Engine = await loadEngine()
  if (folder !== null && !existsSync(folder)) await createFiles(Engine, folder)
  const engine = folder === null ? await Engine.create() : await Engine.create(folder)
  const script = async (text: string): Promise<void> => {
    try {
      await engine.exec(text)
    } catch (error) {
      throw statementError(error)
    }
  }
  return {
    ...statementsOf(engine),
    script,
    // nothing runs beside the engine that would do it
    reclaim: (tables) => script(`VACUUM ${[...tables, ...CATALOGS].join(', ')}`),
    async transaction(work) {
      let failed: { readonly error: unknown } | null = null
      try {
        // the engine lets no other statement in before the transaction ends
        return await engine.transaction(async (transaction) => {
          try {
            return await work(statementsOf(transaction))
          } catch (error) {
            failed = { error }
            throw error
          }
        })
      } catch (error) {
        throw (failed as { readonly error: unknown } | null)?.error ?? statementError(error)
      }
    },
    close: () => engine.close().catch(() => {}),
  }
}
