/** What goes into DuckDB comes back cell by cell; Postgres has its turn with the fault tests. */
import { openDuckdb } from '../../src/engine/index.ts'
import { connectionCases } from './connection-cases.ts'

connectionCases('DuckDB', () => openDuckdb({ file: null }))
