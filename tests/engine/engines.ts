/** Engines as tests see them: statements, and rows as objects of text, numbers and nulls. */
import { DuckDBInstance } from '@duckdb/node-api'
import { openEmbedded } from '../../src/connect/postgres/embedded.ts'
import { type Dialect, dialectOf } from '../../src/engine/index.ts'
import { type StagedTable, stagingStatements } from './staging.ts'

export type EngineRow = Readonly<Record<string, string | number | boolean | null>>

export interface TestEngine {
  readonly dialect: Dialect
  execute(statement: string): Promise<void>
  query(statement: string): Promise<readonly EngineRow[]>
  close(): Promise<void>
}

/** 64-bit integers and decimals as numbers, moments as epoch milliseconds. */
function plain(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'object' && 'micros' in value) return Number((value as { micros: bigint }).micros) / 1000
  return value as string | number | boolean
}

const plainRow = (row: Readonly<Record<string, unknown>>): EngineRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))

export async function duckdbEngine(): Promise<TestEngine> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  return {
    dialect: dialectOf('duckdb'),
    execute: async (statement) => void (await connection.run(statement)),
    query: async (statement) => (await connection.runAndReadAll(statement)).getRowObjects().map(plainRow),
    close: async () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

export async function embeddedPostgresEngine(): Promise<TestEngine> {
  const database = await openEmbedded(null)
  return {
    dialect: dialectOf('postgres'),
    execute: async (statement) => void (await database.query(statement)),
    query: async (statement) => (await database.query(statement)).rows.map(plainRow),
    close: () => database.close(),
  }
}

/** Puts changes into a table of the engine, in the place of what was there. */
export async function stage(engine: TestEngine, table: StagedTable): Promise<void> {
  for (const statement of stagingStatements(table, engine.dialect)) await engine.execute(statement)
}
