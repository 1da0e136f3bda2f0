/**
 * Temporal: the runtime's own, or the polyfill. Only this file imports the polyfill.
 * @module
 */
import type { Temporal } from '@js-temporal/polyfill'
import { ContractError } from '../errors.ts'

/** The namespace `Temporal`, of either implementation. */
export type TemporalNamespace = typeof Temporal

/** The Temporal value of a timestamp or a day. */
export type TemporalValue = Temporal.Instant | Temporal.ZonedDateTime | Temporal.PlainDateTime | Temporal.PlainDate

let polyfill: TemporalNamespace | null = null

function ownTemporal(): TemporalNamespace | null {
  // not every runtime has this global; its type follows the language standard
  return (globalThis as { readonly Temporal?: TemporalNamespace }).Temporal ?? null
}

/**
 * Returns `Temporal`: the runtime's own, or the polyfill, which the first call loads. Await it once
 * before `toTemporal` where the runtime may lack Temporal.
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
 * Returns `Temporal` synchronously.
 * @throws ContractError unsupported_type - the runtime has no Temporal and the polyfill is not
 * loaded
 */
export function currentTemporal(): TemporalNamespace {
  const found = ownTemporal() ?? polyfill
  if (found !== null) return found
  throw new ContractError(
    'unsupported_type',
    'this runtime has no Temporal of its own; call "await loadTemporal()" once before toTemporal, which loads the polyfill',
  )
}
