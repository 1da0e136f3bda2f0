/**
 * Questions of a page to a worker of its own: the page stays responsive while the worker computes.
 * @module
 */
import { startWorker } from './worker.ts'

/** A question on its way to the worker. */
export interface Asked<Question> {
  readonly id: number
  readonly question: Question
}

/** What the worker posts: how far it is, what it found, or why it cannot answer, in words for people. */
export type Reply<Answer> = { readonly id: number } & (
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly message: string }
)

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
  readonly onProgress: (share: number) => void
}

/** A worker that answers questions one after the other. */
export class AskedWorker<Question, Answer> {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting<Answer>>()
  #last = 0

  /** `address` is that of the script, which calls `answerQuestions`; `failure` is said where it cannot be started. */
  constructor(address: string, failure: string) {
    this.#worker = startWorker(address)
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply<Answer>>) => {
      const waiting = this.#waiting.get(data.id)
      if (waiting === undefined) return
      if (data.kind === 'progress') {
        waiting.onProgress(data.share)
        return
      }
      this.#waiting.delete(data.id)
      if (data.kind === 'answer') waiting.resolve(data.answer)
      else waiting.reject(new Error(data.message))
    })
    this.#worker.addEventListener('error', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error(failure))
      this.#waiting.clear()
    })
  }

  /** Resolves to the answer. Rejects with words for people. */
  ask(question: Question, onProgress: (share: number) => void = () => {}): Promise<Answer> {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onProgress })
      this.#worker.postMessage({ id, question } satisfies Asked<Question>)
    })
  }

  /** Ends the worker; nothing can be asked any more. */
  close(): void {
    this.#worker.terminate()
  }
}
