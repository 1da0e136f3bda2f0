/** A folder whose state an engine keeps: what it says, what it refuses, and how its keeper changes. */
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import { engineState, openDuckdb } from '../../../src/engine/index.ts'
import {
  csv,
  defineJob,
  extractsAndDeltas,
  readState,
  readStatus,
  runPipeline,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { supportJob } from '../../../src/systems/support/index.ts'
import { defineTable, key, string } from '../../../src/table/contract.ts'
import { supportState } from './same-state.ts'
import { trapData } from './trap-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-keeper-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { files, options } = trapData(3)
const data = memoryStore(files)
const given = { ...options, format: 'csv', maxQuarantined: 1 } as const

const copyOf = (out: string): string => readFileSync(join(out, 'support_report.csv'), 'utf8')

describe('a folder whose state an engine keeps', () => {
  it('goes from files to an engine and back by a rebuild, with the options that it had; anything else is refused', async () => {
    const out = join(folder, 'changes')
    await runPipeline(supportJob, { data, out, ...given, publish: ['report'] })
    const report = copyOf(out)
    const duck = supportState({ out, engine: 'duckdb' })
    await expect(runPipeline(supportJob, { data, out: duck })).rejects.toMatchObject({ code: 'engine_changed' })
    expect((await readStatus({ out })).commit).toBe(1)

    // nothing is given: time zone, month and copies are those of the files' last commit
    const rebuilt = await runPipeline(supportJob, { data, out: duck, apply: 'rebuild' })
    expect(rebuilt).toMatchObject({
      status: 'committed',
      options: { ...options, format: 'csv', publish: ['support_report'] },
    })
    expect(copyOf(out)).toBe(report)
    expect(JSON.parse(readFileSync(join(out, 'engine.json'), 'utf8'))).toMatchObject({
      ...{ engine: 'duckdb', url: '.support-etl/state.duckdb', job: 'support', commit: 1 },
    })
    await expect(readState(supportJob, { out })).rejects.toMatchObject({ code: 'engine_changed' })
    await expect(runPipeline(supportJob, { data, out })).rejects.toMatchObject({
      code: 'engine_changed',
      message: expect.stringContaining('duckdb (.support-etl/state.duckdb)'),
    })
    await duck.close()

    const again = await runPipeline(supportJob, { data, out, apply: 'rebuild' })
    expect(again.options).toEqual(rebuilt.options)
    expect(copyOf(out)).toBe(report)
    expect((await readState(supportJob, { out })).commit).toBe(2)
  })

  it('can be moved, and its copies are written again where they are gone', async () => {
    const [first, moved] = [join(folder, 'first'), join(folder, 'moved')]
    const out = supportState({ out: first, engine: 'duckdb' })
    await runPipeline(supportJob, { data, out, ...given })
    const report = copyOf(first)
    await out.close()
    renameSync(first, moved)
    rmSync(join(moved, 'support_report.csv'))
    const there = supportState({ out: moved, engine: 'duckdb' })
    expect(await runPipeline(supportJob, { data, out: there })).toMatchObject({ status: 'republished' })
    expect(copyOf(moved)).toBe(report)
    await there.close()
  })

  it('finds damage in staged rows, in tables and in cells', async () => {
    const out = supportState({ out: join(folder, 'damage'), engine: 'duckdb' })
    await runPipeline(supportJob, { data, out, ...given })
    await out.close()
    const file = join(folder, 'damage', '.support-etl', 'state.duckdb')
    const spoil = async (statement: string): Promise<readonly string[]> => {
      const connection = await openDuckdb({ file })
      await connection.exec('USE "support_etl"')
      await connection.exec('BEGIN')
      await connection.exec(statement)
      await connection.exec('COMMIT')
      await connection.close()
      const place = supportState({ out: join(folder, 'damage'), engine: 'duckdb' })
      const { damages } = await verifyState(supportJob, { out: place })
      await place.close()
      return damages.map(({ name }) => name)
    }
    expect(await spoil('UPDATE "support_cube" SET "calls" = "calls" + 1')).toEqual(['support_cube'])
    expect(await spoil('DELETE FROM "agents"')).toEqual(['agents', 'support_cube'])
    const first = 'SELECT MIN("_batch") FROM "_bronze_interactions"'
    const staged = await spoil(`UPDATE "_bronze_interactions" SET "channel" = 'x' WHERE "_batch" = (${first})`)
    expect(staged).toContainEqual(expect.stringMatching(/data\/interactions-initial-/))
  })

  it('runs a job whose rollups have no plan, which are made in this process', async () => {
    const halls = defineTable('halls', { id: key(string()), team: string() })
    const source = extractsAndDeltas()
    const job = defineJob({
      name: 'halls',
      tables: { halls: { contract: halls, source } },
      rollups: { counted: { table: 'halls', build: (frame) => ({ cells: frame, metadata: {} }) } },
      outputs: { copy: { contract: halls, reads: ['counted'], build: (state) => state.rollup('counted').cells } },
    })
    const place = {
      'initial/halls.csv': 'id,team\nH1,a\nH2,b\n',
      'delta/halls_delta_202502.csv': 'id,team,action\nH1,c,update\n',
    }
    const out = engineState({ out: join(folder, 'halls'), engine: 'duckdb' })
    expect(await runPipeline(job, { data: memoryStore(place), out })).toMatchObject({ tables: { halls: 2 } })
    expect(readFileSync(join(folder, 'halls', 'copy.csv'), 'utf8')).toBe('id,team\nH1,c\nH2,b\n')
    await out.close()
  })

  it('refuses a job by the name of what no engine does', async () => {
    const halls = defineTable('halls', { id: key(string()) })
    const job = defineJob({
      name: 'halls',
      tables: { halls: { contract: halls, source: snapshots({ file: 'halls.csv', format: csv() }) } },
    })
    const out = engineState({ out: join(folder, 'refused'), engine: 'duckdb' })
    await expect(runPipeline(job, { data: memoryStore({ 'halls.csv': 'id\n' }), out })).rejects.toMatchObject({
      code: 'engine_cannot',
      message: expect.stringContaining('table halls is made of snapshots'),
    })
  })

  it('takes the address of a server for Postgres alone, and never shows a password', async () => {
    const out = join(folder, 'addresses')
    const place = engineState({
      out,
      engine: 'postgres',
      url: 'postgres://etl:se%2Fcr@et@127.0.0.1:1/db?password=secret',
    })
    expect(place.address.url).toBe('postgres://etl@127.0.0.1:1/db')
    expect(() => engineState({ out, engine: 'duckdb', url: 'postgres://etl:secret@host/db' })).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.not.stringContaining('secret') }),
    )
    expect(() => engineState({ out, engine: 'postgres' })).toThrow(expect.objectContaining({ code: 'invalid_option' }))
    expect(() => engineState({ out, engine: 'duck' as 'duckdb' })).toThrow(
      expect.objectContaining({ code: 'engine_unknown', message: expect.stringContaining('duckdb') }),
    )
  })
})
