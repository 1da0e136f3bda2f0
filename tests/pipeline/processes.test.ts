/** Runs as processes: killed at any moment, several at once, told to stop. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/index.ts'
import { type RunOptions, readStatus, runPipeline, verifyState } from '../../src/pipeline/index.ts'
import { moments } from '../moments.ts'
import { contentOf, filesOf, phoneJob, sourceOf, stateFolder, testFolders, threeMonths } from './phone-job.ts'

const folders = testFolders('processes')
afterAll(folders.remove)

const isFull = process.env.SUPPORT_ETL_FAULTS === 'full'
const root = join(import.meta.dirname, '..', '..')
const data = folders.next()
let clean: Record<string, string> = {}
/** Milliseconds from the beginning of a run to the end of its process. */
let span = 0

async function copiesOf(folder: string): Promise<Record<string, string>> {
  const content = await contentOf(stateFolder(folder))
  return Object.fromEntries(Object.entries(content).filter(([name]) => !name.startsWith('.support-etl/')))
}

beforeAll(async () => {
  const source = folderStore(data)
  for (const [name, text] of Object.entries(filesOf(threeMonths))) await source.write(name, [Buffer.from(text)])
  // a thousand calls, so that writing takes its time
  const many = Array.from({ length: 5000 }, (_, at) => `m${at},2025-04-01T10:00Z,t1,${at % 60},add`)
  const file = filesOf({ 'calls 2025-04': many })['delta/calls_delta_202504.csv'] ?? ''
  await source.write('delta/calls_delta_202504.csv', [Buffer.from(file)])
  const out = folders.next()
  await runPipeline(phoneJob, { data, out })
  clean = await copiesOf(out)
  const whole = start(folders.next())
  await whole.begun
  const begun = performance.now()
  await whole.ended
  span = performance.now() - begun
})

interface Child {
  readonly process: ChildProcess
  /** Kept when the run begins. */
  readonly begun: Promise<unknown>
  readonly ended: Promise<{ code: number | null; told: string }>
}

function start(out: string, options: RunOptions = {}): Child {
  const script = join(import.meta.dirname, 'child-run.ts')
  const args = [
    '--conditions=support-etl-source',
    '--disable-warning=ExperimentalWarning',
    script,
    data,
    out,
    JSON.stringify(options),
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  child.stdout.on('data', (text) => (told += text))
  child.stderr.on('data', (text) => (told += text))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, told }))
  return { process: child, begun: Promise.race([once(child.stdout, 'data'), ended]), ended }
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('a run that is killed', () => {
  it.for([
    { signal: 'SIGKILL' as const, kills: isFull ? 200 : 6 },
    { signal: 'SIGTERM' as const, kills: isFull ? 50 : 2 },
    { signal: 'SIGINT' as const, kills: isFull ? 50 : 1 },
  ])(
    'leaves no commit or a whole one by $signal; the next takes over at once and ends the same',
    { timeout: 600_000 },
    async ({ signal, kills }, { task }) => {
      const random = moments(7)
      let [sent, interrupted, committed, taken] = [0, 0, 0, 0]
      // one that had ended already was not killed
      while (interrupted < kills) {
        sent += 1
        expect(sent).toBeLessThan(3 * kills + 10)
        const out = folders.next()
        const child = start(out)
        await child.begun
        await wait(random() * span)
        child.process.kill(signal)
        const { code } = await child.ended
        if (code === null) interrupted += 1
        if (existsSync(join(out, '.support-etl/log/00000001.json'))) {
          if (code === null) committed += 1
          const { damages } = await verifyState(phoneJob, { out })
          expect(damages.filter(({ kind }) => kind === 'data')).toEqual([])
        }
        const begun = performance.now()
        await runPipeline(phoneJob, { data, out })
        expect(performance.now() - begun).toBeLessThan(10_000)
        if (code === null) taken += 1
        expect(await copiesOf(out), `kill ${sent}`).toEqual(clean)
        expect((await readStatus({ out })).commit).toBe(1)
      }
      task.meta.figures = {
        [`runs ended by ${signal}`]: interrupted,
        'of them with a whole commit (varies)': committed,
        'next runs that took over at once': taken,
      }
    },
  )
})

describe('concurrent runs', () => {
  it('turn each other away, or find it done; killed or not, together they do the work once', async ({ task }) => {
    const random = moments(11)
    let [kills, killed, rounds] = [0, 0, 0]
    for (let round = 0; round < (isFull ? 60 : 1); round++) {
      const out = folders.next()
      for (let attempt = 0; attempt < 20; attempt++) {
        const children = ['', '', ''].map(() => start(out))
        // the first of a round loses two of its three
        for (const { process, begun } of attempt === 0 ? children.slice(1) : []) {
          kills += 1
          await begun
          await wait(random() * 40)
          process.kill('SIGKILL')
        }
        const ends = await Promise.all(children.map(({ ended }) => ended))
        killed += ends.filter(({ code }) => code === null).length
        for (const { code, told } of ends) expect(attempt === 0 ? [0, 75, null] : [0, 75], told).toContain(code)
        if (ends.every(({ told }) => told.includes('nothing_to_do'))) break
      }
      expect(await copiesOf(out)).toEqual(clean)
      expect((await readStatus({ out })).commit).toBe(1)
      rounds += 1
    }
    task.meta.figures = {
      'rounds of 3 writers, 2 of them killed': rounds,
      'SIGKILLs sent to them': kills,
      'of them that came before the end (varies)': killed,
    }
  }, 600_000)

  it('commit each month once, also where the lock means nothing', async ({ task }) => {
    let rounds = 0
    for (let round = 0; round < (isFull ? 60 : 5); round++) {
      const folder = folders.next()
      const months = ['2025-02', '2025-03', '2025-04']
      // every process takes every other for dead, so that all write at once
      const careless = { isRunning: () => 'gone' as const }
      const runs = Array.from({ length: 3 }, async () => {
        for (let month = 1; month <= months.length; month++) {
          const options = { data, out: stateFolder(folder), months: months.slice(0, month) }
          await runPipeline(phoneJob, options, careless)
        }
      })
      for (const result of await Promise.allSettled(runs)) {
        const reason = result.status === 'rejected' ? result.reason : null
        if (reason !== null) expect(['commit_lost', 'lock_held', 'month_pending']).toContain(reason.code)
      }
      await runPipeline(phoneJob, { data, out: folder })
      const { damages } = await verifyState(phoneJob, { out: folder })
      expect(damages).toEqual([])
      const status = await readStatus({ out: folder })
      expect(status.inputs).toHaveLength(6)
      expect(await copiesOf(folder)).toEqual(clean)
      rounds += 1
    }
    task.meta.figures = { 'rounds of 3 writers without a lock': rounds }
  }, 600_000)

  it('do not mix two sources: who loses plans again and sees what the winner applied', async () => {
    const out = folders.next()
    const [first, second] = [
      sourceOf(threeMonths),
      sourceOf({ ...threeMonths, 'calls 2025-03': ['c9,2025-03-03T10:00Z,t1,1,add'] }),
    ]
    const careless = { isRunning: () => 'gone' as const }
    const results = await Promise.allSettled([
      runPipeline(phoneJob, { data: first, out: stateFolder(out) }, careless),
      runPipeline(phoneJob, { data: second, out: stateFolder(out) }, careless),
    ])
    const [lost] = results.filter(({ status }) => status === 'rejected')
    expect(lost).toMatchObject({ reason: { code: 'file_changed' } })
    expect((await readStatus({ out })).commit).toBe(1)
  })
})
