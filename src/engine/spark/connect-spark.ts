/**
 * A session on a Spark cluster, over Spark Connect.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { ConnectError, EngineError } from '../../errors.ts'
import { readArrow } from '../../format/arrow/table.ts'
import type { TableAs, TableKind } from '../../format/tables.ts'
import type { TableContract } from '../../table/contract.ts'
import { type TableLike, viewTable } from '../../table/table-like.ts'
import { readAddress, type SparkAddress } from './address.ts'
import { type Channel, openChannel } from './channel.ts'
import { execute, Patience, type Session } from './execute.ts'
import { type SparkParameters, statementOf } from './parameters.ts'
import type { Plan } from './protocol.ts'
import { quoteName, sentRows } from './sent-rows.ts'
import { isBroken, sparkError } from './spark-refusals.ts'

/** How a session on Spark is opened. What the address says too, the option decides. */
export interface SparkOptions {
  /** The token that is sent as `Bearer` with every call; it is sent over TLS alone, or to this machine. */
  readonly token?: string
  /** Whose session it is, where no token says so. Default `support-etl`. */
  readonly userId?: string
  /** Certificates to trust, in PEM; the connection then uses TLS. By default those of the system. */
  readonly certificates?: string | Uint8Array
  /** Settings of the session, such as `spark.sql.shuffle.partitions`. Its zone is UTC, whatever they say. */
  readonly settings?: Readonly<Record<string, string>>
  /**
   * Seconds for which a broken connection is tried again, counted from when it broke. Default 30, and 2 for the first connection:
   * an address without a server is named soon. A value that is given is for both: a server that is being started may take longer.
   */
  readonly retrySeconds?: number
}

const OPTIONS = {
  ...{ token: true, userId: true, certificates: true, settings: true, retrySeconds: true },
} satisfies OptionNames<SparkOptions>

/** How one statement runs. */
export interface SparkStatementOptions {
  /** Stops the statement on the cluster; the call then fails with the signal's reason. */
  readonly signal?: AbortSignal
}

/** How the rows of one statement are read. */
export interface SparkQueryOptions<As extends TableKind = TableKind> extends SparkStatementOptions {
  /** The kind of table to give. Default `arquero`. */
  readonly as?: As
  /** Types the columns, and refuses rows that do not fit. */
  readonly contract?: TableContract
}

const STATEMENT = { signal: true } satisfies OptionNames<SparkStatementOptions>
const QUERY = { ...STATEMENT, as: true, contract: true } satisfies OptionNames<SparkQueryOptions>

/** A session on a Spark cluster. Statements may run side by side; temporary views live as long as the session. */
export interface SparkConnection {
  /**
   * Runs a statement that gives rows, and yields them in the pieces in which the cluster sends them, one table each, typed as
   * `readArrow` types them: instants (TIMESTAMP) as Date, wall times (TIMESTAMP_NTZ) and days as text, decimals of more than 15
   * digits as text. A statement without rows yields one empty table. A consumer that ends
   * early stops the statement. Write with `exec`: Spark may run a statement given here more than once.
   *
   * @throws EngineError engine_refused - Spark refuses the statement; engine_lost - the server has forgotten the session
   * @throws ConnectError io_failed - the connection broke for longer than `retrySeconds`; permission_denied
   * @throws ContractError invalid_option, malformed_text - a parameter cannot be sent
   */
  query<As extends TableKind = 'arquero'>(
    sql: string,
    parameters?: SparkParameters,
    options?: SparkQueryOptions<As>,
  ): AsyncIterable<TableAs<As>>
  /** Runs a statement that gives no rows, once. A query given here is checked, not run. Throws what `query` throws. */
  exec(sql: string, parameters?: SparkParameters, options?: SparkStatementOptions): Promise<void>
  /**
   * Sends a table, and makes it a temporary view of the session, in the place of one of this name (and of NAME_as_sent, on which
   * it stands). Its text columns are STRING,
   * instants TIMESTAMP, days DATE. The rows go through the memory of the driver, so a table of more than 100 MB is better read by
   * the cluster, from Parquet.
   *
   * @throws ContractError invalid_option, unsupported_table, unsupported_type, malformed_text - the table cannot be sent
   * @throws EngineError engine_cannot - a cell has nanoseconds; and, with ConnectError, as of `query`
   */
  createView(name: string, table: TableLike, options?: SparkStatementOptions): Promise<void>
  /** Ends the session: the cluster forgets its temporary views and stops what it still runs. */
  close(): Promise<void>
}

/** The zone in which Spark reads and writes instants. */
const ZONE = { 'spark.sql.session.timeZone': 'UTC' } as const
const CLIENT = 'support-etl'
const RETRY_SECONDS = 30
/** The same until a server has answered once. */
const FIRST_RETRY_SECONDS = 2

function refuseOptions(options: SparkOptions): void {
  refuseUnknown(options, OPTIONS)
  for (const name of ['token', 'userId'] as const) {
    const value: unknown = options[name]
    refuseUnless(value === undefined || (typeof value === 'string' && value !== ''), name, value, 'text')
  }
  const { certificates, settings, retrySeconds } = options
  const isPem = certificates === undefined || typeof certificates === 'string' || certificates instanceof Uint8Array
  refuseUnless(isPem, 'certificates', certificates, 'certificates in PEM')
  const areTexts =
    settings === undefined ||
    (isRecord(settings) && Object.values(settings).every((value) => typeof value === 'string'))
  refuseUnless(areTexts, 'settings', settings, 'an object of names and text')
  const isTime = retrySeconds === undefined || (Number.isFinite(retrySeconds) && retrySeconds >= 0)
  refuseUnless(isTime, 'retrySeconds', retrySeconds, 'seconds, 0 or more')
}

/** Which TLS to use: what the options say, what the address says, and TLS for a token that leaves this machine. */
function tlsOf({ certificates }: SparkOptions, address: SparkAddress, token: string | null) {
  const isWanted = certificates !== undefined || (address.tls ?? (token !== null && !address.isLoopback))
  if (!isWanted && token !== null && !address.isLoopback)
    throw new ConnectError(
      'path_invalid',
      'the address of the Spark server has use_ssl=false and a token; a token is sent over TLS alone, or to this machine',
    )
  if (!isWanted) return null
  if (certificates === undefined) return { certificates: null }
  return { certificates: typeof certificates === 'string' ? new TextEncoder().encode(certificates) : certificates }
}

async function openSession(address: SparkAddress, options: SparkOptions): Promise<Session> {
  const token = options.token ?? address.token
  const channel = await openChannel({
    target: address.target,
    userAgent: address.userAgent === null ? CLIENT : `${address.userAgent} ${CLIENT}`,
    headers: { ...address.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    tls: tlsOf(options, address, token),
  })
  const sessionId = address.sessionId ?? randomUUID()
  const userId = options.userId ?? address.userId ?? CLIENT
  let server: string | undefined
  return {
    channel,
    asking: () => ({
      ...{ sessionId, userContext: { userId, userName: userId }, clientType: CLIENT },
      ...(server === undefined ? {} : { clientObservedServerSideSessionId: server }),
    }),
    heard: (answer) => {
      server ??= answer.serverSideSessionId || undefined
    },
    retryFor: (options.retrySeconds ?? RETRY_SECONDS) * 1000,
  }
}

/** Settings are set again as often as the connection breaks: setting them twice does no more. */
async function configure(session: Session, { settings, retrySeconds }: SparkOptions): Promise<void> {
  const { channel, asking, heard } = session
  const pairs = Object.entries({ ...settings, ...ZONE }).map(([key, value]) => ({ key, value }))
  const patience = new Patience((retrySeconds ?? FIRST_RETRY_SECONDS) * 1000)
  for (;;) {
    try {
      heard(await channel.call('Config', { ...asking(), operation: { set: { pairs } } }))
      return
    } catch (error) {
      const failure = channel.failureOf(error)
      if (failure === null) throw error
      if (!isBroken(failure) || !(await patience.pause())) throw sparkError(failure)
    }
  }
}

async function releaseSession(channel: Channel, asking: object): Promise<void> {
  try {
    await channel.call('ReleaseSession', { ...asking })
  } catch (error) {
    // a session that cannot be reached ends by itself, after an hour without a call
    if (channel.failureOf(error) === null) throw error
  }
}

/**
 * Opens a session on a Spark cluster, over Spark Connect, and sets its zone to UTC. The address is `sc://host:port/;name=value;…`,
 * as Spark's own clients write it, with `use_ssl`, `token`, `user_id`, `user_agent` and `session_id`; every other parameter is
 * sent as a header. Needs the packages `@grpc/grpc-js` and `@grpc/proto-loader`.
 *
 * @throws ConnectError package_missing - gRPC is not installed
 * @throws ConnectError path_invalid - the address cannot be read, or would send a token in the clear
 * @throws ConnectError io_failed - no server answers; permission_denied - it refuses the token
 * @throws EngineError engine_refused - it refuses a setting
 * @throws ContractError invalid_option - an option is unknown or of the wrong type
 * @example
 * import { connectSpark } from 'support-etl/engine'
 *
 * await connectSpark('spark://cluster:7077') // throws path_invalid
 */
export async function connectSpark(url: string, options: SparkOptions = {}): Promise<SparkConnection> {
  refuseUnless(typeof url === 'string', 'url', url, 'an address such as sc://localhost:15002')
  refuseOptions(options)
  const session = await openSession(readAddress(url), options)
  const { channel, asking } = session
  let isClosed = false
  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    await releaseSession(channel, asking())
    channel.close()
  }
  await configure(session, options).catch((error: unknown) => {
    channel.close()
    throw error
  })
  const run = (plan: Plan, { signal }: SparkStatementOptions) => {
    if (isClosed) throw new EngineError('engine_lost', 'the connection to Spark was closed; connect again')
    return execute(session, plan, signal)
  }
  return {
    query: (sql, parameters, options = {}) => {
      refuseUnknown(options, QUERY)
      const root = statementOf(sql, parameters)
      return tables(() => run({ root }, options), options)
    },
    exec: async (sql, parameters, options = {}) => {
      refuseUnknown(options, STATEMENT)
      const input = statementOf(sql, parameters)
      await finish(run({ command: { sqlCommand: { input } } }, options))
    },
    createView: async (name, table, options = {}) => {
      refuseUnless(typeof name === 'string' && name !== '', 'name', name, 'the name of a view')
      refuseUnknown(options, STATEMENT)
      const { data, select } = sentRows(viewTable(table))
      const input = { localRelation: { data } }
      const sent = `${name}_as_sent`
      await finish(run({ command: { createDataframeView: { input, name: sent, replace: true } } }, options))
      const view = `CREATE OR REPLACE TEMPORARY VIEW ${quoteName(name)} AS SELECT ${select} FROM ${quoteName(sent)}`
      await finish(run({ command: { sqlCommand: { input: statementOf(view, undefined) } } }, options))
    },
    close,
  }
}

/** Waits for the end of a command: its answers hold no rows. */
async function finish(answers: AsyncIterable<unknown>): Promise<void> {
  const iterator = answers[Symbol.asyncIterator]()
  for (let next = await iterator.next(); next.done !== true; ) next = await iterator.next()
}

/** The tables of a running query. */
async function* tables<As extends TableKind>(
  answers: () => ReturnType<typeof execute>,
  { as, contract }: SparkQueryOptions<As>,
): AsyncGenerator<TableAs<As>> {
  for await (const { arrowBatch } of answers())
    if (arrowBatch?.data !== undefined)
      yield readArrow(arrowBatch.data, contract, { file: 'an answer of Spark', ...(as === undefined ? {} : { as }) })
}
