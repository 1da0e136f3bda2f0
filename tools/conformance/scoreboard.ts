/**
 * Runs the conformance suite against engines and writes what came out into docs/conformance.md:
 * `node --conditions=support-etl-source tools/conformance/scoreboard.ts [NAME…]`. Without names, every engine whose program is here;
 * results of engines that are not run again stay, with their versions, in conformance/results.json.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findSpark, startSparkCluster } from '../../tests/engine/spark/spark-cluster.ts'
import { dbt } from '../../tests/python-tools.ts'
import { line, pageWith, type Result, type Verdict } from './page.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'conformance')
const RESULTS = join(folder, 'results.json')
const PAGE = join(root, 'docs', 'conformance.md')

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

const engine = (name: string): string => join(folder, 'engines', name)
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

const dltPython = process.env.SUPPORT_ETL_DLT ?? join(root, 'tests', '.venv-dlt', 'bin', 'python')

const dbtPython = join(dirname(dbt), 'python')

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

function measure(words: readonly string[]): Readonly<Record<string, Verdict>> {
  const said = execFileSync(process.execPath, [join(folder, 'run.mjs'), '--json', ...words], {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] },
  })
  const all = JSON.parse(said) as { id: string; verdict: Verdict }[]
  return Object.fromEntries(all.map(({ id, verdict }) => [id, verdict]))
}

const readResults = (): Readonly<Record<string, Result>> =>
  existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Record<string, Result>) : {}

async function main(names: readonly string[]): Promise<void> {
  const found: Record<string, Result> = {}
  for (const name of names.length === 0 ? Object.keys(CONTENDERS) : names) {
    const contender = CONTENDERS[name]
    if (contender === undefined) throw new Error(`there is no ${name}; there are ${Object.keys(CONTENDERS).join(', ')}`)
    const version = contender.version()
    if (version === null) {
      process.stderr.write(`${name}: not here, its last results stay\n`)
      continue
    }
    const { words, stop } = await contender.command()
    try {
      found[name] = { title: contender.title, version, verdicts: measure(words) }
    } finally {
      await stop()
    }
    // read again: engines may be measured side by side
    writeFileSync(RESULTS, `${JSON.stringify({ ...readResults(), ...found }, null, 1)}\n`)
    process.stderr.write(`${line(found[name])}\n`)
  }
  writeFileSync(PAGE, pageWith(readFileSync(PAGE, 'utf8'), readResults()))
}

if (import.meta.main) await main(process.argv.slice(2))
