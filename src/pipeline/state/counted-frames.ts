/**
 * Frames that are passed on, with what is known of them when the last one was.
 * @module
 */
import type { Frame } from '../../table/frame.ts'

/** Passes frames on, counts their rows, and keeps what their maker returned. They are gone through once. */
export class CountedFrames<Result> implements AsyncIterable<Frame> {
  readonly #frames: AsyncGenerator<Frame, Result, undefined>
  #result: { readonly value: Result } | null = null
  /** Rows so far. */
  rows = 0

  constructor(frames: AsyncGenerator<Frame, Result, undefined>) {
    this.#frames = frames
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    let next = await this.#frames.next()
    for (; !next.done; next = await this.#frames.next()) {
      this.rows += next.value.rows
      yield next.value
    }
    this.#result = { value: next.value }
  }

  /** What the maker returned after the last frame. */
  get result(): Result {
    if (this.#result === null) throw new Error('not all frames were passed on')
    return this.#result.value
  }
}
