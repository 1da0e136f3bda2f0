/**
 * The disk as a model: every piece of work ends before every call that changes something, in every way in which that may
 * leave the disk. One ending is made again by its label:
 * `SUPPORT_ETL_CRASH='the next month, 3 copies: killed before event 7' npx vitest run tests/crash-model`
 */
import { describe, expect, it } from 'vitest'
import { Disk, emptyImage } from './disk.ts'
import { type Bad, type Ending, endingAt, explore, WAYS } from './explore.ts'
import { type Goal, type Trace, type Tracing, traceOf } from './judge.ts'
import { type Copies, type Scenario, scenarios, taskWith } from './scenarios.ts'
import { wrongProtocols } from './wrong-protocols.ts'

/** In full every way at every moment; else ways take turns. */
const isFull = process.env.SUPPORT_ETL_FAULTS === 'full'
const only = process.env.SUPPORT_ETL_CRASH

const everyWay = (moment: number): readonly Ending[] => Array.from({ length: WAYS }, (_, way) => endingAt(moment, way))
/** The same with two seeds for what is left to chance. */
const twice = (moment: number): readonly Ending[] => [
  ...everyWay(moment),
  ...Array.from({ length: WAYS - 1 }, (_, way) => endingAt(moment, way, 1)),
]
const inTurn =
  (count: number) =>
  (moment: number): readonly Ending[] =>
    Array.from({ length: count }, (_, at) => endingAt(moment, (moment * count + at) % WAYS))

/** Of so many recoveries one crashes itself. */
const RECOVERIES = isFull ? 160 : 300

/** What a piece of work does to the disk when it is left alone. */
async function traced(
  { before, steps }: Scenario,
  copies: Copies,
  tracing: Tracing = {},
): Promise<{ readonly trace: Trace; readonly goal: Goal }> {
  const task = taskWith(copies)
  const disk = new Disk(emptyImage)
  await traceOf(task, disk, before)
  // what was done before is on disk
  const trace = await traceOf(task, new Disk(new Map(disk.image)), steps, tracing)
  const end = trace.standings.at(-1)
  if (end === undefined) throw new Error('a trace has a standing for each step, and one more')
  return { trace, goal: { steps, end } }
}

/** What is read where a disk was found bad. */
function told(bad: readonly Bad[]): readonly string[] {
  return bad.slice(0, 5).map(({ label, error }) => `SUPPORT_ETL_CRASH='${label}': ${error.message}`)
}

const total = { works: 0, states: 0, bad: 0 }
const COPIES: readonly Copies[] = [1, 3, 10]
/** In full every piece of work with every count of copies; else the counts take turns. */
const works = scenarios.flatMap((scenario, place) =>
  COPIES.filter((_, turn) => isFull || only !== undefined || turn === place % COPIES.length).map((copies) => ({
    ...scenario,
    copies,
  })),
)

describe('a run, a repair or a collection of garbage that a crash ends', () => {
  it.for(works)(
    'leaves what stood or what was being made, whole, and is made good by the next: $name, $copies copies',
    { timeout: 900_000 },
    async (scenario, { task: test }) => {
      const { name, copies } = scenario
      const task = taskWith(copies)
      const { trace, goal } = await traced(scenario, copies)
      const bad: Bad[] = []
      const again = { recoveries: 0, states: 0, endings: 0 }
      let good = 0
      const { states, endings, ...first } = await explore(task, trace, goal, {
        label: `${name}, ${copies} copies`,
        only,
        endingsAt: isFull || only !== undefined ? twice : inTurn(2),
        async onGood(label, recovery) {
          if (only === undefined && good++ % RECOVERIES > 0) return
          const endingsAt = isFull || only !== undefined ? everyWay : inTurn(1)
          const found = await explore(task, recovery.trace, recovery.goal, {
            label: `${label}; again`,
            only,
            endingsAt,
          })
          bad.push(...found.bad)
          again.recoveries += 1
          again.states += found.states
          again.endings += found.endings
        },
      })
      bad.push(...first.bad)
      total.works += 1
      total.states += states + again.states
      total.bad += bad.length
      test.meta.figures = {
        'works that were ended': 1,
        'their calls to the file system': trace.calls,
        'crashes of them': endings,
        'recoveries that were ended in turn': again.recoveries,
        'crashes of recoveries': again.endings,
        states: states + again.states,
        'of them after a second crash': again.states,
        bad: bad.length,
      }
      expect(told(bad)).toEqual([])
    },
  )

  it('was judged by many states', ({ skip }) => {
    skip(only !== undefined || total.works < works.length, 'not all pieces of work were ended')
    expect(total.states).toBeGreaterThanOrEqual(isFull ? 5_000 : 500)
    expect(total.bad).toBe(0)
  })
})

describe.skipIf(only !== undefined)('a protocol that is wrong', () => {
  it.for(wrongProtocols)(
    'is found bad: $name',
    { timeout: 300_000 },
    async ({ name, port, badness }, { task: test }) => {
      const scenario = scenarios.find((found) => found.name === 'the next month')
      if (scenario === undefined) throw new Error('there is the next month')
      const { trace, goal } = await traced(scenario, 3, { protocol: port })
      const { states, bad } = await explore(taskWith(3), trace, goal, { label: name, endingsAt: inTurn(4) })
      test.meta.figures = { 'wrong protocols': 1, 'states of them': states, 'of these bad': bad.length }
      expect(bad.length).toBeGreaterThan(0)
      expect(bad.map(({ error }) => error.badness)).toContain(badness)
    },
  )
})
