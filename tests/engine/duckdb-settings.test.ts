/** What DuckDB may use of the machine: limits reach it, and what is no limit is named before anything is opened. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type DuckdbOptions, engineState, openDuckdb } from '../../src/engine/index.ts'
import { string } from '../../src/table/contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-duckdb-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function settingsOf(options: Omit<DuckdbOptions, 'file'>): Promise<unknown[]> {
  const connection = await openDuckdb({ file: null, ...options })
  const names = ['memory_limit', 'temp_directory', 'threads']
  const query = `SELECT ${names.map((name) => `current_setting('${name}')::VARCHAR`).join(', ')}`
  const columns = Object.fromEntries(names.map((name) => [name, string()]))
  try {
    for await (const { columns: cells } of connection.query(query, columns)) {
      return names.map((name) => cells.get(name)?.at(0))
    }
    return []
  } finally {
    await connection.close()
  }
}

describe('openDuckdb', () => {
  it('hands its limits to DuckDB', async () => {
    const spilled = join(folder, 'spilled')
    expect(await settingsOf({ memoryLimit: '512MiB', temporaryFolder: spilled, threads: 1 })).toEqual([
      ...['512.0 MiB', spilled, '1'],
    ])
    expect((await settingsOf({ memoryLimit: '8gb' }))[0]).toBe('7.4 GiB')
  })

  it('writes to the temporary folder what does not fit into memory', async () => {
    const spilled = join(folder, 'used')
    const connection = await openDuckdb({ file: null, memoryLimit: '64MiB', temporaryFolder: spilled, threads: 1 })
    await connection.exec(
      "CREATE TABLE many AS SELECT i, repeat('x', 60) || hash(i) AS word FROM range(2000000) AS r(i)",
    )
    expect(readdirSync(spilled).length).toBeGreaterThan(0)
    await connection.close()
  })

  it.each([
    [{ memoryLimit: '8' }, 'memoryLimit is a string; expected a size with its unit, such as 8GB or 512MB'],
    [{ memoryLimit: '0GB' }, 'memoryLimit'],
    [{ memoryLimit: '80%' }, 'memoryLimit'],
    [{ temporaryFolder: '' }, 'temporaryFolder is a string; expected the path of a folder'],
    [{ threads: 0 }, 'threads is a number; expected a whole number, 1 or more'],
    [{ threads: 1.5 }, 'threads'],
  ])('refuses %o', async (options, message) => {
    await expect(openDuckdb({ file: null, ...options })).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
    })
    const state = () => engineState({ out: folder, engine: 'duckdb', duckdb: options })
    expect(state).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })
})

describe('engineState', () => {
  it('takes settings of DuckDB for DuckDB alone, and names one that there is not', () => {
    const url = 'postgres://etl@localhost/database'
    expect(() => engineState({ out: folder, engine: 'postgres', url, duckdb: {} })).toThrow(
      'duckdb is an object; expected nothing with the engine postgres',
    )
    const duckdb = { memory: '8GB' } as object
    expect(() => engineState({ out: folder, engine: 'duckdb', duckdb })).toThrow('there is no option "memory"')
  })
})
