/**
 * Handles the Arrow schema that writers leave in a Parquet footer, where it demands dictionaries
 * that the decoder cannot make.
 * @module
 */
import { ARROW, type ArrowField } from '../../table/arrow/shape.ts'
import { type TypeDetails, typeName } from '../../table/arrow/type.ts'
import { HEADERS, readMessage } from '../arrow/framing.ts'
import { Damage, Unsupported } from '../arrow/read/flat-reader.ts'
import { verifySchema } from '../arrow/read/verify-schema.ts'

/** The position of an entry in the footer: its key, and its value as text. */
export interface FooterWord {
  readonly keyAt: number
  readonly value: string
}

/** The decoder cannot make dictionaries of these types. */
const UNCODED = new Set<number>([ARROW.bool, ARROW.fixedSizeBinary, ARROW.decimal, ARROW.utf8View, ARROW.binaryView])

/** Whether a type, or a type nested in it, passes the test. */
export function holdsType(type: TypeDetails, test: (type: TypeDetails) => boolean): boolean {
  const inner = [...(type.children ?? []).map((child) => child.type), ...(type.dictionary ? [type.dictionary] : [])]
  return test(type) || inner.some((one) => holdsType(one, test))
}

function isUncoded({ dictionary }: TypeDetails): boolean {
  if (dictionary === undefined) return false
  const { typeId, precision } = dictionary as TypeDetails
  return UNCODED.has(typeId) || (typeId === ARROW.float && precision === 0)
}

/** The fields of the schema; empty if this library cannot read it, though the decoder may. */
function fieldsOf(value: string): readonly ArrowField[] {
  try {
    const message = readMessage(
      Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0)),
      0,
    )
    return message?.kind === HEADERS.schema ? verifySchema(message.header) : []
  } catch (error) {
    if (error instanceof Damage || (error instanceof Error && error.name === 'InvalidCharacterError')) return []
    throw error
  }
}

/**
 * Returns the bytes with the schema hidden if it asks for a dictionary that the decoder cannot
 * make. The columns then come in their Parquet types, with the same values. Otherwise returns the
 * bytes unchanged.
 *
 * @throws Unsupported - such a dictionary beside a duration, which would be an integer without the
 *   schema
 */
export function withoutUncoded(bytes: Uint8Array, { keyAt, value }: FooterWord): Uint8Array {
  const fields = fieldsOf(value)
  const uncoded = fields.find(({ type }) => holdsType(type, isUncoded))
  if (uncoded === undefined) return bytes
  if (fields.some(({ type }) => holdsType(type, ({ typeId }) => typeId === ARROW.duration))) {
    const { name, type } = uncoded
    throw new Unsupported(
      `column "${name}" is ${typeName(type)}, which cannot be read beside a duration; write it without a dictionary`,
    )
  }
  const hidden = bytes.slice()
  // with a changed key, no reader recognises the schema
  hidden[keyAt] = '-'.charCodeAt(0)
  return hidden
}
