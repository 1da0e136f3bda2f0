/**
 * The time in which an answer must be made.
 * @module
 */
import { ServerError } from '../errors.ts'

/**
 * Returns what the work gives. After the time the work goes on, and its result is ignored.
 * @throws ServerError answer_timeout - it took longer
 */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const seconds = Math.round(milliseconds / 1000)
      reject(new ServerError('answer_timeout', `the answer took more than ${seconds} seconds; ask for less, or again`))
    }, milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
