/**
 * The file beside generated calls that says what is true of them.
 * @module
 */

import { isRecord } from '../../../arguments.ts'
import type { FileStore } from '../../../connect/file-store.ts'
import { ConnectError, FormatError } from '../../../errors.ts'
import { readWhole } from '../../../pipeline/state/data-files.ts'
import type { CallTruth } from '../sample/call-script.ts'

/** Its name, beside the folder of the calls. */
export const TRUTH = 'ground_truth.json'

function isTruth(value: unknown): value is CallTruth {
  if (!isRecord(value)) return false
  const { call_id, mood, is_conversion, upsells } = value
  return (
    typeof call_id === 'string' &&
    (mood === 'positive' || mood === 'neutral' || mood === 'negative') &&
    typeof is_conversion === 'boolean' &&
    Array.isArray(upsells)
  )
}

/** Returns what is known of generated calls, by call id; empty where there is no such file. @throws FormatError json_invalid - another file has its name */
export async function readTruth(store: FileStore): Promise<Map<string, CallTruth>> {
  let bytes: Uint8Array
  try {
    bytes = await readWhole(store, TRUTH)
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'not_found') return new Map()
    throw error
  }
  const refuse = (cause?: unknown): never => {
    throw new FormatError(
      'json_invalid',
      `${store.location}/${TRUTH} is not a list that generate wrote; restore it from a copy, remove it, or give another folder`,
      { cause },
    )
  }
  try {
    const { calls }: { readonly calls?: unknown } = JSON.parse(new TextDecoder().decode(bytes))
    if (!Array.isArray(calls) || !calls.every(isTruth)) return refuse()
    return new Map(calls.map((truth) => [truth.call_id, truth]))
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(error)
    throw error
  }
}

/** Returns the bytes of the file: one line a call. */
export function encodeTruth(truths: ReadonlyMap<string, CallTruth>): Uint8Array {
  const lines = Array.from(truths.values(), (truth) => JSON.stringify(truth))
  return new TextEncoder().encode(`{"calls":[\n${lines.join(',\n')}\n]}\n`)
}
