/**
 * The plans on a cluster of Spark with tables of Iceberg: a master, two workers, and a worker that is killed at work. Three sets of
 * random changes; `SUPPORT_ETL_SPARK_SETS` asks for more, `SUPPORT_ETL_SPARK_ROWS` for a greater table.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connectSpark,
  dialectOf,
  type EngineConnection,
  foldPlan,
  ORDER,
  openSpark,
  renderCreate,
  renderQuery,
  renderReplace,
  STAGED,
} from '../../../src/engine/index.ts'
import { float64, int64, string, type TableContract } from '../../../src/table/contract.ts'
import type { Frame } from '../../../src/table/frame.ts'
import { expectedReport, reportCase, reportPlanOf, stagedReport } from '../../systems/support/report-cases.ts'
import { bytesOf, cells, contract as everyKind } from '../connection-cells.ts'
import { expectedRows, foldCase, planOf, shifts, stagedFold } from '../fold-cases.ts'
import { type StagedTable, stagingStatements } from '../staging.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { findSpark, type SparkCluster, startSparkCluster } from './spark-cluster.ts'

const tools = findSpark()
const SETS = Number(process.env.SUPPORT_ETL_SPARK_SETS ?? 3)
const ROWS = Number(process.env.SUPPORT_ETL_SPARK_ROWS ?? 400_000)
const spark = dialectOf('spark')

const inOrder = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort()

describe.skipIf(tools === null)(
  'a cluster of Spark (.ci/run installs it in tests/.venv-spark)',
  { timeout: 600_000 },
  () => {
    let cluster: SparkCluster
    let connection: EngineConnection

    beforeAll(async () => {
      if (tools === null) return
      cluster = await startSparkCluster(tools)
      connection = await openSpark(cluster.url, { retrySeconds: 120 })
    }, 700_000)

    afterAll(async () => {
      await connection?.close()
      await cluster?.stop()
    }, 60_000)

    const stage = async (table: StagedTable): Promise<void> => {
      for (const statement of stagingStatements(table, spark)) await connection.exec(statement)
    }

    async function rowsOf(query: string, columns: TableContract['columns']): Promise<unknown[][]> {
      const rows: unknown[][] = []
      for await (const batch of connection.query(query, columns))
        for (let row = 0; row < batch.rows; row++)
          rows.push([...batch.columns.values()].map((column) => column.at(row)))
      return rows
    }

    it('gives back every cell that was appended to a table of Iceberg', async () => {
      const columns = Object.entries(everyKind.columns).map(([name, { kind }]) => [name, kind] as const)
      await connection.exec(renderCreate('cells', columns, spark))
      await connection.append('cells', cells(), everyKind.columns)
      const found: Frame[] = []
      for await (const batch of connection.query('SELECT * FROM `cells` ORDER BY `id`', everyKind.columns))
        found.push(batch)
      expect(found).toHaveLength(1)
      expect(bytesOf(found[0] as Frame).equals(bytesOf(cells()))).toBe(true)
    })

    it('folds random changes as the model does, in the same order', async () => {
      for (const sample of fc.sample(foldCase, { numRuns: SETS, seed: 21 })) {
        await stage(stagedFold(sample))
        const query = renderQuery(planOf(sample), spark, [{ column: ORDER, isText: false }])
        const rows = await rowsOf(query, { ...shifts.columns, [ORDER]: int64() })
        const expected = expectedRows(sample).map(({ id, team, minutes }) => [id, team, minutes === 0 ? 0 : minutes])
        expect(rows.map(([id, team, minutes]) => [id, team, minutes === 0 ? 0 : minutes])).toEqual(expected)
      }
    })

    it('gives the support report of the library', async () => {
      for (const sample of fc.sample(reportCase, { numRuns: SETS, seed: 22 })) {
        for (const table of stagedReport(sample)) await stage(table)
        const texts = ['month', 'contact_center_name', 'department']
        const expected = expectedReport(sample).map((line) => Object.values(line))
        const [first] = expectedReport(sample)
        const figures = Object.keys(first ?? {}).slice(texts.length)
        const columns = {
          ...Object.fromEntries(texts.map((name) => [name, string()])),
          ...Object.fromEntries(figures.map((name) => [name, float64()])),
        }
        const rows = await rowsOf(renderQuery(reportPlanOf(sample), spark), columns)
        expect(inOrder(rows)).toEqual(inOrder(expected))
      }
    })

    it('goes on where the network cut the answers, and runs a command once', async () => {
      const proxy = await startCuttingProxy(cluster.port)
      const session = await connectSpark(`sc://127.0.0.1:${proxy.port}`, { retrySeconds: 120 })
      proxy.cut(4, 300_000)
      let [count, sum] = [0, 0n]
      for await (const table of session.query('SELECT id FROM range(0, 500000)'))
        for (const { id } of table.objects() as { id: bigint }[]) {
          count++
          sum += id
        }
      expect([proxy.cuts, count, sum]).toEqual([4, 500_000, (500_000n * 499_999n) / 2n])
      await session.exec('CREATE TABLE counted (n BIGINT)')
      for (let n = 0; n < 5; n++) {
        const running = session.exec(`INSERT INTO counted SELECT ${n} + max(id) * 0 FROM range(0, 20000000)`)
        await new Promise((resolve) => setTimeout(resolve, 80 * n))
        proxy.goDown()
        await new Promise((resolve) => setTimeout(resolve, 200))
        proxy.comeUp()
        await running
      }
      const counted: object[] = []
      for await (const table of session.query('SELECT n FROM counted ORDER BY n')) counted.push(...table.objects())
      expect(counted).toEqual([0n, 1n, 2n, 3n, 4n].map((n) => ({ n })))
      await session.close()
      await proxy.stop()
    })

    it('names the errors of Spark by their class and SQLSTATE, and does not repeat the statement', async () => {
      const session = await connectSpark(cluster.url)
      await expect(session.exec('DROP TABLE nowhere')).rejects.toMatchObject({
        code: 'engine_refused',
        details: { errorClass: 'TABLE_OR_VIEW_NOT_FOUND', sqlState: '42P01' },
      })
      await session.close()
    })

    it('folds a great table right though a worker is killed at work, and both had tasks', async () => {
      // the extract has every id; then every third is updated, every fifth deleted, and every tenth added again
      const file = (batch: number, action: string, minutes: string, step: number) =>
        `SELECT concat('I', id * ${step}) AS id, concat('T', id % 7) AS team, CAST(${minutes} AS DOUBLE) AS minutes,
        CAST(${batch} AS INT) AS _batch, id AS _seq, '${action}' AS _action FROM range(0, ${Math.ceil(ROWS / step)})`
      const files = [
        file(0, 'add', '1', 1),
        file(1, 'update', '2', 3),
        file(2, 'delete', '0', 5),
        file(3, 'add', '4', 10),
      ]
      await connection.exec(
        renderCreate(
          'many',
          [
            ...Object.entries(shifts.columns).map(([name, { kind }]) => [name, kind] as const),
            ...Object.entries(STAGED),
          ],
          spark,
        ),
      )
      await connection.exec(`INSERT INTO many ${files.join('\nUNION ALL\n')}`)

      const isAtWork = async () => (await cluster.executors()).every(({ activeTasks }) => activeTasks > 0)
      const [statement = ''] = renderReplace('folded', foldPlan(shifts, { staged: 'many' }), spark)
      let isDone = false
      const running = connection.exec(statement).finally(() => {
        isDone = true
      })
      while (!isDone && !(await isAtWork())) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(isDone, 'the worker is killed before the statement ends').toBe(false)
      await cluster.killWorker(0)
      await running

      const query = 'SELECT count(*) AS n, count(DISTINCT id) AS ids, sum(minutes) AS minutes FROM folded'
      const [found] = await rowsOf(query, { n: int64(), ids: int64(), minutes: float64() })
      let [count, minutes] = [0, 0]
      for (let id = 0; id < ROWS; id++) {
        if (id % 5 === 0 && id % 10 !== 0) continue
        count++
        minutes += id % 10 === 0 ? 4 : id % 3 === 0 ? 2 : 1
      }
      expect(found?.map(Number)).toEqual([count, count, minutes])
      const executors = await cluster.executors()
      expect(executors.filter(({ totalTasks }) => totalTasks > 0).length).toBeGreaterThanOrEqual(2)
      expect(executors.filter(({ isActive }) => !isActive)).toHaveLength(1)
    })
  },
)
