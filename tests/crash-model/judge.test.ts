import { describe, expect, it } from 'vitest'
import { Disk, emptyImage } from './disk.ts'
import { type Goal, judge, type Trace, traceOf } from './judge.ts'
import { type Step, scenarios, taskWith } from './scenarios.ts'

const task = taskWith(3)

/** Two runs in a row on an empty disk: the second brings a month. */
async function twoRuns(): Promise<{ readonly disk: Disk; readonly trace: Trace; readonly goal: Goal }> {
  const steps = scenarios.find(({ name }) => name === 'two runs in a row')?.steps ?? []
  const disk = new Disk(emptyImage)
  const trace = await traceOf(task, disk, steps)
  const [end] = trace.standings.slice(-1)
  if (end === undefined) throw new Error('a trace has standings')
  return { disk, trace, goal: { steps, end } }
}

describe('judge', () => {
  it('finds nothing wrong with a disk on which everything was done', async () => {
    const { disk, trace, goal } = await twoRuns()
    const moment = trace.journal.length
    const { goal: left } = await judge(task, { disk, trace, moment }, goal)
    expect(left.steps).toEqual([])
  })

  it('misses a success: the result of a step was given, and its version is not there', async () => {
    const { trace, goal } = await twoRuns()
    const moment = trace.standings[1]?.moment ?? 0
    const wreck = { disk: new Disk(emptyImage), trace, moment }
    await expect(judge(task, wreck, goal)).rejects.toMatchObject({ badness: 'a success is gone' })
  })

  it('sees a version that is neither the one before nor the one that was being made', async () => {
    const { disk, trace, goal } = await twoRuns()
    // the first run alone is under way, and what the second brings is there
    await expect(judge(task, { disk, trace, moment: 0 }, goal)).rejects.toMatchObject({
      badness: 'versions are mixed',
    })
  })

  it('sees a record that was cut, and data that is gone', async () => {
    for (const name of ['log/00000002.json', 'data']) {
      const { disk, trace, goal } = await twoRuns()
      const port = disk.port()
      if (name === 'data') {
        for (const file of port.entries('/out/.support-etl/data')) port.unlink(`/out/.support-etl/data/${file.name}`)
      } else {
        port.unlink(`/out/.support-etl/${name}`)
        port.close(port.open(`/out/.support-etl/${name}`, 'wx'))
      }
      const wreck = { disk, trace, moment: trace.journal.length }
      await expect(judge(task, wreck, goal)).rejects.toMatchObject({ badness: 'unreadable' })
    }
  })

  it('sees a copy that is gone or is neither the old one nor the new one', async () => {
    for (const bytes of [null, 'team_name,total']) {
      const { disk, trace, goal } = await twoRuns()
      const port = disk.port()
      const moment = trace.journal.length
      port.unlink('/out/call_report.csv')
      if (bytes !== null) port.write(port.open('/out/call_report.csv', 'wx'), Buffer.from(bytes))
      await expect(judge(task, { disk, trace, moment }, goal)).rejects.toMatchObject({ badness: 'a copy is torn' })
    }
  })

  it('sees that the next run fails', async () => {
    const { trace, goal } = await twoRuns()
    const fail = () => Promise.reject(new Error('no room'))
    const wreck = { disk: new Disk(emptyImage), trace, moment: 0 }
    await expect(judge(task, wreck, { ...goal, steps: [fail] })).rejects.toMatchObject({
      badness: 'the next run fails',
    })
  })

  it('sees that a delta was left out', async () => {
    const { trace, goal } = await twoRuns()
    const wreck = { disk: new Disk(emptyImage), trace, moment: 0 }
    await expect(judge(task, wreck, { ...goal, steps: goal.steps.slice(0, 1) })).rejects.toMatchObject({
      badness: 'a delta is lost or applied twice',
    })
  })

  it('sees that the end is another one in a single cell or copy', async () => {
    const { trace, goal } = await twoRuns()
    const { version } = goal.end
    const ends = [
      { ...goal.end, version: { ...version, cells: version.cells.replace('Navy', 'Blue') } },
      { ...goal.end, copies: new Map([...goal.end.copies, ['out/teams.csv', '']]) },
    ]
    for (const end of ends) {
      const wreck = { disk: new Disk(emptyImage), trace, moment: 0 }
      await expect(judge(task, wreck, { ...goal, end })).rejects.toMatchObject({
        badness: 'the next run ends otherwise',
      })
    }
  })

  it('sees work that gave its result while something of it could still be lost', async () => {
    const { trace, goal } = await twoRuns()
    const wreck = { disk: new Disk(emptyImage), trace, moment: 0 }
    const careless: Step = async (_, { port }) => port.close(port.open('/out/notes.txt', 'wx'))
    const end = { ...goal.end, copies: new Map([...goal.end.copies, ['out/notes.txt', '']]) }
    await expect(judge(task, wreck, { steps: [...goal.steps, careless], end })).rejects.toMatchObject({
      badness: 'a success is gone',
      message: expect.stringContaining('notes.txt'),
    })
  })
})
