/**
 * The framing of Arrow IPC messages: the magic at both ends of a file, its directory, and each
 * message's prefix and header.
 * @module
 */
import { Damage, FlatReader, type FlatTable } from './read/flat-reader.ts'

/** Kinds of message, by the numbers of Message.fbs. */
export const HEADERS = { schema: 1, dictionary: 2, rows: 3 }

/** The most rows that 32-bit codes and offsets can count. */
export const ROW_LIMIT = 2_147_483_647

const MAGIC = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]
const VERSIONS = [3, 4]
const BLOCK = 24
/** Bytes behind a file's directory: its size and the magic. */
export const TAIL = 4 + MAGIC.length

/** Whether the bytes begin like a file, not like a stream. */
export function isFile(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte)
}

/**
 * Returns the position of a file's directory, from the file's last {@link TAIL} bytes. @throws
 * Damage
 */
export function directoryPlace(tail: Uint8Array, size: number): { readonly at: number; readonly length: number } {
  const isWhole = size >= 12 + MAGIC.length && isFile(tail.subarray(4))
  if (!isWhole) throw new Damage('it does not end in ARROW1: the file is cut off')
  const length = new FlatReader(tail).int32(0)
  const at = size - TAIL - length
  if (length < 4 || at < 8) throw new Damage('its directory is longer than the file')
  return { at, length }
}

/** The position of a message: its prefix and header, then its body. */
export interface Block {
  readonly at: number
  readonly headerSize: number
}

/** Returns the messages that a directory lists: slot 2 has the dictionaries, slot 3 the rows. */
export function blocksOf(directory: FlatTable, slot: 2 | 3): readonly Block[] {
  const { at, count } = directory.vector(slot, BLOCK)
  const { reader } = directory
  return Array.from({ length: count }, (_, index) => {
    const block = at + index * BLOCK
    return { at: reader.int64(block), headerSize: reader.int32(block + 8) }
  })
}

/** A message without its body. */
export interface Message {
  readonly kind: number
  readonly header: FlatTable
  /** Position and length of the body in the given bytes. */
  readonly begin: number
  readonly bodySize: number
}

/**
 * Reads the message at `at`; its header must lie within the bytes. Null at the end of a stream.
 * @throws Damage
 */
export function readMessage(bytes: Uint8Array, at: number): Message | null {
  const prefix = new FlatReader(bytes)
  if (at + 4 > bytes.length) return null
  const isContinued = prefix.int32(at) === -1
  const begin = isContinued ? at + 8 : at + 4
  const size = prefix.int32(begin - 4)
  if (size === 0) return null
  if (size < 0 || begin + size > bytes.length) throw new Damage('a message that is longer than the file')
  const message = new FlatReader(bytes.subarray(begin, begin + size)).table(0)
  if (!VERSIONS.includes(message.int16(0))) throw new Damage('a version of Arrow before 1.0')
  const header = message.table(2)
  if (header === null) throw new Damage('a message without a header')
  return { kind: message.int8(1), header, begin: begin + size, bodySize: message.int64(3) }
}
