import { describe, expect, it } from 'vitest'
import { tagOf } from '../../../src/server/answers/answer.ts'
import { AnswerCache } from '../../../src/server/answers/answer-cache.ts'

/** An answer as a route makes it: a short body lies in a piece of memory that it shares with others. */
function answerOf(text: string) {
  const body = Buffer.from(text)
  const answer = { body, type: 'application/json', etag: tagOf(body), varies: false, link: null }
  return { answer, database: null }
}

describe('AnswerCache', () => {
  it('keeps an answer in memory of its own, so that it holds no more than its bytes', () => {
    const cache = new AnswerCache(2 ** 20)
    const made = answerOf('{"data":1}\n')
    expect(made.answer.body.buffer.byteLength).toBeGreaterThan(made.answer.body.length)
    cache.keep('/a', 'json', made, cache.version)
    const kept = cache.find('/a', 'json')
    expect([String(kept?.body), kept?.etag]).toEqual(['{"data":1}\n', made.answer.etag])
    expect(kept?.body.buffer.byteLength).toBe(made.answer.body.length)
  })

  it('counts what small answers take beside their bodies, and drops the oldest', () => {
    const cache = new AnswerCache(100_000)
    for (let at = 0; at < 1000; at++) cache.keep(`/${at}`, 'json', answerOf('{}'), cache.version)
    expect(cache.bytes).toBeLessThanOrEqual(100_000)
    expect(cache.bytes).toBeGreaterThan(90_000)
    expect(cache.find('/0', 'json')).toBeNull()
    expect(cache.find('/999', 'json')).not.toBeNull()
    const kept = Array.from({ length: 1000 }, (_, at) => cache.find(`/${at}`, 'json')).filter((one) => one !== null)
    // the bodies alone would let all thousand stay
    expect(kept.length).toBeLessThan(100)
    cache.clear()
    expect(cache.bytes).toBe(0)
  })
})
