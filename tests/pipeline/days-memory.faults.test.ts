/** The memory of a run over days does not grow with their number, and only changed days are read again. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type FileStore, folderStore } from '../../src/connect/index.ts'
import { runPipeline } from '../../src/pipeline/index.ts'
import { dayJob } from './day-job.ts'
import { stateFolder, testFolders } from './phone-job.ts'

const [DAYS, ROWS] = [100, 20_000]
const folders = testFolders('days')
afterAll(folders.remove)

const nameOf = (day: number): string => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10)

/** A folder with so many days. */
function daysIn(folder: string, count: number, rows = ROWS): string {
  mkdirSync(join(folder, 'days'), { recursive: true })
  for (let day = 0; day < count; day++) {
    const lines = ['reading_id,machine,hours']
    for (let row = 0; row < rows; row++)
      lines.push(`${day}-${row},machine ${(row * 7 + day) % 500},${(row * 13 + day) % 24}`)
    writeFileSync(join(folder, 'days', `${nameOf(day)}.csv`), `${lines.join('\n')}\n`)
  }
  return folder
}

interface ChildRun {
  readonly rows: number
  readonly applied: number
  readonly held: number
  /** Kilobytes. */
  readonly peak: number
}

function runChild(data: string, out: string, flags: readonly string[] = []): ChildRun {
  mkdirSync(out)
  const usual = ['--conditions=support-etl-source', '--disable-warning=ExperimentalWarning']
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...usual, ...flags, join(import.meta.dirname, 'days-child.ts'), data, out],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  )
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as ChildRun
}

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number

describe('a run over days', () => {
  const all = daysIn(folders.next(), DAYS)
  let out = ''

  // what a busy machine has not freed yet is counted too: it is measured again
  it('holds no more for many days than for four', { timeout: 300_000, retry: 3 }, ({ task }) => {
    const few = runChild(daysIn(folders.next(), 4), folders.next(), ['--expose-gc'])
    out = folders.next()
    const many = runChild(all, out, ['--expose-gc'])
    expect([few.rows, many.rows, many.applied]).toEqual([4 * ROWS, DAYS * ROWS, DAYS])
    expect(many.held / few.held).toBeLessThan(1.1)
    task.meta.figures = { 'days of a run': DAYS, 'KiB held over them': Math.round(many.held / 1024) }
  })

  // what a process takes at most differs by some MiB from run to run: medians of pairs, one after the other. In the first days
  // V8 still compiles and reserves what it needs: 4 days are too few to tell growth from start
  it.for([
    { rows: ROWS, few: 25, pairs: 5 },
    { rows: 50_000, few: 25, pairs: 3 },
  ])('takes no more for 100 days of $rows rows than for $few', { timeout: 600_000 }, (given, { task }) => {
    const { rows, few, pairs } = given
    const short = daysIn(folders.next(), few, rows)
    const long = rows === ROWS ? all : daysIn(folders.next(), DAYS, rows)
    const peaks = Array.from({ length: pairs }, () => {
      const [first, second] = [runChild(short, folders.next()), runChild(long, folders.next())]
      expect([first.rows, second.rows]).toEqual([few * rows, DAYS * rows])
      return { short: first.peak, long: second.peak }
    })
    const peak = { short: middle(peaks.map((pair) => pair.short)), long: middle(peaks.map((pair) => pair.long)) }
    expect(peak.long / peak.short).toBeLessThan(1.1)
    const name = `days of ${rows} rows, MiB at most (varies)`
    task.meta.figures = { [`${few} ${name}`]: peak.short >> 10, [`${DAYS} ${name}`]: peak.long >> 10 }
  })

  it('reads only the day that changed again', async () => {
    const read: string[] = []
    const folder = folderStore(all)
    const data: FileStore = {
      location: folder.location,
      list: (prefix) => folder.list(prefix),
      read: (name) => {
        read.push(name)
        return folder.read(name)
      },
      write: (name, chunks) => folder.write(name, chunks),
      writeIfAbsent: (name, bytes) => folder.writeIfAbsent(name, bytes),
      remove: (name) => folder.remove(name),
    }
    const changed = join(all, 'days', `${nameOf(1)}.csv`)
    writeFileSync(changed, `reading_id,machine,hours\n1-0,machine 1,5\n`)
    const options = { data, out: stateFolder(out), acceptWithdrawals: ['readings'] }
    const { applied, tables } = await runPipeline(dayJob, options)
    expect(applied.map(({ name }) => name)).toEqual([`days/${nameOf(1)}.csv`])
    expect(tables.readings).toBe((DAYS - 1) * ROWS + 1)
    // once to tell its hash, once to read it; files too young to be known by their time may be hashed as well
    expect(read.filter((name) => name === `days/${nameOf(1)}.csv`)).toHaveLength(2)
    const others = read.filter((name) => name !== `days/${nameOf(1)}.csv`)
    expect(new Set(others).size).toBe(others.length)
    read.length = 0
    expect((await runPipeline(dayJob, { data, out: stateFolder(out) })).status).toBe('nothing_to_do')
  })
})
