/**
 * The small table that pyarrow, polars and DuckDB wrote, and its contract.
 * @module
 */
import { join } from 'node:path'
import {
  boolean,
  date,
  defineTable,
  float64,
  int64,
  key,
  nullable,
  string,
  timestamp,
} from '../../src/table/contract.ts'

/** The files of the three; `make.py` in that folder wrote them. */
export const folder = join(import.meta.dirname, '..', 'fixtures', 'interop')

export const contract = defineTable('sample', {
  id: key(string()),
  note: nullable(string()),
  at: nullable(timestamp()),
  minutes: nullable(float64()),
  calls: nullable(int64()),
  is_phone: nullable(boolean()),
  day: nullable(date()),
})
