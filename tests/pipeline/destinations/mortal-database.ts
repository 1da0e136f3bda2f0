/**
 * A connection that dies before its nth statement, as a process that is killed does.
 * @module
 */
import type { Database, Statements } from '../../../src/connect/postgres/database.ts'

/** What a statement throws that was never sent. */
export class Killed extends Error {}

/**
 * Returns the database behind a connection that dies before one statement, COMMIT counted, and then answers nothing. What is
 * open then is rolled back, as a server does. `die` is called then; `count` tells how many statements came.
 */
export function mortal(
  database: Database,
  at: number,
  die: () => void = () => {},
): { readonly database: Database; readonly count: () => number } {
  let count = 0
  const step = (): void => {
    if (++count < at) return
    die()
    throw new Killed()
  }
  const statementsOf = (statements: Statements): Statements => ({
    async query(text, values) {
      step()
      return statements.query(text, values)
    },
    async copyIn(table, chunks) {
      step()
      return statements.copyIn(table, chunks)
    },
  })
  return {
    count: () => count,
    database: {
      ...statementsOf(database),
      script: (text) => database.script(text),
      transaction: (work) =>
        database.transaction(async (transaction) => {
          const result = await work(statementsOf(transaction))
          // COMMIT
          step()
          return result
        }),
      async reclaim(tables) {
        step()
        await database.reclaim(tables)
      },
      async close() {},
    },
  }
}
