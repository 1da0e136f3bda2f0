/**
 * Temporal: the runtime's own, or the polyfill where the runtime has none; the one file that imports the polyfill.
 * @module
 */
import type { Temporal } from '@js-temporal/polyfill'
import { ContractError } from '../errors.ts'

/** The namespace `Temporal`, of either implementation. */
export type TemporalNamespace = typeof Temporal

/** What a cell of a timestamp or a day is in Temporal. */
export type TemporalValue = Temporal.Instant | Temporal.ZonedDateTime | Temporal.PlainDateTime | Temporal.PlainDate

let polyfill: TemporalNamespace | null = null

function ownTemporal(): TemporalNamespace | null {
  // a global that not every runtime has: its shape is what the language's standard says
  return (globalThis as { readonly Temporal?: TemporalNamespace }).Temporal ?? null
}

/**
 * Returns `Temporal`: the runtime's own, or the polyfill, which is loaded when this is first called. Await it once before
 * `toTemporal` where the runtime may have no Temporal of its own.
 *
 * @example
 * const { Instant } = await loadTemporal()
 * Instant.from('2025-03-01T01:30:00Z').epochMilliseconds // 1740792600000
 */
export async function loadTemporal(): Promise<TemporalNamespace> {
  const own = ownTemporal()
  if (own !== null) return own
  polyfill ??= (await import('@js-temporal/polyfill')).Temporal
  return polyfill
}

/**
 * Returns `Temporal` without waiting.
 * @throws ContractError unsupported_type - the runtime has none, and the polyfill was not loaded
 */
export function currentTemporal(): TemporalNamespace {
  const found = ownTemporal() ?? polyfill
  if (found !== null) return found
  throw new ContractError(
    'unsupported_type',
    'this runtime has no Temporal of its own; call "await loadTemporal()" once before toTemporal, which loads the polyfill',
  )
}
