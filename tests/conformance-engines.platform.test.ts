/**
 * The engines of the scoreboard answer as docs/conformance.md says, in the versions that it names. Thirteen cases each;
 * `SUPPORT_ETL_CONFORMANCE=full` asks all of them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Result, Verdict } from '../tools/conformance/page.ts'
import { CONTENDERS } from './conformance-engines.ts'

const folder = join(import.meta.dirname, '..', 'conformance')
const results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Record<string, Result>

/** What the published runner gives to those who build on it. */
interface Runner {
  readCases(): readonly { readonly id: string }[]
  ask(command: string, args: readonly string[], cases: readonly object[]): Promise<readonly object[]>
  verdictOf(asked: object, answer: object): Verdict
}
const { readCases, ask, verdictOf } = (await import(pathToFileURL(join(folder, 'run.mjs')).href)) as Runner

/** Cases in which engines differ. */
const CHOSEN = new Set([
  ...['D01-1', 'D02-1', 'D06-1', 'D08-1', 'D10-1', 'D11-1', 'D12-1', 'D17-1', 'D21-1', 'D29-1'],
  ...['text-2', 'random-1', 'random-2'],
])
const isFull = process.env.SUPPORT_ETL_CONFORMANCE === 'full'
const cases = readCases().filter(({ id }) => isFull || CHOSEN.has(id))

/** A cluster gives rows in the order in which its tasks end. */
const inAnyOrder = (verdict: Verdict | undefined) => (verdict === 'order' ? 'same' : verdict)

/** Starting a cluster for each takes minutes: one for each format of tables is enough. */
const names = Object.keys(results).filter((name) => isFull || !/^(iceberg|delta)-all$/.test(name))

describe.for(names)('%s', (name) => {
  const contender = CONTENDERS[name]
  const version = contender?.version() ?? null

  it.skipIf(version === null)('gives the published verdicts', { timeout: 3_600_000 }, async () => {
    expect(version).toBe(results[name]?.version)
    const { words, stop } = (await contender?.command()) ?? { words: [], stop: async () => {} }
    const [command = '', ...args] = words
    try {
      const answers = await ask(command, args, cases)
      const verdicts = cases.map((each, at) => [each.id, inAnyOrder(verdictOf(each, answers[at] ?? {}))])
      expect(verdicts).toEqual(cases.map(({ id }) => [id, inAnyOrder(results[name]?.verdicts[id])]))
    } finally {
      await stop()
    }
  })
})
