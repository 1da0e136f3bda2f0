/**
 * Builds columns of a wanted form row by row, from cells where undefined means null and null means
 * a misfit.
 * @module
 */
import type { Instant } from '../../time/instant.ts'
import {
  BooleanColumn,
  type Column,
  DateColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NumberColumn,
  type NumberKind,
  type TimestampColumn,
} from '../column.ts'
import { codeTexts, encodeTexts } from '../utf8.ts'
import { nullsOf, numberArray, type Target } from './column-form.ts'
import { toNanoseconds, toTicks } from './parse-cells.ts'

/** A cell's value in the wanted kind; undefined for null, null for a value that does not fit. */
type Cell<Value> = Value | null | undefined

/** 1 for each row of a column that does not fit. */
export type Misfits = Uint8Array

/** Returns the texts in the wanted encoding. */
export function buildTexts(misfits: Misfits, { encoding }: Target, textAt: (row: number) => Cell<string>): Column {
  const texts = Array.from(misfits, (_, row) => {
    const text = textAt(row)
    if (text === null) misfits[row] = 1
    return text
  })
  return encoding === 'plain' ? encodeTexts(texts) : codeTexts(texts, texts.length)
}

/** Returns numbers of that kind. A number that the kind cannot hold is a misfit. */
export function buildNumbers(misfits: Misfits, kind: NumberKind, numberAt: (row: number) => Cell<number>): Column {
  const { length } = misfits
  const values = numberArray(kind, length)
  let valid: Uint8Array | null = null
  for (let row = 0; row < length; row++) {
    const value = numberAt(row)
    if (value !== null && value !== undefined) {
      values[row] = value
      // reading the typed array back shows whether it holds the value
      if (values[row] === value || (Number.isNaN(value) && Number.isNaN(values[row]))) continue
      values[row] = 0
    }
    if (value !== undefined) misfits[row] = 1
    valid ??= new Uint8Array(length).fill(1)
    valid[row] = 0
  }
  return new NumberColumn(kind, values, valid)
}

/** Returns true (1) and false (0). */
export function buildBooleans(misfits: Misfits, booleanAt: (row: number) => Cell<0 | 1>): Column {
  const { length } = misfits
  const values = new Uint8Array(length)
  let valid: Uint8Array | null = null
  for (let row = 0; row < length; row++) {
    const value = booleanAt(row)
    if (value === null) misfits[row] = 1
    if (value !== null && value !== undefined) values[row] = value
    else {
      valid ??= new Uint8Array(length).fill(1)
      valid[row] = 0
    }
  }
  return new BooleanColumn(values, valid)
}

/** Returns calendar days; NaN is a misfit. */
export function buildDays(misfits: Misfits, dayAt: (row: number) => Cell<number>): Column {
  const days = new Int32Array(misfits.length).fill(NULL_DAY)
  for (let row = 0; row < days.length; row++) {
    const day = dayAt(row)
    if (day === undefined) continue
    // a day beyond 32 bits is in no calendar
    if (day === null || (day | 0) !== day) misfits[row] = 1
    else days[row] = day
  }
  return new DateColumn(days)
}

/** Returns timestamps in the wanted unit. An instant finer than the unit is a misfit. */
export function buildTimestamps(misfits: Misfits, target: Target, instantAt: (row: number) => Cell<Instant>): Column {
  // nulls of a timestamp target are a timestamp column
  const column = nullsOf(target, misfits.length) as TimestampColumn
  const { values, unit } = column
  for (let row = 0; row < misfits.length; row++) {
    const instant = instantAt(row)
    if (instant === undefined) continue
    if (values instanceof BigInt64Array) {
      const value = instant === null ? null : toNanoseconds(instant)
      if (value === null) misfits[row] = 1
      values[row] = value ?? NULL_NANOSECONDS
    } else if (unit !== 'ns') {
      const value = instant === null ? Number.NaN : toTicks(instant, unit)
      if (Number.isNaN(value)) misfits[row] = 1
      values[row] = value
    }
  }
  return column
}

/** Returns nulls of the wanted form. Every cell that is not null is a misfit. */
export function noneFits(column: Column, target: Target, misfits: Misfits): Column {
  for (let row = 0; row < misfits.length; row++) if (!column.isNull(row)) misfits[row] = 1
  return nullsOf(target, misfits.length)
}
