import { type Column, DictionaryColumn, NumberColumn, TimestampColumn } from '../../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../../src/table/frame.ts'

/** One interaction as a test writes it; what is left out is null. */
export interface Interaction {
  readonly start?: string | number | null
  readonly stamp?: string | number | null
  readonly resolved?: string | null
  readonly end?: string | null
  readonly channel?: string | null
  readonly center?: string | null
  readonly category?: string | null
  readonly minutes?: number | null
  readonly rating?: number | null
}

export function texts(values: readonly (string | null | undefined)[]): DictionaryColumn {
  const known = [...new Set(values.filter((value) => value !== null && value !== undefined))]
  return new DictionaryColumn(
    Int32Array.from(values, (value) => known.indexOf(value ?? '\0')),
    known,
  )
}

export function stamps(values: readonly (string | number | null | undefined)[]): TimestampColumn {
  return new TimestampColumn(Float64Array.from(values, (value) => (value == null ? Number.NaN : +new Date(value))))
}

export function numbers(values: readonly (number | null | undefined)[]): NumberColumn {
  return new NumberColumn(
    'float64',
    Float64Array.from(values, (value) => value ?? 0),
    Uint8Array.from(values, (value) => (value == null ? 0 : 1)),
  )
}

export function interactionsOf(rows: readonly Interaction[]): Frame {
  const columns: [string, Column][] = [
    ['timestamp', stamps(rows.map(({ stamp }) => stamp))],
    ['channel', texts(rows.map(({ channel }) => channel))],
    ['category_id', texts(rows.map(({ category }) => category))],
    ['contact_center_id', texts(rows.map(({ center }) => center))],
    ['interaction_start', stamps(rows.map(({ start }) => start))],
    ['agent_resolution_timestamp', stamps(rows.map(({ resolved }) => resolved))],
    ['interaction_end', stamps(rows.map(({ end }) => end))],
    ['call_duration_minutes', numbers(rows.map(({ minutes }) => minutes))],
    ['satisfaction_rating', numbers(rows.map(({ rating }) => rating))],
  ]
  return frameOf(columns, rows.length)
}

export function dimension(key: string, attribute: string, members: Readonly<Record<string, string | null>>): Frame {
  return frameOf([
    [key, texts(Object.keys(members))],
    [attribute, texts(Object.values(members))],
  ])
}

export const dimensions = {
  contactCenters: dimension('contact_center_id', 'contact_center_name', { ctr1: 'Oslo', ctr2: 'Bergen' }),
  serviceCategories: dimension('category_id', 'department', { bill: 'Accounts', tech: 'Repairs' }),
}

/** The frame as rows of plain values, column by column in order. */
export function rowsOf(frame: Frame): unknown[][] {
  return Array.from({ length: frame.rows }, (_, row) => [...frame.columns.values()].map((column) => column.at(row)))
}
