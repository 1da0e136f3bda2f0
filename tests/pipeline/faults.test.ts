/** Every call that a run makes to the file system fails once, or is the last one before the process dies. */
import { cpSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/connect/index.ts'
import { type Job, type RunOptions, readState, runPipeline, verifyState } from '../../src/pipeline/index.ts'
import { type PortCall, systemError, watchedPort } from '../connect/files/watched-port.ts'
import { dayJob, daysOf, OF_THE_RUN } from './day-job.ts'
import { contentOf, phoneJob, sourceOf, stateFolder, testFolders, threeMonths, unflushed } from './phone-job.ts'

const folders = testFolders('faults')
afterAll(folders.remove)

/** In full every call fails in every way and every call is the last; else ways take turns, and calls. */
const isFull = process.env.SUPPORT_ETL_FAULTS === 'full'
const CODES = ['EIO', 'ENOSPC', 'EACCES', 'EMFILE', 'short write'] as const

interface Scenario {
  readonly name: string
  /** What was run before, without faults. */
  readonly before: readonly RunOptions[]
  readonly run: RunOptions
  /** The job of three months of phone calls where it is left out. */
  readonly job?: Job
  /** What the source holds before and in the run. */
  readonly data?: Readonly<Record<'before' | 'run', FileStore>>
  readonly outputs?: readonly string[]
}

/** A day is corrected, one is late, one is new and one is removed. */
const days = {
  before: daysOf({ '2025-03-02': ['r1,m1,5', 'r2,m2,4'], '2025-03-03': ['r1,m1,1'], '2025-03-04': ['r4,m4,4'] }),
  run: daysOf({ '2025-03-01': ['r1,m3,7'], '2025-03-02': ['r1,m1,6', 'r3,m2,many'], '2025-03-03': ['r1,m1,1'] }),
}

const scenarios: readonly Scenario[] = [
  { name: 'a first run', before: [], run: {} },
  { name: 'the next month', before: [{ months: ['2025-02'] }], run: {} },
  { name: 'a rebuild', before: [{}], run: { apply: 'rebuild' } },
  {
    ...{ name: 'days that change', before: [{}], run: { withdraw: ['2025-03-04'] } },
    ...{ job: dayJob, data: days, outputs: ['hours', 'days'] },
  },
  { name: 'another format', before: [{}], run: { format: 'json' } },
]

/** Runs one after the other that are never the same process for each other, as after a crash. */
let processes = 1000
function runIn(out: FileStore, options: RunOptions, job: Job, data: FileStore) {
  const process = ++processes
  return runPipeline(
    job,
    { ...options, data, out },
    {
      identify: () => ({ host: 'here', process, startedAt: null, boot: null }),
      isRunning: (owner) => (owner.process === process ? 'running' : 'gone'),
    },
  )
}

/** What people see. */
async function visible(folder: string) {
  const content = await contentOf(stateFolder(folder, unflushed))
  const shown = Object.entries(content).filter(([name]) => !name.startsWith('.support-etl/'))
  return Object.fromEntries(shown.map(([name, text]) => [name, text.replaceAll(OF_THE_RUN, '')]))
}

describe.each(scenarios.map((scenario, place) => ({ ...scenario, place })))('$name', (scenario) => {
  const { before, run, place, job = phoneJob, outputs = ['call_report'] } = scenario
  const months = sourceOf(threeMonths)
  const { data = { before: months, run: months } } = scenario
  const prepared = folders.next()
  let clean: Record<string, string> = {}
  let calls: PortCall[] = []

  /** A new folder that is as it was before the run. */
  function prepare(): string {
    const folder = folders.next()
    if (before.length > 0) cpSync(prepared, folder, { recursive: true, preserveTimestamps: true })
    return folder
  }

  beforeAll(async () => {
    for (const options of before) await runIn(stateFolder(prepared, unflushed), options, job, data.before)
    const folder = prepare()
    const made: PortCall[] = []
    const port = watchedPort((call) => {
      made.push(call)
      return undefined
    }, unflushed)
    await runIn(stateFolder(folder, port), run, job, data.run)
    calls = made
    clean = await visible(folder)
  })

  /** The state is that of the commit before or after, whole; a run without faults then ends where the clean one did. */
  async function expectWhole(folder: string, what: string): Promise<void> {
    const store = stateFolder(folder, unflushed)
    const commits = (await store.list('.support-etl/log/')).length
    expect([before.length, before.length + 1], what).toContain(commits)
    if (commits > 0) {
      const state = await readState(job, { out: store })
      for (const output of outputs) await state.loadOutput(output)
      if (job === phoneJob) await state.loadTable('calls')
      const { damages } = await verifyState(job, { out: store })
      expect(
        damages.filter(({ kind }) => kind === 'data'),
        what,
      ).toEqual([])
    }
    await runIn(store, run, job, data.run)
    expect(await visible(folder), what).toEqual(clean)
  }

  it('makes calls that can fail', () => {
    expect(calls.length).toBeGreaterThan(50)
    for (const call of ['open', 'write', 'sync', 'rename', 'link', 'unlink', 'close'] as const)
      expect(calls).toContain(call)
  })

  it.for(isFull ? CODES : (['each of them in turn'] as const))(
    'fails cleanly when a call fails with %s, whichever it is, and ends the same when run again',
    { timeout: 120_000 },
    async (kind, { task }) => {
      const survived: string[] = []
      const counted: Record<string, number> = {}
      let refused = 0
      // what comes after the last copy has its name is the lock's return, which nobody needs
      const isOver = (call: number): boolean => call > calls.lastIndexOf('rename')
      let tried = 0
      for (let failing = isFull ? 0 : place % 2; failing < calls.length; failing += isFull ? 1 : 2) {
        const code = isFull ? kind : CODES[tried % CODES.length]
        tried += 1
        counted[`of them with ${code}`] = (counted[`of them with ${code}`] ?? 0) + 1
        const folder = prepare()
        const what = `call ${failing}, ${calls[failing]}, ${code}`
        let made = 0
        let isShort = false
        // files are written side by side, so that the order of calls may differ from run to run
        let failed = ''
        const port = watchedPort((call, args) => {
          const isNow = made++ === failing
          if (isNow) failed = call
          if (code !== 'short write') {
            if (isNow) throw systemError(code ?? '')
            return undefined
          }
          // a disk that fills up: half of the bytes are taken, then none
          if (isShort && call === 'write') throw systemError('ENOSPC')
          if (!isNow || call !== 'write') return undefined
          isShort = true
          return (args[1] as Uint8Array).length >> 1
        }, unflushed)
        const error = await runIn(stateFolder(folder, port), run, job, data.run).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        if (error === null) {
          const isFailed = code !== 'short write' || failed === 'write'
          if (isFailed && !isOver(failing)) survived.push(failed)
        } else {
          expect(error, what).toMatchObject({
            code: expect.stringMatching(/^(io_failed|disk_full|permission_denied|not_found)$/),
          })
          refused += 1
        }
        await expectWhole(folder, what)
      }
      // forgetting a temporary file and closing one that was read may fail without harm; nothing else
      expect([...new Set(survived)].filter((call) => call !== 'unlink' && call !== 'close')).toEqual([])
      task.meta.figures = {
        'calls that failed once': tried,
        'of them ended the run with an error': refused,
        ...counted,
      }
    },
  )

  it('ends the same when the process dies before any call and is started again', async ({ task }) => {
    let deaths = 0
    for (let last = isFull ? 0 : place; last < calls.length; last += isFull ? 1 : scenarios.length) {
      const folder = prepare()
      let made = 0
      const port = watchedPort(() => {
        if (made++ >= last) throw systemError('EIO')
        return undefined
      }, unflushed)
      // a run that has only its lock to give back may end as if nothing were
      await runIn(stateFolder(folder, port), run, job, data.run).catch(() => {})
      await expectWhole(folder, `died before call ${last}, ${calls[last]}`)
      deaths += 1
    }
    task.meta.figures = { 'calls before which the process died': deaths }
  }, 120_000)
})
