/**
 * The monthly job on a cluster of Spark with tables of Iceberg publishes the bytes that it publishes without an engine, whoever dies
 * meanwhile. Three data sets full of traps; `SUPPORT_ETL_SPARK_SETS` asks for more.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderStore, memoryStore } from '../../../src/connect/index.ts'
import { runPipeline } from '../../../src/pipeline/index.ts'
import { supportJob } from '../../../src/systems/support/index.ts'
import { findSpark, type SparkCluster, startSparkCluster } from '../spark/spark-cluster.ts'
import { exerciseData } from './exercise-data.ts'
import { contentOf, expectSameState, runTraps, supportState } from './same-state.ts'
import { type TrapData, trapData } from './trap-data.ts'

const tools = findSpark()
const SETS = Number(process.env.SUPPORT_ETL_SPARK_SETS ?? 3)
const SEEDS = Array.from({ length: SETS }, (_, at) => at + 1)
const KILLS = 3
const folder = mkdtempSync(join(tmpdir(), 'support-etl-cluster-'))

async function expectedOf(traps: TrapData): Promise<unknown> {
  const reference = memoryStore()
  await runTraps(traps, reference, 'at once')
  return contentOf(reference)
}

describe.skipIf(tools === null)(
  'the monthly job on a cluster of Spark (.ci/run installs it in tests/.venv-spark)',
  { timeout: 1_800_000 },
  () => {
    let cluster: SparkCluster
    beforeAll(async () => {
      if (tools !== null) cluster = await startSparkCluster(tools)
    }, 700_000)
    afterAll(async () => {
      await cluster?.stop()
      rmSync(folder, { recursive: true, force: true })
    }, 60_000)
    const urlOf = (name: string): string => `${cluster.url}/;schema=lake.${name}`
    const place = (name: string, schema: string = name) => {
      return { out: join(folder, name), engine: 'spark', url: urlOf(schema) } as const
    }

    it('has the state of a run without an engine after an extract and its deltas', async () => {
      const traps = exerciseData()
      const extracts = Object.fromEntries(Object.entries(traps.files).filter(([name]) => name.startsWith('initial/')))
      const out = supportState(place('exercise'))
      await runPipeline(supportJob, { data: memoryStore(extracts), out, ...traps.options, maxQuarantined: 1 })
      await runTraps(traps, out, 'at once')
      await expectSameState(traps, out)
      expect([out.engine.title, out.engine.notice]).toEqual(['spark (lake.exercise)', null])
      await out.close()
    })

    it.for(SEEDS)('has the state of a run without an engine (seed %i)', async (seed) => {
      const traps = trapData(seed)
      const out = supportState(place(`seed_${seed}`))
      await runTraps(traps, out, 'at once')
      await expectSameState(traps, out)
      await out.close()
    })

    it('lets one of two runs commit that begin at the same time; the other one finds its work done', async () => {
      const traps = trapData(4)
      const given = { data: memoryStore(traps.files), ...traps.options, maxQuarantined: 1 }
      // the lock of a folder would keep two runs of it apart
      const outs = ['left', 'right'].map((name) => supportState(place(name, 'two')))
      const results = await Promise.all(outs.map((out) => runPipeline(supportJob, { ...given, out })))
      expect(results.map(({ status, commit }) => [status, commit]).sort()).toEqual([
        ['committed', 1],
        ['republished', 1],
      ])
      const expected = await expectedOf(traps)
      for (const out of outs) {
        expect(await contentOf(out)).toEqual(expected)
        await out.close()
      }
    })

    it('ends after the next run where one clean run ends, killed as a process at any moment', async () => {
      const traps = trapData(5)
      const data = join(folder, 'data')
      const source = folderStore(data)
      for (const [name, text] of Object.entries(traps.files)) await source.write(name, [Buffer.from(text)])
      const expected = await expectedOf(traps)
      const start = (name: string) => {
        const script = join(import.meta.dirname, 'engine-run.ts')
        const args = [script, data, join(folder, name), JSON.stringify(traps.options), urlOf(name)]
        return spawn(process.execPath, ['--conditions=support-etl-source', ...args], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
      }
      const first = start('span')
      await once(first.stdout, 'data')
      const begun = performance.now()
      await once(first, 'exit')
      const span = performance.now() - begun
      let killed = 0
      for (let round = 0; round < KILLS; round++) {
        const name = `killed_${round}`
        const child = start(name)
        await once(child.stdout, 'data')
        setTimeout(() => child.kill('SIGKILL'), (span * (round + 0.5)) / KILLS)
        const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
        if (signal === 'SIGKILL') killed += 1
        const next = supportState(place(name))
        await runPipeline(supportJob, { data, out: next, ...traps.options, maxQuarantined: 1 })
        expect(await contentOf(next), `killed in round ${round}`).toEqual(expected)
        await next.close()
      }
      expect(killed).toBeGreaterThan(0)
    })

    it('has the state of a run without an engine though a worker is killed in the midst of the run', async () => {
      const traps = trapData(6)
      const out = supportState(place('worker'))
      const running = runTraps(traps, out, 'at once')
      const isAtWork = async () => (await cluster.executors()).every(({ activeTasks }) => activeTasks > 0)
      let isDone = false
      void running.finally(() => {
        isDone = true
      })
      while (!isDone && !(await isAtWork())) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(isDone, 'the worker is killed before the run ends').toBe(false)
      await cluster.killWorker(0)
      await running
      await expectSameState(traps, out)
      expect((await cluster.executors()).filter(({ isActive }) => !isActive)).toHaveLength(1)
      await out.close()
    })
  },
)
