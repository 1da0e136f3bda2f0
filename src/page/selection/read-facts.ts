/**
 * Reads a Parquet file into facts: text and booleans become dimensions, numbers, instants and days measures.
 * @module
 */
import {
  type ColumnChunks,
  eachCell,
  membersOf,
  numbersOf,
  openParquet,
  type ParquetColumn,
} from '../parquet-columns.ts'
import type { SiteFile } from '../site-file.ts'
import type { FactColumn, FactKind, FactNumbers, FactSet } from './fact-set.ts'

function kindOf({ type, converted_type: converted, logical_type: logical }: ParquetColumn): FactKind {
  if (type === 'BOOLEAN') return 'boolean'
  if (converted === 'DATE' || logical?.type === 'DATE') return 'date'
  if (type === 'INT96' || converted?.startsWith('TIMESTAMP_') || logical?.type === 'TIMESTAMP') return 'timestamp'
  if (converted === 'DECIMAL' || type === 'DOUBLE' || type === 'FLOAT') return 'number'
  // what is read as something else, such as a time of day, comes as text
  return (type === 'INT32' || type === 'INT64') && (converted === undefined || /^U?INT_/.test(converted))
    ? 'integer'
    : 'text'
}

/** A nested value, or bytes that are no text, as JSON. */
function textOf(cell: unknown): string {
  if (typeof cell !== 'object') return String(cell)
  return JSON.stringify(cell, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

function numberColumn(kind: FactNumbers['kind'], chunks: ColumnChunks, rows: number): FactNumbers {
  const values = numbersOf(chunks, rows)
  const present = new Uint8Array(rows)
  let exact: BigInt64Array | null = null
  let count = 0
  let isExact = true
  eachCell(chunks, rows, (row, cell) => {
    if (cell === null) return
    present[row] = 1
    count++
    if (typeof cell === 'bigint' && !Number.isSafeInteger(values[row] as number)) isExact = false
  })
  if (!isExact) {
    const whole = new BigInt64Array(rows)
    eachCell(chunks, rows, (row, cell) => {
      if (cell !== null) whole[row] = BigInt(cell as bigint)
    })
    exact = whole
  }
  return { form: 'numbers', kind, values, valid: count === rows ? null : present, exact }
}

/** Returns the facts of a Parquet file, with the columns in its order. `onProgress` gets the share read so far. */
export async function readFacts(file: SiteFile, onProgress: (share: number) => void): Promise<FactSet> {
  const { rows, schema, read } = await openParquet(file)
  const columns = new Map<string, FactColumn>()
  for (const [at, element] of schema.entries()) {
    const { name } = element
    const kind = kindOf(element)
    const chunks = await read(name)
    columns.set(
      name,
      kind === 'text' || kind === 'boolean'
        ? { form: 'members', kind, ...membersOf(chunks, rows, textOf) }
        : numberColumn(kind, chunks, rows),
    )
    onProgress((at + 1) / schema.length)
  }
  return { rows, columns }
}
