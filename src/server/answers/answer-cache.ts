/**
 * Answers that were made from the data as it is now, by address.
 * @module
 */
import type { ServedDatabase } from '../database/served-database.ts'
import type { Answer, AnswerKind } from './exchange.ts'

/** An answer that is kept, and the database that it was read from. */
export interface KeptAnswer {
  readonly answer: Answer
  readonly database: ServedDatabase | null
}

/**
 * What an answer takes beside its body and its address: objects, its tag, and its own memory for the body. Measured with 60,000
 * answers of a hundred bytes, and rounded up.
 */
const ENTRY = 1024

/** The memory that a kept answer takes, in bytes. */
function sizeOf(key: string, { body }: Answer): number {
  return ENTRY + key.length + body.length
}

/** Returns the answer with its body in memory of its own: a small part of a shared piece would keep the whole piece. */
function alone(answer: Answer): Answer {
  const body = Buffer.allocUnsafeSlow(answer.body.length)
  body.set(answer.body)
  return { ...answer, body }
}

/** Keeps answers until the data changes, the youngest up to a number of bytes. */
export class AnswerCache {
  readonly #mostBytes: number
  #answers = new Map<string, KeptAnswer>()
  #bytes = 0
  #version = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** Counts the changes of the data: an answer belongs to the version that was current before it was made. */
  get version(): number {
    return this.#version
  }

  /** The memory of all answers that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** Forgets every answer, because the data changed. */
  clear(): void {
    this.#version++
    this.#answers = new Map()
    this.#bytes = 0
  }

  /** Returns an answer that is kept. One of a database that is dead is not given: it may not be true any more. */
  find(address: string, kind: AnswerKind): Answer | null {
    const kept = this.#answers.get(`${kind} ${address}`)
    if (kept === undefined || (kept.database !== null && kept.database.state !== 'up')) return null
    return kept.answer
  }

  /** Keeps an answer, unless the data changed while it was made. */
  keep(address: string, kind: AnswerKind, kept: KeptAnswer, version: number): void {
    const key = `${kind} ${address}`
    // an answer of a tenth of the cache would push out most others
    const size = sizeOf(key, kept.answer)
    if (version !== this.#version || this.#answers.has(key) || size > this.#mostBytes / 10) return
    this.#answers.set(key, { ...kept, answer: alone(kept.answer) })
    this.#bytes += size
    for (const [oldest, { answer }] of this.#answers) {
      if (this.#bytes <= this.#mostBytes) break
      this.#answers.delete(oldest)
      this.#bytes -= sizeOf(oldest, answer)
    }
  }
}
