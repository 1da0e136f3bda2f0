/**
 * The worker's side of questions: answers each that a page asks.
 * @module
 */
import type { Asked, Reply } from './ask-worker.ts'

/** The bytes of an answer, which are handed over instead of copied. */
export type Transferred = readonly Uint8Array[]

/** An answer, and what of it is handed over. */
export interface GivenAnswer<Answer> {
  readonly answer: Answer
  readonly transfer?: Transferred
}

/** Answers every question that comes, with words for people where that fails. Called once, by the script of a worker. */
export function answerQuestions<Question, Answer>(
  answer: (question: Question, tell: (share: number) => void) => GivenAnswer<Answer> | Promise<GivenAnswer<Answer>>,
): void {
  // the worker's own scope: the DOM types would call it a window
  const scope = globalThis as unknown as {
    postMessage(message: Reply<Answer>, transfer?: Transferable[]): void
    addEventListener(type: 'message', listener: (event: MessageEvent<Asked<Question>>) => void): void
  }
  scope.addEventListener('message', async ({ data: { id, question } }) => {
    try {
      const given = await answer(question, (share) => scope.postMessage({ id, kind: 'progress', share }))
      const buffers = (given.transfer ?? []).map(({ buffer }) => buffer as ArrayBuffer)
      scope.postMessage({ id, kind: 'answer', answer: given.answer }, buffers)
    } catch (error) {
      scope.postMessage({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) })
    }
  })
}
