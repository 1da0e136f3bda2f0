/**
 * Which columns of a call log mean what: the contract's names, and the aliases that real logs use.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import { type Column, DictionaryColumn, NullColumn, type TextColumn } from '../../../table/column.ts'
import type { Frame } from '../../../table/frame.ts'
import { codedText, distinctCodes, encodeTexts } from '../../../table/utf8.ts'

/** The names of each column of a call log, the contract's own name first. */
export const CALL_ALIASES = {
  call_id: ['call_id', 'id'],
  agent_id: ['agent_id'],
  customer_id: ['customer_id'],
  start_time: ['start_time', 'started_at'],
  end_time: ['end_time'],
  duration_seconds: ['duration_seconds'],
  issue_type: ['issue_type'],
  resolution: ['resolution', 'resolution_status'],
  rating: ['rating'],
} as const

/** The names of each column of an agents list, the contract's own name first. */
export const AGENT_ALIASES = {
  agent_id: ['agent_id'],
  agent_name: ['agent_name', 'name'],
  region: ['region'],
} as const

const quoted = (names: Iterable<string>) => Array.from(names, (name) => `"${name}"`).join(', ')

/** Returns the columns that have one of the names, with their names, in the order of the names. */
export function namedColumns(frame: Frame, aliases: readonly string[]): readonly (readonly [string, Column])[] {
  return aliases.flatMap((name) => {
    const column = frame.columns.get(name)
    return column === undefined || column instanceof NullColumn ? [] : [[name, column] as const]
  })
}

/**
 * Returns the columns that have one of the names, in the order of the names; an empty list when
 * the table has none. A row's value is the first one that is not null.
 */
export function aliasedColumns(frame: Frame, aliases: readonly string[]): readonly Column[] {
  return namedColumns(frame, aliases).map(([, column]) => column)
}

/** Throws unless the table has a column under one of the names; the column may be empty. */
export function requireColumn(frame: Frame, aliases: readonly string[], file: string): void {
  if (aliases.some((name) => frame.columns.has(name))) return
  const [column, ...others] = aliases
  const tried = others.length === 0 ? '' : ` (or ${quoted(others)})`
  throw new ContractError(
    'column_missing',
    `${file}: column "${column}"${tried} is missing; it has ${quoted(frame.columns.keys()) || 'no columns'}`,
    { details: { file, column, aliases: [...aliases], columns: [...frame.columns.keys()] } },
  )
}

const isBlankEdge = (byte: number | undefined) => byte !== undefined && (byte <= 0x20 || byte >= 0x80)

/** Returns the column as text, trimmed. Blank text is null; numbers use their shortest text. */
export function trimmedText(column: Column, name: string): TextColumn {
  if (column instanceof DictionaryColumn) return trimmedDictionary(column)
  if (column.kind === 'text') {
    const { bytes, offsets } = column
    let isTrimmed = true
    for (let row = 0; row < column.length && isTrimmed; row++) {
      const from = offsets[row] as number
      const to = offsets[row + 1] as number
      if (from === to ? !column.isNull(row) : isBlankEdge(bytes[from]) || isBlankEdge(bytes[to - 1])) isTrimmed = false
    }
    if (isTrimmed) return column
  }
  const texts = Array.from(column, (value) => {
    const text = value === null ? '' : (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim()
    return text === '' ? null : text
  })
  return encodeTexts(texts, name)
}

function trimmedDictionary(column: DictionaryColumn): DictionaryColumn {
  if (column.values.every((value) => value !== '' && value.trim() === value)) return column
  const trimmed = column.values.map((value) => value.trim())
  return distinctCodes(
    column.codes,
    trimmed.map((text) => (text === '' ? null : text)),
  )
}

/**
 * Returns one text column from several: each row has the first text that is not null. An empty
 * list gives a column of nulls.
 */
export function coalesceText(columns: readonly Column[], name: string, rows: number): TextColumn {
  const [first, ...others] = columns.map((column) => trimmedText(column, name))
  if (first === undefined) return new DictionaryColumn(new Int32Array(rows).fill(-1), [])
  if (others.length === 0) return first
  const texts = Array.from({ length: rows }, (_, row) => {
    for (const column of [first, ...others]) if (!column.isNull(row)) return column.at(row)
    return null
  })
  return encodeTexts(texts, name)
}

/** Like {@link coalesceText}, dictionary-coded. */
export function coalesceCodes(columns: readonly Column[], name: string, rows: number): DictionaryColumn {
  return codedText(coalesceText(columns, name, rows))
}
