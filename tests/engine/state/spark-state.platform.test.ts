/**
 * The monthly job on Spark publishes the bytes that it publishes without an engine: here on Sail, whose tables have no versions, so
 * that every run makes tables anew. `spark-cluster-state.platform.test.ts` has tables of Iceberg.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import { connectSpark, type SparkConnection } from '../../../src/engine/index.ts'
import { collectGarbage, readState, runPipeline } from '../../../src/pipeline/index.ts'
import { supportJob } from '../../../src/systems/support/index.ts'
import { sail } from '../../python-tools.ts'
import { type SailServer, startSail } from '../spark/sail-server.ts'
import { exerciseData } from './exercise-data.ts'
import { Killed, mortalPlace } from './mortal-spark.ts'
import { contentOf, expectSameState, runTraps, supportState } from './same-state.ts'
import { trapData } from './trap-data.ts'

const SEEDS = Array.from({ length: 25 }, (_, at) => at + 1)
const folder = mkdtempSync(join(tmpdir(), 'support-etl-spark-'))

describe.skipIf(!existsSync(sail))(
  'the monthly job on Sail (.ci/run installs it in tests/.venv)',
  { timeout: 120_000 },
  () => {
    let server: SailServer
    beforeAll(async () => {
      server = await startSail()
    }, 90_000)
    afterAll(async () => {
      await server?.stop()
      rmSync(folder, { recursive: true, force: true })
    })
    const place = (name: string) => {
      return { out: join(folder, name), engine: 'spark', url: `${server.url}/;schema=${name}` } as const
    }

    it('has the state of a run without an engine, month by month, and says how it keeps tables (exercise)', async () => {
      const traps = exerciseData()
      const out = supportState(place('exercise'))
      await runTraps(traps, out, 'by month')
      await expectSameState(traps, out)
      expect(out.engine.notice).toContain('spark (sail.exercise) has no tables of Iceberg')
      const marker = JSON.parse(readFileSync(join(folder, 'exercise', 'engine.json'), 'utf8'))
      expect(marker).toMatchObject({ engine: 'spark', url: `${server.url}/;schema=exercise` })
      const garbage = await collectGarbage({ out, action: 'remove', keepVersions: 1, graceDays: 0 })
      await expectSameState(traps, out)
      expect((await collectGarbage({ out, keepVersions: 1, graceDays: 0 })).files).toEqual([])
      expect(garbage.isRemoved).toBe(true)
      const { asOf } = await readState(supportJob, { out, asOf: '2025-01' })
      expect(asOf).toBe('2025-01')
      await out.close()
    })

    it.for(SEEDS)('has the state of a run without an engine (seed %i)', async (seed) => {
      const traps = trapData(seed)
      const out = supportState(place(`seed_${seed}`))
      await runTraps(traps, out, seed % 2 === 0 ? 'at once' : 'by month')
      await expectSameState(traps, out)
      await out.close()
    })

    it('ends after the next run where one clean run ends, whatever statement was the last one', async () => {
      const traps = trapData(7)
      const reference = memoryStore()
      await runTraps(traps, reference, 'at once')
      const expected = await contentOf(reference)
      const given = { ...traps.options, maxQuarantined: 1 }
      const data = memoryStore(traps.files)
      // the tables of Sail are those of a session: the process that dies leaves it to the next one
      const spark: SparkConnection = await connectSpark(server.url)
      const whole = mortalPlace({ spark, out: join(folder, 'whole'), schema: 'whole', last: Number.POSITIVE_INFINITY })
      await runPipeline(supportJob, { data, out: whole.place, ...given })
      const calls = whole.count()
      expect(calls).toBeGreaterThan(60)
      let died = 0
      for (let last = 1; last < calls; last += Math.ceil(calls / 12)) {
        const schema = `died_${randomUUID().slice(0, 8)}`
        const at = { spark, out: join(folder, schema), schema }
        await runPipeline(supportJob, { data, out: mortalPlace({ ...at, last }).place, ...given }).catch(
          (error: unknown) => {
            expect(error).toBeInstanceOf(Killed)
            died += 1
          },
        )
        const next = mortalPlace({ ...at, last: Number.POSITIVE_INFINITY })
        await runPipeline(supportJob, { data, out: next.place, ...given })
        expect(await contentOf(next.place), `died before call ${last}`).toEqual(expected)
      }
      expect(died).toBeGreaterThan(6)
      await spark.close()
    })
  },
)
