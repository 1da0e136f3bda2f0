/**
 * `support-etl serve`: answers the routes of every system over HTTP, from committed state.
 * @module
 */
import { openStore } from '../connect/open.ts'
import type { DatabaseAddress } from '../connect/postgres/address.ts'
import { placesBelow } from '../dashboard/place-folders.ts'
import { type Effects, nodeEffects } from '../pipeline/effects.ts'
import { databaseAddress, openDatabase } from '../server/database/named-database.ts'
import { LIMITS, type ServedSystem, startServer } from '../server/start-server.ts'
import type { System } from '../systems/system.ts'
import { effectsOf } from '../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import { optionError, parseCount } from '../terminal/option-values.ts'
import { renderJson } from '../terminal/render.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface ServeValues {
  readonly out: string
  readonly data: string
  readonly database?: string
  readonly host: string
  readonly port: string
  readonly json?: true
}

/** What a program serves. */
export interface ServedProgram {
  readonly title: string
  readonly version: () => string
  readonly systems: readonly System[]
  /** Where the state of a job is that has none yet, below `--out`. */
  readonly placeOf: (out: string, job: string) => string
}

const LAST_PORT = 65_535
/** Milliseconds between two looks at the places: a corrected file is served within five seconds. */
const INTERVAL = 1000

/** Resolves when the process receives a signal to end. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

async function servedSystems(
  systems: readonly System[],
  address: DatabaseAddress | null,
  effects: Effects,
): Promise<ServedSystem[]> {
  const served: ServedSystem[] = []
  for (const system of systems) {
    const { name, title, routes } = system
    if (routes === undefined) continue
    const declared = (await system.database?.()) ?? null
    const database = declared === null ? null : { ...declared, system: name }
    served.push({
      ...{ name, title, routes: await routes(), job: database?.job ?? null },
      openDatabase: database === null ? null : (out) => openDatabase(address, database, out, effects),
    })
  }
  return served
}

/** Serves until the process is told to end. */
export async function serve(values: ServeValues, terminal: Terminal, program: ServedProgram): Promise<ExitCode> {
  const port = parseCount('--port', values.port)
  if (port > LAST_PORT) throw optionError('--port', values.port, `a port, at most ${LAST_PORT}`)
  const { out, data, host } = values
  const address = databaseAddress(values.database)
  const effects = { ...nodeEffects(), ...effectsOf(terminal) }
  const below = placesBelow(out, openStore(out), openStore)
  const other = openStore(data)
  const server = await startServer({
    api: { title: program.title, version: program.version() },
    systems: await servedSystems(program.systems, address, effects),
    places: async () => [...(await below()).map((place) => place.out), other],
    newPlace: ({ name }) => openStore(program.placeOf(out, name)),
    names: [],
    limits: LIMITS,
    interval: INTERVAL,
    ...{ effects, host, port },
  })
  await terminal.print(values.json ? renderJson({ address: server.address }) : `${terminal.title(server.address)}\n`)
  terminal.log('info', 'Ctrl+C ends it')
  await ended()
  await server.close()
  return EXIT.done
}
