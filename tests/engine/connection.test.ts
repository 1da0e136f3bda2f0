/** What goes into an engine comes back cell by cell, on every engine that runs in this process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEmbedded } from '../../src/connect/postgres/embedded.ts'
import { openDuckdb } from '../../src/engine/duckdb.ts'
import { type EngineConnection, renderCreate } from '../../src/engine/index.ts'
import { postgresConnection } from '../../src/engine/postgres.ts'
import { NumberColumn } from '../../src/table/column.ts'
import { int32 } from '../../src/table/contract.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { bytesOf, cells, contract } from './connection-cells.ts'

const ENGINES: Readonly<Record<string, () => Promise<EngineConnection>>> = {
  DuckDB: () => openDuckdb({ file: null }),
  PGlite: async () => postgresConnection(await openEmbedded(null), 'memory'),
}

describe.for(Object.entries(ENGINES))('a connection to %s', ([, open]) => {
  let connection: EngineConnection
  beforeAll(async () => {
    connection = await open()
  }, 60_000)
  afterAll(() => connection.close())

  it('gives back every cell that was appended, in the order that is asked for', async () => {
    const columns = Object.entries(contract.columns).map(([name, { kind }]) => [name, kind] as const)
    await connection.exec(renderCreate('cells', columns, connection.dialect))
    await connection.append('cells', cells(), contract.columns)
    const found: Frame[] = []
    const query = 'SELECT * FROM "cells" ORDER BY "id"'
    for await (const batch of connection.query(query, contract.columns)) found.push(batch)
    expect(found).toHaveLength(1)
    expect(bytesOf(found[0] as Frame).equals(bytesOf(cells()))).toBe(true)
  })

  it('keeps nothing of a transaction that is rolled back, tables included', async () => {
    await connection.exec('BEGIN')
    await connection.exec(renderCreate('gone', [['id', 'int32']], connection.dialect))
    await connection.append('gone', frameOf([['id', new NumberColumn('int32', Int32Array.of(1))]]), { id: int32() })
    await connection.exec('ROLLBACK')
    await expect(connection.exec('SELECT * FROM "gone"')).rejects.toMatchObject({ code: 'io_failed' })
  })
})
