/**
 * What is done to a disk while it may crash: runs of every kind, garbage collection, repairs.
 * @module
 */
import { type FilePort, type FileStore, folderStore } from '../../src/connect/index.ts'
import {
  collectGarbage,
  type Effects,
  type Job,
  type RunOptions,
  runPipeline,
  verifyState,
} from '../../src/pipeline/index.ts'
import { systemError, watchedPort } from '../connect/files/watched-port.ts'
import { phoneJob, sourceOf, threeMonths } from '../pipeline/phone-job.ts'
import { BEGIN } from './disk.ts'

/** The folder on the disk. */
export const OUT = '/out'

/** A process at work: the place as it sees it, and who it is. */
export interface Process {
  readonly port: FilePort
  readonly out: FileStore
  readonly effects: Partial<Effects>
}

/** Of one length, so that bytes lie in the same places whichever it is. */
let processes = 1_000_000

/** A new process; all before it are dead. The clock stands still. */
export function newProcess(port: FilePort): Process {
  const process = ++processes
  return {
    port,
    out: folderStore(OUT, { temporaryFolder: '.support-etl/data', port }),
    effects: {
      now: () => BEGIN + 60_000,
      newRunId: () => `run ${process}`,
      identify: () => ({ host: 'here', process, startedAt: null, boot: null }),
      isRunning: (owner) => (owner.process === process ? 'running' : 'gone'),
      yieldToIO: async () => {},
    },
  }
}

/** How many copies are published. */
export type Copies = 1 | 3 | 10

/** The job that is run, and which copies it publishes. */
export interface Task {
  readonly job: Job
  readonly publish: readonly string[]
}

/** One thing that is done, by a process of its own. */
export type Step = (task: Task, process: Process) => Promise<unknown>

export interface Scenario {
  readonly name: string
  /** What is done before, and waited for. */
  readonly before: readonly Step[]
  /** What is done while the disk may crash. */
  readonly steps: readonly Step[]
}

const data = sourceOf({
  ...threeMonths,
  // its second row waits in quarantine
  'calls 2025-04': ['c4,2025-04-01T10:00Z,t2,3,add', 'c5,yesterday,t1,5,add', 'c1,,,,delete'],
})

const run =
  (options: RunOptions = {}): Step =>
  ({ job, publish }, { out, effects }) =>
    runPipeline(job, { ...options, publish, data, out }, effects)

const february = run({ months: ['2025-02'] })
const march = run({ months: ['2025-02', '2025-03'] })

/** A copy is gone, another was changed by hand. */
const spoilCopies: Step = async ({ publish }, { out }) => {
  const [gone = '', changed] = publish.map((name) => `${name}.csv`)
  await out.remove(gone)
  if (changed !== undefined) await out.write(changed, [Buffer.from('team_name,total_calls\nRed,999\n')])
}

/** A run that dies on its way, leaving files behind that nobody refers to. */
const halfRun: Step = async ({ job, publish }, { port }) => {
  let left = 150
  const mortal = watchedPort(() => {
    if (left-- <= 0) throw systemError('EIO')
    return undefined
  }, port)
  const { out, effects } = newProcess(mortal)
  await runPipeline(job, { publish, data, out }, effects).catch(() => {})
}

const collect: Step = (_, { out, effects }) =>
  collectGarbage({ out, action: 'remove', graceDays: 0, keepVersions: 1 }, effects)

const repair: Step = ({ job }, { out, effects }) => verifyState(job, { out, repair: 'copies' }, effects)

export const scenarios: readonly Scenario[] = [
  { name: 'a first run', before: [], steps: [run()] },
  { name: 'the next month', before: [february], steps: [march] },
  { name: 'a rebuild', before: [february, march], steps: [run({ apply: 'rebuild' })] },
  { name: 'another format', before: [run()], steps: [run({ format: 'json' })] },
  { name: 'copies written again', before: [run(), spoilCopies], steps: [run()] },
  { name: 'a repair', before: [run(), spoilCopies], steps: [repair] },
  { name: 'garbage collection', before: [february, halfRun, march], steps: [collect, run()] },
  { name: 'two runs in a row', before: [], steps: [february, march] },
]

const { call_report } = phoneJob.outputs

/** The small job with so many published copies: its report alone, with its two tables, or with seven more reports. */
export function taskWith(copies: Copies): Task {
  if (call_report === undefined) throw new Error('the phone job has its report')
  const names = Array.from({ length: copies === 10 ? 8 : 1 }, (_, at) =>
    at === 0 ? 'call_report' : `call_report_${at + 1}`,
  )
  const job: Job = { ...phoneJob, outputs: Object.fromEntries(names.map((name) => [name, call_report])) }
  const tables = Object.keys(job.tables)
  return { job, publish: copies === 1 ? names : [...names, ...tables] }
}
