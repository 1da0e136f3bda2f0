/**
 * Answers that were made from the data as it is now, by address.
 * @module
 */
import type { Answer, AnswerKind } from './exchange.ts'

/** Keeps answers until the data changes, the youngest up to a number of bytes. */
export class AnswerCache {
  readonly #mostBytes: number
  #answers = new Map<string, Answer>()
  #bytes = 0
  #version = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** Counts the changes of the data: an answer belongs to the version that was current before it was made. */
  get version(): number {
    return this.#version
  }

  /** The bytes of all answers that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** Forgets every answer, because the data changed. */
  clear(): void {
    this.#version++
    this.#answers = new Map()
    this.#bytes = 0
  }

  find(address: string, kind: AnswerKind): Answer | null {
    return this.#answers.get(`${kind} ${address}`) ?? null
  }

  /** Keeps an answer, unless the data changed while it was made. */
  keep(address: string, kind: AnswerKind, answer: Answer, version: number): void {
    const key = `${kind} ${address}`
    // an answer of a tenth of the cache would push out most others
    const size = answer.body.length + key.length
    if (version !== this.#version || this.#answers.has(key) || size > this.#mostBytes / 10) return
    this.#answers.set(key, answer)
    this.#bytes += size
    for (const [oldest, { body }] of this.#answers) {
      if (this.#bytes <= this.#mostBytes) break
      this.#answers.delete(oldest)
      this.#bytes -= body.length + oldest.length
    }
  }
}
