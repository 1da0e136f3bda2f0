/**
 * The engines of `bench/engine-scale.ts`: DuckDB in this process, or a Spark cluster of this machine that loses a worker.
 * @module
 */
import { join } from 'node:path'
import { connectSpark, openDuckdb } from '../src/engine/index.ts'
import { openState } from '../src/engine/state/open-state.ts'
import { sparkVersions } from '../src/engine/state/spark-versions.ts'
import type { Versions } from '../src/engine/state/versions.ts'
import { findSpark, type SparkCluster, startSparkCluster } from '../tests/engine/spark/spark-cluster.ts'

/** An engine under test. */
export interface ScaleEngine {
  readonly state: Versions
  /** Runs the work during which a worker is killed, where there are workers. Fails where the worker had nothing to do. */
  wounded<Result>(work: () => Promise<Result>): Promise<Result>
  /** What there is to say of the engine at the end. */
  report(): Promise<Readonly<Record<string, unknown>>>
  stop(): Promise<void>
}

/** DuckDB over a file of the folder, with so much memory and disk. */
export function duckdbEngine(folder: string, limits: { readonly memory: string; readonly disk: string }): ScaleEngine {
  const temporaryFolder = join(folder, 'spilled')
  const state = openState({
    ...{ title: 'duckdb', isShared: true, mayExist: () => true },
    open: async () => {
      const file = join(folder, 'state.duckdb')
      const connection = await openDuckdb({ file, memoryLimit: limits.memory, temporaryFolder })
      await connection.exec(`SET max_temp_directory_size = '${limits.disk}'`)
      return connection
    },
  })
  return { state, wounded: (work) => work(), report: async () => limits, stop: () => state.close() }
}

/** Kills a worker as soon as both are at work. */
async function woundedWork<Result>(cluster: SparkCluster, work: () => Promise<Result>): Promise<Result> {
  let isDone = false
  const running = work().finally(() => {
    isDone = true
  })
  const areAtWork = async () => (await cluster.executors()).filter(({ activeTasks }) => activeTasks > 0).length >= 2
  while (!isDone && !(await areAtWork())) await new Promise((resolve) => setTimeout(resolve, 20))
  if (!isDone) {
    await cluster.killWorker(0)
    process.stderr.write('a worker was killed at work\n')
  }
  const result = await running
  const lost = (await cluster.executors()).filter(({ isActive }) => !isActive)
  if (lost.length === 0) throw new Error('no worker was killed at work: take more rows')
  return result
}

/** A master, two workers and a Connect server, with tables of Iceberg in the folder. */
export async function sparkEngine(folder: string): Promise<ScaleEngine> {
  const tools = findSpark()
  if (tools === null) throw new Error('Spark is not here: .ci/run installs it in tests/.venv-spark')
  const cluster = await startSparkCluster(tools, { within: folder })
  const state = sparkVersions({
    at: ['lake', 'support_etl'],
    open: () => connectSpark(cluster.url, { retrySeconds: 120 }),
  })
  return {
    state,
    wounded: (work) => woundedWork(cluster, work),
    report: async () => {
      const executors = await cluster.executors()
      return {
        tasks: executors.map(({ id, totalTasks }) => [id, totalTasks]),
        lostExecutors: executors.filter(({ isActive }) => !isActive).length,
      }
    },
    stop: async () => {
      await state.close()
      await cluster.stop()
    },
  }
}
