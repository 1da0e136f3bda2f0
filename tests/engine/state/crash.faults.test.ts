/** A run on an engine that dies before any of its statements, or is killed as a process, loses nothing and doubles nothing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderStore, memoryStore } from '../../../src/connect/index.ts'
import { type EngineConnection, openDuckdb } from '../../../src/engine/index.ts'
import { enginePlace } from '../../../src/engine/state/engine-place.ts'
import { openState } from '../../../src/engine/state/open-state.ts'
import { openSpools } from '../../../src/engine/state/spool-files.ts'
import { nodeEffects, runPipeline } from '../../../src/pipeline/index.ts'
import { supportJob, supportPlans } from '../../../src/systems/support/index.ts'
import { contentOf, runTraps, supportState } from './same-state.ts'
import { type TrapData, trapData } from './trap-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-crash-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

class Killed extends Error {}

/** A connection that dies before a call, as that of a killed process does: what was not committed is gone. */
function mortal(connection: EngineConnection, live: () => void): EngineConnection {
  const step = async (): Promise<void> => {
    try {
      live()
    } catch (error) {
      await connection.close()
      throw error
    }
  }
  return {
    dialect: connection.dialect,
    location: connection.location,
    atomicity: connection.atomicity,
    close: () => connection.close(),
    async exec(statement) {
      await step()
      await connection.exec(statement)
    },
    async *query(statement, columns) {
      await step()
      yield* connection.query(statement, columns)
    },
    async append(table, rows, columns) {
      await step()
      await connection.append(table, rows, columns)
    },
  }
}

/** The place of a folder whose process dies before the given call; counts the calls. */
function mortalPlace(out: string, last: number) {
  let calls = 0
  const live = (): void => {
    if (calls++ >= last) throw new Killed(`before call ${last}`)
  }
  const file = join(out, '.support-etl', 'state.duckdb')
  const state = openState({
    ...{ title: 'duckdb', isShared: false, mayExist: () => existsSync(file) },
    open: async (mode) => mortal(await openDuckdb({ file, isReadOnly: mode === 'read' }), live),
  })
  const parts = {
    ...{ folder: folderStore(out, { temporaryFolder: '.support-etl/data' }), state, plans: async () => supportPlans },
    ...{ newHash: nodeEffects().newHash, newSpools: () => openSpools(join(out, '.support-etl', 'data')) },
    ...{ address: { engine: 'duckdb', url: '.support-etl/state.duckdb' } },
  }
  return { place: enginePlace(parts), count: () => calls, close: () => state.close() }
}

async function expectedOf(traps: TrapData): Promise<unknown> {
  const reference = memoryStore()
  await runTraps(traps, reference, 'at once')
  return contentOf(reference)
}

describe('a run on DuckDB that dies', () => {
  it('before any statement, in a first run or a later one, ends after the next run where one clean run ends', async () => {
    const traps = trapData(7)
    const expected = await expectedOf(traps)
    const { files, options } = traps
    const given = { ...options, maxQuarantined: 1 }
    const extracts = Object.fromEntries(Object.entries(files).filter(([name]) => name.startsWith('initial/')))
    const whole = mortalPlace(join(folder, 'count'), Number.POSITIVE_INFINITY)
    await runPipeline(supportJob, { data: memoryStore(files), out: whole.place, ...given })
    await whole.close()
    const calls = whole.count()
    expect(calls).toBeGreaterThan(60)
    let died = 0
    for (let last = 0; last < calls; last += 3) {
      const out = join(folder, `at-${last}`)
      if (last % 2 === 1) {
        const before = supportState({ out, engine: 'duckdb' })
        await runPipeline(supportJob, { data: memoryStore(extracts), out: before, ...given })
        await before.close()
      }
      const dying = mortalPlace(out, last)
      await runPipeline(supportJob, { data: memoryStore(files), out: dying.place, ...given }).catch(
        (error: unknown) => {
          expect(error).toBeInstanceOf(Killed)
          died += 1
        },
      )
      await dying.close()
      const next = supportState({ out, engine: 'duckdb' })
      await runPipeline(supportJob, { data: memoryStore(files), out: next, ...given })
      expect(await contentOf(next), `died before call ${last}`).toEqual(expected)
      await next.close()
      rmSync(out, { recursive: true })
    }
    expect(died).toBeGreaterThan(calls / 4)
  })

  it('as a process, at random moments, ends where one clean run ends', async () => {
    const traps = trapData(5)
    const data = join(folder, 'data')
    const source = folderStore(data)
    for (const [name, text] of Object.entries(traps.files)) await source.write(name, [Buffer.from(text)])
    const expected = await expectedOf(traps)
    const start = (out: string) => {
      const script = join(import.meta.dirname, 'engine-run.ts')
      const args = ['--conditions=support-etl-source', script, data, out, JSON.stringify(traps.options)]
      return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    }
    const first = start(join(folder, 'span'))
    await once(first.stdout, 'data')
    const begun = performance.now()
    await once(first, 'exit')
    const span = performance.now() - begun
    let killed = 0
    for (let round = 0; round < 12; round++) {
      const out = join(folder, `killed-${round}`)
      const child = start(out)
      await once(child.stdout, 'data')
      setTimeout(() => child.kill('SIGKILL'), (span * round) / 12)
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
      if (signal === 'SIGKILL') killed += 1
      const next = supportState({ out, engine: 'duckdb' })
      await runPipeline(supportJob, { data, out: next, ...traps.options, maxQuarantined: 1 })
      expect(await contentOf(next), `killed after ${round} of 12`).toEqual(expected)
      await next.close()
    }
    expect(killed).toBeGreaterThan(3)
  })

  it('is told by a second process that the file is open', async () => {
    const out = join(folder, 'two')
    const place = supportState({ out, engine: 'duckdb' })
    const { files, options } = trapData(5)
    await runPipeline(supportJob, { data: memoryStore(files), out: place, ...options, maxQuarantined: 1 })
    await place.engine.begin(() => {})
    const script = join(import.meta.dirname, 'engine-run.ts')
    const args = ['--conditions=support-etl-source', script, join(folder, 'data'), out, JSON.stringify(options)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const told: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => told.push(chunk))
    await once(child, 'close')
    expect(Buffer.concat(told).toString()).toContain(`lock_held: process ${process.pid} has`)
    await place.engine.end()
    await place.close()
  })
})
