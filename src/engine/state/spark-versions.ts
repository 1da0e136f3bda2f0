/**
 * Versions of a place in Spark, which has no transaction over several tables: a version has tables, or branches of tables, of its
 * own, and one row that is replaced at the end names them.
 * @module
 */
import { ConnectError, EngineError, PipelineError } from '../../errors.ts'
import { string } from '../../table/contract.ts'
import type { SparkConnection } from '../spark/connect-spark.ts'
import { sparkConnection } from '../spark/open-spark.ts'
import { type Head, refusalOf, SparkHead, type VersionForm } from './spark-head.ts'
import { discard, showInMain, sweep } from './spark-leftovers.ts'
import { dialectAt, framesOf, newVersion, placeIn } from './spark-names.ts'
import { SparkTables } from './spark-tables.ts'
import { BATCHES, FILES } from './table-names.ts'
import type { Version, Versions, VersionTables } from './versions.ts'

/** How a place in Spark is opened. */
export interface SparkPlace {
  /** The schema, after its catalog where it has one. */
  readonly at: readonly string[]
  readonly open: () => Promise<SparkConnection>
}

/** The versions of a place in Spark. */
class SparkVersions implements Versions {
  readonly #place: SparkPlace
  #session: Promise<SparkConnection> | null = null
  #at: readonly string[] | null = null
  #form: VersionForm | null = null
  /** The tables that were read last. */
  #read: { readonly head: Head; readonly tables: SparkTables } | null = null

  constructor(place: SparkPlace) {
    this.#place = place
  }

  get title(): string {
    return `spark (${(this.#at ?? this.#place.at).join('.')})`
  }

  get notice(): string | null {
    if (this.#form !== 'copies') return null
    return `${this.title} has no tables of Iceberg with branches: each run makes the tables that it changes anew, and only one folder may use the schema`
  }

  async #open(): Promise<{
    readonly spark: SparkConnection
    readonly at: readonly string[]
    readonly head: SparkHead
  }> {
    this.#session ??= this.#place.open()
    const spark = await this.#session
    if (this.#at === null) {
      // branches are named by all of their parts
      const catalog = await framesOf(sparkConnection(spark), 'SELECT current_catalog() AS name', { name: string() })
      const name = String(catalog[0]?.columns.get('name')?.at(0))
      this.#at = this.#place.at.length > 1 ? this.#place.at : [name, ...this.#place.at]
    }
    const at = this.#at
    return {
      spark,
      at,
      head: new SparkHead(
        sparkConnection(
          spark,
          dialectAt(at, () => null),
        ),
      ),
    }
  }

  async #head(): Promise<Head | null> {
    const { head } = await this.#open()
    const found = await head.read()
    this.#form = found?.form ?? null
    return found !== null && found.seq > 0 ? found : null
  }

  async exists(): Promise<boolean> {
    return this.#read !== null || (await this.#head()) !== null
  }

  async read(): Promise<SparkTables> {
    const { spark, at } = await this.#open()
    const head = await this.#head()
    if (head === null) throw new ConnectError('not_found', `${this.title} has no version`)
    if (this.#read?.head.version !== head.version) {
      const tables = new SparkTables(spark, { at, head, version: null, snapshots: new Map() })
      this.#read = { head, tables }
    }
    return this.#read.tables
  }

  async readAtOnce<Result>(work: (tables: VersionTables) => Promise<Result>): Promise<Result> {
    return work(await this.read())
  }

  async change(work: (tables: VersionTables) => Promise<void>): Promise<void> {
    const version = await this.begin()
    try {
      await work(version.tables)
      await version.commit()
    } finally {
      await version.end()
    }
  }

  /** Whether the catalog has tables with branches, tried out with a table that nobody knows. */
  async #findForm(exec: (statement: string) => Promise<void>, probe: string): Promise<VersionForm> {
    try {
      await exec(`CREATE TABLE ${probe} (n INT) USING iceberg`)
    } catch (error) {
      if (refusalOf(error) === null) throw error
      return 'copies'
    }
    try {
      await exec(`ALTER TABLE ${probe} CREATE BRANCH tried`)
      return 'branches'
    } catch (error) {
      if (refusalOf(error) === null) throw error
      return 'copies'
    } finally {
      await exec(`DROP TABLE ${probe}`)
    }
  }

  /** The head, which is made where there is none. */
  async #headToWrite(): Promise<Head> {
    const { spark, at, head } = await this.#open()
    const found = await head.read()
    if (found !== null) return found
    const exec = (statement: string): Promise<void> => spark.exec(statement)
    await exec(`CREATE SCHEMA IF NOT EXISTS ${placeIn(at.slice(0, -1), at.at(-1) ?? '')}`)
    await head.create(await this.#findForm(exec, placeIn(at, `_probe__${newVersion(0)}`)))
    const made = await head.read()
    if (made === null) throw new EngineError('engine_lost', `${this.title} does not have the table that was created`)
    return made
  }

  async begin(): Promise<Version> {
    const base = await this.#headToWrite()
    const { spark, at, head } = await this.#open()
    this.#form = base.form
    const swept = await sweep(spark, at, base)
    const version = newVersion(base.seq + 1)
    const tables = new SparkTables(spark, { at, head: base, version, snapshots: swept })
    for (const table of [FILES, BATCHES]) await tables.create(table)
    let isDecided = true
    return {
      tables,
      commit: async () => {
        isDecided = false
        await head
          .replace(base, { ...base, seq: base.seq + 1, version, tables: tables.held })
          .catch((error: unknown) => {
            isDecided = error instanceof PipelineError
            throw error
          })
        if (base.form === 'branches') await showInMain(spark, at, tables.written)
      },
      end: async () => {
        const found = isDecided ? await head.read().catch(() => null) : null
        // what the head names, or may come to name, stays; what stays for nothing goes when a later version begins
        if (found !== null && found.version !== version) await discard(spark, at, { form: base.form, version, tables })
      },
    }
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = null
    this.#read = null
    await (await session?.catch(() => null))?.close()
  }
}

/** Returns the versions of a place in Spark. Nothing is opened yet. */
export function sparkVersions(place: SparkPlace): Versions {
  return new SparkVersions(place)
}
