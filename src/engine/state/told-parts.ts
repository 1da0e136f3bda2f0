/**
 * How far the statements of an engine are: a long one is told of every second, with what the engine says of it.
 * @module
 */
import type { EngineProgress } from '../../pipeline/engine-place.ts'
import type { EngineConnection } from '../connection.ts'

/** Is told how far a table or a rollup is. */
export type TellProgress = (progress: EngineProgress) => void

/** Milliseconds between what is told of a statement that runs. */
const INTERVAL = 1000

/** Runs the next part of some work, and tells how far it is. */
export type RunPart = <Result>(work: () => Promise<Result>) => Promise<Result>

/** Returns the function that runs the parts of a table's or a rollup's work, one after the other; `of` is how many there are. */
export function toldParts(
  tell: TellProgress,
  connection: Pick<EngineConnection, 'progress'>,
  name: string,
  of: number,
): RunPart {
  let number = 0
  return async (work) => {
    number += 1
    const part = { number, of }
    tell({ name, part, done: null, total: null })
    const timer = setInterval(() => {
      const { rows = null, total = null } = connection.progress?.() ?? {}
      tell({ name, part, done: rows, total, ...(rows !== null && { rows }) })
    }, INTERVAL)
    try {
      return await work()
    } finally {
      clearInterval(timer)
    }
  }
}
