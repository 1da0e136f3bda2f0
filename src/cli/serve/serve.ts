/**
 * `support-etl serve`: answers the routes of every system over HTTP, from committed state.
 * @module
 */
import { openStore } from '../../connect/open.ts'
import type { DatabaseAddress } from '../../connect/postgres/address.ts'
import { dashboardData } from '../../dashboard/data.ts'
import { pageFiles } from '../../dashboard/page-files.ts'
import { placesBelow } from '../../dashboard/place-folders.ts'
import { servedSite } from '../../dashboard/served-site.ts'
import { ContractError } from '../../errors.ts'
import { type Effects, nodeEffects } from '../../pipeline/effects.ts'
import { databaseAddress, openDatabase, refuseShared } from '../../server/database/named-database.ts'
import type { NamedDatabase } from '../../server/database/served-database.ts'
import { LIMITS } from '../../server/http-server.ts'
import type { CheckToken } from '../../server/keys/jwt.ts'
import { requestLog } from '../../server/request-log.ts'
import type { ServedPages } from '../../server/served-pages.ts'
import { type ServedSystem, startServer } from '../../server/start-server.ts'
import type { System } from '../../systems/system.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { optionError, parseCount } from '../../terminal/flags/option-values.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { renderJson } from '../../terminal/text/render.ts'
import { placesIn } from './state-places.ts'

interface ServeValues {
  readonly out: string
  readonly data: string
  readonly database?: string
  readonly host: string
  readonly port: string
  readonly publicHost?: readonly string[]
  readonly rateLimit?: string
  readonly jwtIssuer?: string
  readonly jwtAudience?: string
  readonly jwtKeys?: string
  readonly json?: true
}

/** What a program serves. */
export interface ServedProgram {
  readonly title: string
  readonly version: () => string
  readonly systems: readonly System[]
  /** Those whose pages are served beside the routes; none in a program that has no pages. */
  readonly pages: readonly System[]
  /** Where the state of a job is that has none yet, below `--out`. */
  readonly placeOf: (out: string, job: string) => string
}

const LAST_PORT = 65_535
/** Milliseconds between two looks at the places: a corrected file is served within five seconds. */
const INTERVAL = 1000

/** Resolves with the signal by which the process is told to end. */
function ended(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
}

/** The check of tokens; null where none are taken. @throws ContractError, ServerError invalid_option */
async function tokenOf({
  jwtIssuer: issuer,
  jwtAudience: audience,
  jwtKeys: keys,
}: ServeValues): Promise<CheckToken | null> {
  if (issuer === undefined && audience === undefined && keys === undefined) return null
  if (issuer === undefined || audience === undefined || keys === undefined) {
    throw new ContractError(
      'invalid_option',
      '--jwt-issuer, --jwt-audience and --jwt-keys belong together; give all three',
    )
  }
  return (await import('../../server/keys/jwt.ts')).tokenCheck({ issuer, audience, keys })
}

function parseRate(text: string): number {
  const rate = parseCount('--rate-limit', text)
  if (rate === 0) throw optionError('--rate-limit', text, 'requests in a minute, at least 1')
  return rate
}

async function servedSystems(
  systems: readonly System[],
  address: DatabaseAddress | null,
  effects: Effects,
): Promise<ServedSystem[]> {
  const served: ServedSystem[] = []
  const databases: NamedDatabase[] = []
  for (const system of systems) {
    const { name, title, routes } = system
    if (routes === undefined) continue
    const declared = (await system.database?.()) ?? null
    const database = declared === null ? null : { ...declared, system: name }
    if (database !== null) databases.push(database)
    served.push({
      ...{ name, title, routes: await routes(), job: database?.job ?? null },
      openDatabase: database === null ? null : (out) => openDatabase(address, database, out, effects),
    })
  }
  refuseShared(address, databases)
  return served
}

/** The pages of systems, which read the same folders as the routes; null where there are none. */
async function pagesOf(
  systems: readonly System[],
  { out, data }: ServeValues,
  effects: Effects,
): Promise<ServedPages | null> {
  if (systems.length === 0) return null
  const values = Object.assign({}, ...systems.map(({ pages }) => pages?.valuesIn?.(data) ?? {}))
  const places = placesBelow(out, openStore(out), openStore)
  return servedSite(pageFiles, await dashboardData({ systems, values, places }, effects))
}

/** Serves until the process is told to end. */
export async function serve(values: ServeValues, terminal: Terminal, program: ServedProgram): Promise<ExitCode> {
  const port = parseCount('--port', values.port)
  if (port > LAST_PORT) throw optionError('--port', values.port, `a port, at most ${LAST_PORT}`)
  const { out, host, publicHost, rateLimit } = values
  const address = databaseAddress(values.database)
  const log = requestLog(terminal.level)
  const effects: Effects = { ...nodeEffects(), logger: log }
  const server = await startServer({
    api: { title: program.title, version: program.version() },
    systems: await servedSystems(program.systems, address, effects),
    pages: await pagesOf(program.pages, values, effects),
    places: placesIn(values),
    newPlace: ({ name }) => openStore(program.placeOf(out, name)),
    names: publicHost ?? [],
    keys: openStore(out),
    token: await tokenOf(values),
    rateLimit: rateLimit === undefined ? null : parseRate(rateLimit),
    limits: LIMITS,
    log,
    interval: INTERVAL,
    ...{ effects, host, port },
  })
  await terminal.print(values.json ? renderJson({ address: server.address }) : `${terminal.title(server.address)}\n`)
  log.info('listening', { address: server.address })
  const signal = await ended()
  log.info('ending', { signal })
  await server.close()
  return EXIT.done
}
