/**
 * Asks a route from the command line: the same checks, the same queries and the same answer as over HTTP.
 * @module
 */
import { openStore } from '../../../connect/open.ts'
import { ContractError, ServerError } from '../../../errors.ts'
import { nodeEffects } from '../../../pipeline/effects.ts'
import type { RequestFault } from '../../../server/answers/problem.ts'
import { faultsIn } from '../../../server/answers/request-fault.ts'
import { databaseAddress, openDatabase } from '../../../server/database/named-database.ts'
import { embeddedDatabase, type ServedDatabase } from '../../../server/database/served-database.ts'
import type { Route, RouteContext } from '../../../server/route.ts'
import { effectsOf } from '../../../terminal/cli-effects.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { INTERACTIONS_DATABASE } from '../database.ts'

/** Where a command finds the database. */
export interface DatabaseValues {
  readonly out: string
  readonly database?: string
}

/** The system's database as servers and runs name it. */
export const NAMED_DATABASE = { ...INTERACTIONS_DATABASE, system: 'interactions' }

/**
 * Opens the database at the last commit of the folder. Where a server owns the embedded one, its rows are put into a database
 * in memory: two processes must not open one folder.
 */
async function openLast({ out, database: given }: DatabaseValues, terminal: Terminal): Promise<ServedDatabase> {
  const effects = { ...nodeEffects(), ...effectsOf(terminal) }
  const place = openStore(out)
  const quiet = { ...effects, logger: { debug: () => {}, info: () => {}, warn: () => {} } }
  const database = await openDatabase(databaseAddress(given), NAMED_DATABASE, () => place, quiet)
  await database.look()
  const { problem } = database
  if (problem === null) return database
  await database.close()
  if (problem.code !== 'lock_held') throw problem
  terminal.progress('another process owns the database; its rows are read from the commit')
  const copy = embeddedDatabase(NAMED_DATABASE, { out: () => place, folder: () => null }, effects)
  await copy.look()
  if (copy.problem !== null) throw copy.problem
  return copy
}

/** A request as flags give it: text, lists of text, and nothing for what is left out. */
export type AskedValues = Readonly<Record<string, string | readonly string[] | undefined>>

/** `start_date` gives `--start-date`. */
const flagOf = (name: string): string => `--${name.replaceAll('_', '-')}`

function parsed(schema: Route['query'], values: AskedValues, labelOf: (name: string) => string) {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
  if (schema === undefined) return given
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw refusal(faultsIn(result.error.issues, 'query'), labelOf)
}

/** What does not fit, with the names of flags. */
function refusal(faults: readonly RequestFault[], labelOf: (name: string) => string): ContractError {
  const texts = faults.map(({ name, problem, allowed }) => {
    const choice = allowed === undefined ? '' : `; allowed: ${allowed.join(', ')}`
    // a place in a list is of no interest
    return `${labelOf(name.replace(/\.\d+$/, ''))}: ${problem}${choice}`
  })
  return new ContractError('invalid_option', texts.join('; '))
}

/** An error of a route with the names of flags, where it says which parts of the request do not fit. */
function atTerminal(error: unknown): unknown {
  if (!(error instanceof ServerError) || error.code !== 'request_invalid') return error
  const { faults } = error.details
  return Array.isArray(faults) ? refusal(faults as readonly RequestFault[], flagOf) : error
}

/** Asks routes of one database. */
export type Asking = <Answer>(
  route: Route,
  request: { readonly params?: AskedValues; readonly query?: AskedValues },
) => Promise<Answer>

/**
 * Opens the database, lets the work ask routes, and closes it.
 * @throws ContractError invalid_option - a value that the route refuses, with the flag's name
 * @throws ServerError - what the route says
 */
export async function withRoutes<Result>(
  values: DatabaseValues,
  terminal: Terminal,
  work: (ask: Asking) => Promise<Result>,
): Promise<Result> {
  const database = await openLast(values, terminal)
  const only = (): never => {
    throw new Error('the command line asks routes that read the database')
  }
  const context: RouteContext = { state: only, run: only, now: only, database: (read) => database.read(read) }
  try {
    return await work(async (route, { params = {}, query = {} }) => {
      const request = {
        address: route.path,
        params: parsed(route.params, params, () => 'the customer'),
        query: parsed(route.query, query, flagOf),
        files: new Map(),
      }
      const answer = await route.handle(request, context).catch((error: unknown) => {
        throw atTerminal(error)
      })
      // the route's own schema says what its answer is
      return answer as never
    })
  } finally {
    await database.close()
  }
}
