/**
 * What flechette's tables need before they are read as ours, and decimals as numbers where nothing is lost.
 * @module
 */
import { type Table, Type } from '@uwdata/flechette'
import type { ArrowTable } from '../../../table/arrow/shape.ts'
import { type Column, NumberColumn, OpaqueColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'

/** Names the buffers of text views as apache-arrow does, which is how they are looked for. */
export function nameViewBuffers(table: Table): ArrowTable {
  for (const column of table.children) {
    if (column.type.typeId !== Type.Utf8View) continue
    for (const batch of column.data) if ('data' in batch) Object.assign(batch, { variadicBuffers: batch.data })
  }
  return table
}

/** Decimals of so many digits are doubles that give the decimal back. */
const EXACT_DIGITS = 15

interface DecimalType {
  readonly typeId: number
  readonly precision: number
  readonly scale: number
}

function isDecimal(origin: unknown): origin is DecimalType {
  return typeof origin === 'object' && origin !== null && 'typeId' in origin && origin.typeId === Type.Decimal
}

/** The decimal `unscaled` × 10^−scale as text, with all its digits. */
function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function readDecimals({ values, origin }: OpaqueColumn, { precision, scale }: DecimalType): Column {
  const texts = values.map((value) => (value === null ? null : decimalText(BigInt(value as bigint | number), scale)))
  if (precision > EXACT_DIGITS) return new OpaqueColumn(texts, origin)
  const valid = texts.includes(null) ? Uint8Array.from(texts, (text) => (text === null ? 0 : 1)) : null
  return new NumberColumn('float64', Float64Array.from(texts, Number), valid)
}

/** Returns the frame with decimals of up to 15 digits as doubles; longer ones are carried, and show as decimal text. */
export function withReadableDecimals(frame: Frame): Frame {
  return frameOf(
    Array.from(frame.columns, ([name, column]) => {
      const isRead = column instanceof OpaqueColumn && isDecimal(column.origin)
      return [name, isRead ? readDecimals(column, column.origin as DecimalType) : column] as const
    }),
    frame.rows,
  )
}
