/** Numbers from 0 to 1 that repeat, so that a moment that went wrong can be found again. */
export function moments(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
