/**
 * A Postgres database as what writes to it needs it, whether a server or this process runs it.
 * @module
 */

/** The rows of a statement by column name, and how many rows it returned or changed. */
export interface StatementAnswer {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly count: number
}

/** What runs statements: a database, or one transaction of it. */
export interface Statements {
  /** Runs one statement; `$1` is the first value. @throws ConnectError - {@link statementError} says which */
  query(text: string, values?: readonly unknown[]): Promise<StatementAnswer>
  /**
   * Copies rows into a table: `table` as SQL writes it, the chunks in COPY's text format. Returns the number of rows. An
   * error that the chunks throw is thrown as it is, and no row is kept.
   */
  copyIn(table: string, chunks: Iterable<Uint8Array>): Promise<number>
}

/** Runs one statement of a transaction. */
export type Query = Statements['query']

/** An open connection. Statements and transactions run one after the other. */
export interface Database extends Statements {
  /** Runs any number of statements, without values. */
  script(text: string): Promise<void>
  /**
   * Runs the work in one transaction: committed when it resolves, rolled back when it throws. Nobody sees a part of it. When
   * the connection breaks during the commit, whether it happened is not known: ask the database.
   */
  transaction<Result>(work: (transaction: Statements) => Promise<Result>): Promise<Result>
  /**
   * Makes the space of replaced rows of these tables, as SQL writes them, usable again. A server does it by itself, so that
   * nothing happens there.
   */
  reclaim(tables: readonly string[]): Promise<void>
  /** Never fails: a broken connection is closed already. */
  close(): Promise<void>
}

/**
 * Runs statements that read in one transaction of a connection: all of them see the database as it was at the first one.
 * @throws ConnectError - the database refuses, as it does where the work writes
 */
export function readAtOnce<Result>(database: Database, work: (query: Query) => Promise<Result>): Promise<Result> {
  return database.transaction(async ({ query }) => {
    await query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    return work(query)
  })
}
