/**
 * A Spark cluster of a test's own on the loopback interface: a master, two workers of one core, and a Connect server with tables of
 * Iceberg or of Delta Lake. Each is a process group, so that killing a worker kills its executor too, as losing a machine does.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sparkFolder } from '../../python-tools.ts'

export interface SparkTools {
  readonly home: string
  readonly iceberg: string
  /** The libraries of Delta Lake; null where they are not here. */
  readonly delta: readonly string[] | null
}

/** Spark's programs and Iceberg's library; null where they or Java are not here. */
export function findSpark(): SparkTools | null {
  const libraries = join(sparkFolder, 'lib')
  const jars = join(sparkFolder, 'jars')
  if (!existsSync(libraries) || !existsSync(jars)) return null
  const version = readdirSync(libraries).find((name) => /^python3\.\d+$/.test(name))
  const found = readdirSync(jars)
  const iceberg = found.find((name) => name.startsWith('iceberg-'))
  const delta = ['delta-spark_', 'delta-storage-'].flatMap(
    (start) => found.find((name) => name.startsWith(start)) ?? [],
  )
  const home = join(libraries, version ?? '', 'site-packages', 'pyspark')
  if (iceberg === undefined || !existsSync(join(home, 'bin', 'spark-class'))) return null
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return null
  return {
    home,
    iceberg: join(jars, iceberg),
    delta: delta.length === 2 ? delta.map((name) => join(jars, name)) : null,
  }
}

/** What an executor has done, as the REST interface says it. */
export interface ExecutorState {
  readonly id: string
  readonly isActive: boolean
  readonly totalTasks: number
  readonly activeTasks: number
}

export interface SparkCluster {
  /** The port of the Connect server. */
  readonly port: number
  /** Its address, for `connectSpark`. */
  readonly url: string
  /** The executors that it has or had, without the driver. */
  executors(): Promise<readonly ExecutorState[]>
  /** Kills a worker and its executor. */
  killWorker(index: 0 | 1): Promise<void>
  stop(): Promise<void>
}

/** Ports that are free now, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

const SETTINGS: Readonly<Record<string, string>> = {
  'spark.executor.memory': '1g',
  'spark.executor.cores': '1',
  'spark.cores.max': '2',
  'spark.sql.shuffle.partitions': '4',
  'spark.default.parallelism': '4',
  'spark.ui.showConsoleProgress': 'false',
  'spark.connect.grpc.binding.address': '127.0.0.1',
  'spark.driver.host': '127.0.0.1',
  'spark.driver.bindAddress': '127.0.0.1',
  // an executor that is lost counts as lost soon
  'spark.network.timeout': '60s',
}

/** The formats of tables that a cluster may have. */
export type TableFormat = 'iceberg' | 'delta'

/** The settings and libraries of a format. */
function formatOf({ iceberg, delta }: SparkTools, format: TableFormat, folder: string) {
  if (format === 'iceberg') {
    const settings = {
      'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
      'spark.sql.catalog.lake': 'org.apache.iceberg.spark.SparkCatalog',
      'spark.sql.catalog.lake.type': 'hadoop',
      'spark.sql.catalog.lake.warehouse': `file://${folder}/lake`,
      'spark.sql.defaultCatalog': 'lake',
    }
    return { settings, jars: [iceberg] }
  }
  if (delta === null) throw new Error('the libraries of Delta Lake are not here')
  const settings = {
    'spark.sql.extensions': 'io.delta.sql.DeltaSparkSessionExtension',
    'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
    // the log of a small table is read by 50 tasks otherwise
    'spark.databricks.delta.snapshotPartitions': '1',
  }
  return { settings, jars: delta }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** How a cluster is started. */
export interface ClusterOptions {
  /** The format of its tables; Iceberg by default. */
  readonly format?: TableFormat
  /** Where its own folder is made; among temporary files by default. */
  readonly within?: string
  /** Milliseconds after which a program counts as not starting. */
  readonly patience?: number
}

/** Starts a cluster, and resolves when its Connect server listens. Takes a minute, and 3 GB of memory. */
export async function startSparkCluster(tools: SparkTools, options: ClusterOptions = {}): Promise<SparkCluster> {
  const { format = 'iceberg', within = tmpdir(), patience = 600_000 } = options
  const { home } = tools
  const folder = await mkdtemp(join(within, 'spark-'))
  const { settings: ofFormat, jars } = formatOf(tools, format, folder)
  const [master = 0, masterPage = 0, port = 0, page = 0, ...workerPages] = await freePorts(6)
  const running = new Map<string, ChildProcess>()
  const env = {
    ...process.env,
    ...{ SPARK_HOME: home, SPARK_LOCAL_IP: '127.0.0.1', SPARK_DAEMON_MEMORY: '512m', SPARK_NO_DAEMONIZE: '1' },
    ...{ SPARK_LOCAL_DIRS: join(folder, 'local') },
    // what a killed process leaves goes with the folder
    ...{ JDK_JAVA_OPTIONS: `-Djava.io.tmpdir=${folder}` },
  }
  const start = async (name: string, program: string, args: readonly string[]): Promise<void> => {
    const log = await open(join(folder, `${name}.log`), 'w')
    const child = spawn(join(home, 'bin', program), args, {
      ...{ cwd: folder, env, detached: true, stdio: ['ignore', log.fd, log.fd] },
    })
    running.set(name, child)
    await log.close()
  }
  const kill = async (name: string): Promise<void> => {
    const child = running.get(name)
    running.delete(name)
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  const stop = async (): Promise<void> => {
    for (const name of [...running.keys()]) await kill(name)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const said = (name: string): string => readFileSync(join(folder, `${name}.log`), 'utf8')
  const until = async (name: string, isDone: () => boolean | Promise<boolean>): Promise<void> => {
    const deadline = Date.now() + patience
    while (!(await isDone())) {
      const child = running.get(name)
      if (child?.exitCode !== null || Date.now() > deadline) throw new Error(`${name} did not start: ${said(name)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  try {
    const address = `spark://127.0.0.1:${master}`
    const host = ['--host', '127.0.0.1']
    const deploy = 'org.apache.spark.deploy'
    const places = ['--port', String(master), '--webui-port', String(masterPage)]
    await start('master', 'spark-class', [`${deploy}.master.Master`, ...host, ...places])
    for (const [index, workerPage] of workerPages.entries()) {
      const size = ['--cores', '1', '--memory', '1200m', '--webui-port', String(workerPage)]
      const work = ['--work-dir', join(folder, `worker-${index}`)]
      await start(`worker-${index}`, 'spark-class', [`${deploy}.worker.Worker`, ...host, ...size, ...work, address])
    }
    for (const index of workerPages.keys())
      await until(`worker-${index}`, () => said(`worker-${index}`).includes('Successfully registered'))
    const settings = {
      ...SETTINGS,
      ...ofFormat,
      'spark.connect.grpc.binding.port': String(port),
      'spark.ui.port': String(page),
      'spark.sql.warehouse.dir': join(folder, 'warehouse'),
    }
    await start('connect', 'spark-submit', [
      ...['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer', '--master', address],
      ...['--driver-memory', '1g', '--jars', jars.join(',')],
      ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
      'spark-internal',
    ])
    await until('connect', () => listens(port))
  } catch (error) {
    await stop()
    throw error
  }
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${page}/api/v1/applications${path}`)
    return answer.json()
  }
  return {
    ...{ port, url: `sc://127.0.0.1:${port}`, stop, killWorker: (index) => kill(`worker-${index}`) },
    executors: async () => {
      const [application] = (await ask('')) as { id: string }[]
      const all = (await ask(`/${application?.id}/allexecutors`)) as ExecutorState[]
      return all.filter(({ id }) => id !== 'driver')
    },
  }
}
