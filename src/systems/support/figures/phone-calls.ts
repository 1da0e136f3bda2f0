/**
 * Which interactions are calls: one rule for the report, its questions, its oddities and its
 * explanations.
 * @module
 */
import type { DictionaryColumn } from '../../../table/column.ts'

/**
 * 1 for each channel code that means phone; case and outer spaces are ignored. Entry 0 is null, so
 * codes are shifted by one.
 */
export function phoneCodes(channel: DictionaryColumn): Int32Array {
  const isPhone = new Int32Array(channel.values.length + 1)
  for (const [code, value] of channel.values.entries())
    if (value.trim().toLowerCase() === 'phone') isPhone[code + 1] = 1
  return isPhone
}
