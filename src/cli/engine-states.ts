/**
 * Places whose state an engine keeps, for commands: found by the marker of their folder, opened once, closed when the command ends.
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FileStore } from '../connect/file-store.ts'
import type { DuckdbSettings } from '../engine/duckdb.ts'
import type { EngineName } from '../engine/state/engine-state.ts'
import { EngineError } from '../errors.ts'
import { MARKER } from '../pipeline/marker-name.ts'
import type { System } from '../systems/system.ts'
import type { OpenStates } from '../terminal/program.ts'

/** Whether the marker of a folder says that an engine keeps its state. */
export const isMarked = (out: string): boolean => !out.includes('://') && existsSync(join(out, MARKER))

/** The plans of the rollups of systems, loaded when an engine needs them. */
export function plansOf(systems: readonly System[]) {
  return async () => Object.assign({}, ...(await Promise.all(systems.map((system) => system.enginePlans?.() ?? {}))))
}

/**
 * Returns the place of a folder's state, as a run names its engine, or its marker does.
 * @throws EngineError invalid_option - settings of DuckDB for another engine
 */
export async function openEngineState(
  systems: readonly System[],
  out: string,
  given?: { readonly engine: string; readonly url: string | undefined },
  duckdb: DuckdbSettings | null = null,
) {
  const { engineState, markedEngine } = await import('../engine/state/engine-state.ts')
  const marked = markedEngine(out)
  const { engine, url } =
    given === undefined || (given.engine === marked?.engine && given.url === undefined) ? (marked ?? {}) : given
  if (duckdb !== null && engine !== 'duckdb') {
    throw new EngineError(
      'invalid_option',
      `memory, temporary folder and threads are settings of the engine duckdb, and ${engine === undefined || engine === 'files' ? 'no engine' : engine} keeps this state`,
      { advice: [{ option: 'engine', value: "'duckdb'", effect: 'use them' }] },
    )
  }
  const options = { ...(url !== undefined && { url }), ...(duckdb !== null && { duckdb }) }
  // an unknown name is refused by the function itself
  return engineState({ out, engine: engine as EngineName, ...options, plans: plansOf(systems) })
}

/** Returns what opens the states of a command: those of files, and the one in the folder of the command where an engine keeps it. */
export function statesOf(systems: readonly System[]) {
  return async (out: string | undefined): Promise<OpenStates | null> => {
    if (out === undefined || !isMarked(out)) return null
    // loaded for commands about a state that an engine keeps
    const { nodeEffects } = await import('../pipeline/effects.ts')
    const { openState } = nodeEffects()
    const place = await openEngineState(systems, out)
    const open = (location: string): FileStore => (location === out ? place : openState(location))
    return { openState: open, close: () => place.close() }
  }
}
