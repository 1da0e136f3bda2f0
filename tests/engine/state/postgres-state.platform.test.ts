/** The monthly job on a Postgres server publishes the bytes that it publishes without an engine; the server may be killed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import { runPipeline } from '../../../src/pipeline/index.ts'
import { supportJob } from '../../../src/systems/support/index.ts'
import { findPrograms, type Server, startServer } from '../../postgres-server.ts'
import { contentOf, expectSameState, runTraps, supportState } from './same-state.ts'
import { trapData } from './trap-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-postgres-state-'))
const programs = findPrograms()
let server: Server
beforeAll(async () => {
  if (programs !== null) server = await startServer(programs)
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const SEEDS = Array.from({ length: 25 }, (_, at) => at + 1)
const urlOf = (schema: string): string => `${server.url}${server.url.includes('?') ? '&' : '?'}schema=${schema}`

describe.skipIf(programs === null)('the monthly job on a Postgres server', { timeout: 240_000 }, () => {
  it.for(SEEDS)('has the state of a run without an engine (seed %i)', async (seed) => {
    const traps = trapData(seed)
    const out = supportState({ out: join(folder, `${seed}`), engine: 'postgres', url: urlOf(`seed_${seed}`) })
    await runTraps(traps, out, seed % 2 === 0 ? 'at once' : 'by month')
    await expectSameState(traps, out)
    await out.close()
    const marker = readFileSync(join(folder, `${seed}`, 'engine.json'), 'utf8')
    expect(JSON.parse(marker)).toMatchObject({
      engine: 'postgres',
      url: expect.stringContaining(`schema=seed_${seed}`),
    })
  })

  it('ends where one clean run ends, after the server was killed in the midst of a run', async () => {
    const traps = trapData(9)
    const reference = memoryStore()
    await runTraps(traps, reference, 'at once')
    const expected = await contentOf(reference)
    const given = { ...traps.options, maxQuarantined: 1 }
    for (let round = 0; round < 4; round++) {
      const place = { out: join(folder, `killed-${round}`), engine: 'postgres', url: urlOf(`killed_${round}`) } as const
      const dying = supportState(place)
      const run = runPipeline(supportJob, { data: memoryStore(traps.files), out: dying, ...given })
      const ended = run.then(
        () => 'ended',
        (error: unknown) => error,
      )
      await new Promise((resolve) => setTimeout(resolve, 40 + round * 120))
      await server.kill()
      const outcome = await ended
      if (outcome !== 'ended') expect(outcome).toMatchObject({ name: 'ConnectError', isTransient: true })
      await dying.close()
      await server.restart()
      const next = supportState(place)
      await runPipeline(supportJob, { data: memoryStore(traps.files), out: next, ...given })
      expect(await contentOf(next)).toEqual(expected)
      await next.close()
    }
  })
})
