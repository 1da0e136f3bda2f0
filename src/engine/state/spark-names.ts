/**
 * How a place in Spark calls its versions, and where their tables are.
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { Frame } from '../../table/frame.ts'
import type { EngineConnection, RowColumns } from '../connection.ts'
import type { Dialect } from '../dialect.ts'
import { dialectOf } from '../dialects.ts'
import { quoted } from '../render.ts'
import type { HeldTable, VersionForm } from './spark-head.ts'

/** Names of versions say when they were begun; other names end with one of them. */
export const VERSION = /^v(\d+)_[0-9a-f]{8}$/
export const OF_VERSION = /__(v\d+_[0-9a-f]{8})(?:_\d+)?$/

export const newVersion = (seq: number): string => `v${seq}_${randomUUID().slice(0, 8)}`

/** When a version was begun: the number of the head that it wants to be. */
export const seqOf = (version: string): number => Number(VERSION.exec(version)?.[1])

/** Columns that Iceberg adds to every table. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['_file', '_pos', '_deleted', '_spec_id', '_partition', '_row_id', '_last_updated_sequence_number'],
  ...['_change_type', '_change_ordinal', '_commit_snapshot_id'],
])

/** Spark, with the places of a version's tables. */
export function dialectAt(at: readonly string[], placeOf: (table: string) => readonly string[] | null): Dialect {
  return {
    ...dialectOf('spark'),
    spell: (name) => (RESERVED.has(name) ? `${name}_` : name),
    placeOf: (table) => [...at, ...(placeOf(table) ?? [table])],
  }
}

export const heldAt = ({ table, ref }: HeldTable, form: VersionForm): readonly string[] =>
  form === 'branches' ? [table, `branch_${ref}`] : [table]

/** The place of a table without a branch, as statements name it. */
export const placeIn = (at: readonly string[], table: string): string =>
  [...at, table].map((part) => quoted('name', part, dialectOf('spark'))).join('.')

/** The rows of a query. */
export async function framesOf(connection: EngineConnection, statement: string, columns: RowColumns): Promise<Frame[]> {
  const found: Frame[] = []
  for await (const frame of connection.query(statement, columns)) found.push(frame)
  return found
}
