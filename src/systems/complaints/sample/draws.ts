/**
 * Random choices of a made-up world, each a function of seed, purpose and place.
 * @module
 */
import { chance } from '../../../sample/extract-bytes.ts'

/** What numbers are drawn for: each purpose has its own, so that a new one does not change the others. */
const PURPOSES = [
  ...['uuid0', 'uuid1', 'uuid2', 'uuid3', 'first', 'last', 'gender', 'birth', 'signup', 'domain', 'local'],
  ...['house', 'street', 'city', 'state', 'zip', 'address', 'agent_name', 'experience', 'agent_state'],
  ...['customer', 'agent', 'category', 'status', 'opened', 'length', 'mark', 'tail', 'platform', 'size'],
  ...['fault', 'edition', 'gap'],
] as const

/** A purpose of a random number. */
export type Purpose = (typeof PURPOSES)[number]

const STREAMS = new Map<Purpose, number>(PURPOSES.map((purpose, at) => [purpose, 501 + at]))

/** Random numbers of one seed. */
export interface Draws {
  /** A whole number of 32 bits. */
  bits(purpose: Purpose, index: number): number
  /** A whole number below `count`. */
  below(count: number, purpose: Purpose, index: number): number
  /** One of some values. */
  of<Value>(values: readonly Value[], purpose: Purpose, index: number): Value
}

/** Returns the random numbers of a seed. */
export function drawsOf(seed: number): Draws {
  const bits = (purpose: Purpose, index: number): number => chance(seed, STREAMS.get(purpose) as number, index)
  const below = (count: number, purpose: Purpose, index: number): number =>
    Math.floor((bits(purpose, index) / 4_294_967_296) * count)
  return {
    bits,
    below,
    // the list is not empty
    of: <Value>(values: readonly Value[], purpose: Purpose, index: number): Value =>
      values[below(values.length, purpose, index)] as Value,
  }
}

/** A number in hexadecimal digits, with leading zeros. */
export function hex(value: number, digits: number): string {
  return (value >>> 0).toString(16).padStart(8, '0').slice(-digits)
}
