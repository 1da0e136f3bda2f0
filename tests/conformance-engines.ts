/**
 * The engines of the conformance suite's scoreboard: which version of each is here, and the program that answers for it.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findSpark, startSparkCluster } from './engine/spark/spark-cluster.ts'
import { dbtPython, dltPython } from './python-tools.ts'

const root = join(import.meta.dirname, '..')

/** An engine and the program that answers for it. */
export interface Contender {
  readonly title: string
  /** Its version; null where it is not here. */
  version(): string | null
  /** The command that answers the cases. */
  command(): Promise<{ readonly words: readonly string[]; stop(): Promise<void> }>
}

const versionOf = (name: string): string => {
  const path = join(root, 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

const engine = (name: string): string => join(root, 'conformance', 'engines', name)
const node = (...args: string[]) => [process.execPath, '--conditions=support-etl-source', ...args]
const still = (words: readonly string[]) => async () => ({ words, stop: async () => {} })

const SOURCES = { all: 'every row of a delta', latest: 'the last row of each key' } as const

const inProcess = (
  name: 'duckdb' | 'postgres',
  title: string,
  version: () => string,
  source: keyof typeof SOURCES,
): Contender => ({
  title: `${title} MERGE, ${SOURCES[source]}`,
  version,
  command: still(node(engine('merge.mjs'), name, source)),
})

const duckdbVersion = (): string => `DuckDB ${versionOf('@duckdb/node-api').replace(/-.*/, '')}`
const pgliteVersion = (): string => `PGlite ${versionOf('@electric-sql/pglite')}, PostgreSQL 18`

const FORMATS = { iceberg: 'Iceberg', delta: 'Delta Lake' } as const

/** The version in the name of a library, `NAME-4.1_2.13-1.12.0.jar`. */
const libraryVersion = (path: string | undefined): string => /-([\d.]+)\.jar$/.exec(path ?? '')?.[1] ?? 'unknown'

const onSpark = (format: keyof typeof FORMATS, source: keyof typeof SOURCES): Contender => ({
  title: `${FORMATS[format]} MERGE on Spark, ${SOURCES[source]}`,
  version: () => {
    const tools = findSpark()
    const library = format === 'delta' ? tools?.delta?.[0] : tools?.iceberg
    if (tools === null || library === undefined) return null
    return `${FORMATS[format]} ${libraryVersion(library)} on Spark ${sparkVersion(tools.home)}`
  },
  command: async () => {
    const tools = findSpark()
    if (tools === null) throw new Error('Spark is not here')
    const cluster = await startSparkCluster(tools, { format })
    return { words: node(engine('merge.mjs'), format, source, cluster.url), stop: () => cluster.stop() }
  },
})

function sparkVersion(home: string): string {
  const text = readFileSync(join(home, 'version.py'), 'utf8')
  return /__version__: str = '([^']+)'/.exec(text)?.[1] ?? 'unknown'
}

const snapshots = (title: string, ...how: readonly string[]): Contender => ({
  title: `dbt snapshot, ${title}`,
  version: () => {
    if (!existsSync(dbtPython)) return null
    const names = ['dbt-core', 'dbt-duckdb', 'duckdb']
    const asked = `from importlib.metadata import version; print(*map(version, ${JSON.stringify(names)}))`
    const [core, adapter, duckdb] = execFileSync(dbtPython, ['-c', asked], { encoding: 'utf8' }).trim().split(' ')
    return `dbt ${core}, dbt-duckdb ${adapter}, DuckDB ${duckdb}`
  },
  command: still([dbtPython, engine('snapshot_dbt.py'), ...how]),
})

/** The engines, by the name of their results. */
export const CONTENDERS: Readonly<Record<string, Contender>> = {
  'support-etl': {
    title: 'support-etl `applyDelta`',
    version: () =>
      `support-etl ${(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version}`,
    command: still(node(engine('support-etl.mjs'))),
  },
  'duckdb-all': inProcess('duckdb', 'DuckDB', duckdbVersion, 'all'),
  'duckdb-latest': inProcess('duckdb', 'DuckDB', duckdbVersion, 'latest'),
  'postgres-all': inProcess('postgres', 'Postgres', pgliteVersion, 'all'),
  'postgres-latest': inProcess('postgres', 'Postgres', pgliteVersion, 'latest'),
  'iceberg-all': onSpark('iceberg', 'all'),
  'iceberg-latest': onSpark('iceberg', 'latest'),
  'delta-all': onSpark('delta', 'all'),
  'delta-latest': onSpark('delta', 'latest'),
  dlt: {
    title: 'dlt, `merge` with `hard_delete` and `dedup_sort`, into DuckDB',
    version: () => {
      if (!existsSync(dltPython)) return null
      const asked = 'import dlt, duckdb; print(f"dlt {dlt.__version__}, DuckDB {duckdb.__version__}")'
      return execFileSync(dltPython, ['-c', asked], { encoding: 'utf8' }).trim()
    },
    command: still([dltPython, engine('dlt_merge.py')]),
  },
  'dbt-check': snapshots('`check` strategy, the last change of each key in a delta', 'check', 'deltas'),
  'dbt-timestamp': snapshots('`timestamp` strategy, the last change of each key in a delta', 'timestamp', 'deltas'),
  'dbt-hard-deletes': snapshots(
    '`check` strategy with `hard_deletes: invalidate`, the rows that all changes leave',
    ...['check', 'rows'],
  ),
}
