/**
 * Opens the place of a folder whose state an engine keeps, and says which engine that is.
 * @module
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { openStore } from '../../connect/open.ts'
import { addressOf } from '../../connect/postgres/address.ts'
import { ConnectError, EngineError } from '../../errors.ts'
import { nodeEffects } from '../../pipeline/effects.ts'
import type { EnginePlace } from '../../pipeline/engine-place.ts'
import { decodeMarker } from '../../pipeline/keeper.ts'
import { MARKER } from '../../pipeline/marker-name.ts'
import { type DuckdbSettings, openDuckdb, refuseSettings } from '../duckdb.ts'
import { unknownEngine } from '../engine-refusals.ts'
import { openPostgres } from '../postgres.ts'
import { readAddress, readStateAddress } from '../spark/address.ts'
import { connectSpark } from '../spark/connect-spark.ts'
import { enginePlace } from './engine-place.ts'
import { openState } from './open-state.ts'
import type { RollupPlans } from './rollup-plan.ts'
import { sparkVersions } from './spark-versions.ts'
import { openSpools } from './spool-files.ts'
import { SCHEMA } from './table-names.ts'
import type { Versions } from './versions.ts'

/** The engines that keep the state of a job. */
export const ENGINE_NAMES = ['duckdb', 'postgres', 'spark'] as const

/** The name of an engine that keeps the state of a job. */
export type EngineName = (typeof ENGINE_NAMES)[number]

/** Which engine keeps a state. */
export interface EngineAddress {
  readonly engine: EngineName
  /** The file of DuckDB, or the address of Postgres or Spark without what is secret. */
  readonly url: string
}

/** Where files are that have no name yet. */
const TEMPORARY_FOLDER = '.support-etl/data'

/** The file of DuckDB where none is named. */
const FILE = join('.support-etl', 'state.duckdb')

/** What an engine without an address is asked for. */
const NEEDED = {
  postgres: ['a server or of an embedded database', 'postgres://user@host/database'],
  spark: ['a Spark Connect server', 'sc://host:15002'],
} as const

/** Where the token of Spark is, as Spark's own clients read it: no file of a state has it. */
const TOKEN = 'SPARK_CONNECT_AUTHENTICATE_TOKEN'

/** An address of Postgres without its password, as files may hold it. @throws ConnectError invalid_option - it is none */
function withoutPassword(url: string): string {
  if (!URL.canParse(url)) {
    throw new ConnectError(
      'invalid_option',
      'the address of the engine cannot be read (and is not repeated here: it may hold a password); expected postgres://user@host:5432/database',
    )
  }
  const address = new URL(url)
  address.password = ''
  address.searchParams.delete('password')
  return address.href
}

/** Returns the address of an engine as a folder remembers it. @throws EngineError engine_unknown; ConnectError invalid_option */
export function engineAddress(out: string, engine: string, url: string | undefined): EngineAddress {
  if (engine === 'duckdb') {
    if (/^[a-z]+:\/\/|^pglite:/i.test(url ?? '')) {
      throw new EngineError('invalid_option', 'the engine duckdb takes the path of a file, and not an address', {
        advice: [
          { option: 'engine', value: /^sc:/i.test(url ?? '') ? "'spark'" : "'postgres'", effect: 'use a server' },
        ],
      })
    }
    return { engine, url: resolve(url ?? join(out, FILE)) }
  }
  if (engine !== 'postgres' && engine !== 'spark') throw unknownEngine(engine, ENGINE_NAMES)
  if (url === undefined) {
    const [what, value] = NEEDED[engine]
    throw new EngineError('invalid_option', `the engine ${engine} needs the address of ${what}`, {
      advice: [{ option: 'engineUrl', value, effect: 'name it' }],
    })
  }
  if (engine === 'spark') return { engine, url: readStateAddress(url, SCHEMA).marked }
  const address = addressOf('the address of the engine', url)
  return { engine, url: address.kind === 'embedded' ? `pglite:${resolve(address.folder)}` : withoutPassword(url) }
}

/** The address as the marker of a folder has it: a file within the folder by its place there, so that the folder can be moved. */
function markedAddress(out: string, { engine, url }: EngineAddress): EngineAddress {
  if (engine !== 'duckdb') return { engine, url }
  const within = relative(resolve(out), url)
  return { engine, url: within.startsWith('..') || isAbsolute(within) ? url : within.split(sep).join('/') }
}

/** Returns the engine that the marker of a folder names, as `engineState` takes it; null where files keep its state. */
export function markedEngine(out: string): EngineAddress | null {
  const path = join(out, MARKER)
  if (out.includes('://') || !existsSync(path)) return null
  const { engine, url } = decodeMarker(readFileSync(path), path)
  if (engine === 'duckdb') return { engine, url: isAbsolute(url) ? url : resolve(out, url) }
  if (engine === 'postgres' || engine === 'spark') return { engine, url }
  throw unknownEngine(engine, ENGINE_NAMES)
}

/** The versions at an address; nothing is opened yet. */
function versionsAt(
  { engine, url }: EngineAddress,
  given: string | undefined,
  settings: DuckdbSettings | undefined,
): Versions {
  if (engine === 'duckdb') {
    return openState({
      title: `duckdb (${url})`,
      isShared: false,
      mayExist: () => existsSync(url),
      open: (mode) => {
        mkdirSync(dirname(url), { recursive: true })
        return openDuckdb({ ...settings, file: url, isReadOnly: mode === 'read' })
      },
    })
  }
  if (engine === 'spark') {
    const { url: address, at } = readStateAddress(given ?? url, SCHEMA)
    const token = readAddress(address).token ?? process.env[TOKEN]
    return sparkVersions({ at, open: () => connectSpark(address, token === undefined ? {} : { token }) })
  }
  const address = addressOf('the address of the engine', given ?? url)
  const schema = address.kind === 'server' ? address.schema : null
  return openState({
    ...{ title: 'postgres', isShared: true, mayExist: () => true, open: () => openPostgres(given ?? url) },
    ...(schema !== null && { schema }),
  })
}

const OPTIONS = {
  out: true,
  engine: true,
  url: true,
  plans: true,
  duckdb: true,
} satisfies OptionNames<EngineStateOptions>

/** A place whose state an engine keeps. */
export interface EngineState extends EnginePlace {
  /** Closes the connection. Never fails. */
  close(): Promise<void>
}

/** Which place is opened, and with what. */
export interface EngineStateOptions {
  /** The folder of the published copies. */
  readonly out: string
  readonly engine: EngineName
  /** The file of DuckDB, `.support-etl/state.duckdb` of the folder by default; or the address of Postgres, or of a Spark Connect server. */
  readonly url?: string
  /** The plans of the job's rollups; one without a plan is made in this process, of all rows. */
  readonly plans?: RollupPlans | (() => Promise<RollupPlans>)
  /** What the engine duckdb may use of this machine; it is not remembered. Other engines have their own settings. */
  readonly duckdb?: DuckdbSettings
}

/**
 * Returns the place of a folder whose state an engine keeps, for `runPipeline`, `readState` and every function that takes a place:
 * inputs, tables and rollups are tables of the engine, and so is the log; the folder has the published copies, and `engine.json`,
 * which says where the state is. One run is one transaction, or in Spark one version that is seen at once. Nothing is opened before it is needed.
 *
 * @throws EngineError engine_unknown - there is no such engine
 * @throws ContractError invalid_option - an option is not fit
 * @throws ConnectError invalid_option - the address is none; of the place's functions: what the engine refuses
 * @throws PipelineError lock_held - of the place's functions: another process has the file open
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { engineState } from 'support-etl/engine'
 * import { runPipeline } from 'support-etl/pipeline'
 * import { supportJob, supportPlans } from 'support-etl/support'
 *
 * async function monthly(data: string) {
 *   const out = engineState({ out: 'output', engine: 'duckdb', plans: supportPlans })
 *   try {
 *     return await runPipeline(supportJob, { data, out })
 *   } finally {
 *     await out.close()
 *   }
 * }
 * typeof monthly // 'function'
 */
export function engineState(options: EngineStateOptions): EngineState {
  refuseUnknown(options, OPTIONS)
  const { out, engine, url, plans = {}, duckdb } = options
  refuseUnless(typeof out === 'string' && !out.includes('://'), 'out', out, 'the path of a folder')
  refuseUnless(typeof engine === 'string', 'engine', engine, `one of ${ENGINE_NAMES.join(', ')}`)
  refuseUnless(url === undefined || typeof url === 'string', 'url', url, 'a file, or an address')
  refuseUnless(isRecord(plans) || typeof plans === 'function', 'plans', plans, 'the plans of the rollups, by name')
  const address = engineAddress(out, engine, url)
  refuseUnless(duckdb === undefined || engine === 'duckdb', 'duckdb', duckdb, `nothing with the engine ${engine}`)
  if (duckdb !== undefined) refuseSettings(duckdb)
  const folder = openStore(out, { temporaryFolder: TEMPORARY_FOLDER })
  const state = versionsAt(address, url, duckdb)
  const { newHash } = nodeEffects()
  const newSpools = () => openSpools(join(out, TEMPORARY_FOLDER))
  const loadPlans = async () => (typeof plans === 'function' ? plans() : plans)
  const marked = markedAddress(out, address)
  const place = enginePlace({ folder, state, plans: loadPlans, newHash, newSpools, address: marked })
  return Object.assign(place, { close: () => state.close() })
}
