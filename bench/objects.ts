/**
 * `node --conditions=support-etl-source bench/objects.ts [--objects 100000] [--changed 10] [--rounds 3] [--against FOLDER]`:
 * the first run over a folder with one file a record, and the next one after a few of them changed. With `--against` the runs of
 * this checkout alternate with those of another one, and the ratios are printed too.
 * @module
 */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { spread } from './measure.ts'
import { runProcess } from './rounds.ts'

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '100000' },
    changed: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    against: { type: 'string' },
  },
})
const count = Number(values.objects)
const changed = Number(values.changed)
const rounds = Number(values.rounds)
const here = resolve(import.meta.dirname, '..')
const libraries = [
  { name: 'this checkout', library: here },
  ...(values.against === undefined ? [] : [{ name: 'the other one', library: resolve(values.against) }]),
]

/** What one run cost, in seconds of the clock and of the processor, and MiB. */
interface Cost {
  readonly status: string
  readonly rows: number
  readonly updated: number
  readonly seconds: number
  readonly cpu: number
  readonly peakMemory: number
}

const WORDS = 'the caller asks about an invoice of last month and the agent explains each line of it'.split(' ')

/** One record as people's systems write it, about 500 bytes. */
function recordOf(at: number, version: number): string {
  const words = 40 + ((at * 7 + version) % 50)
  return `${JSON.stringify(
    {
      call_id: `C${at}`,
      team_id: `T${at % 12}`,
      agent_id: `A${(at * 31) % 400}`,
      started_at: new Date(Date.UTC(2025, 0, 1) + at * 61_000).toISOString(),
      duration_minutes: ((at * 13) % 900) / 10,
      words,
      transcript: Array.from({ length: words }, (_, word) => WORDS[(at + word * (1 + (at % 5))) % WORDS.length]).join(
        ' ',
      ),
    },
    null,
    1,
  )}\n`
}

function makeData(folder: string): void {
  mkdirSync(join(folder, 'calls'), { recursive: true })
  for (let at = 0; at < count; at++) writeFileSync(join(folder, 'calls', `C${at}.json`), recordOf(at, 0))
}

/** Gives some records, spread over the folder, another content. */
function change(folder: string, version: number): void {
  for (let nth = 0; nth < changed; nth++) {
    const at = Math.floor((nth * count) / changed)
    writeFileSync(join(folder, 'calls', `C${at}.json`), recordOf(at, version))
  }
}

function runOnce(library: string, data: string, out: string, expected: Partial<Cost>): Cost {
  const child = join(here, 'bench', 'objects-child.ts')
  const conditions = '--conditions=support-etl-source'
  const env = { NODE_COMPILE_CACHE: join(here, 'node_modules', '.cache', 'compiled') }
  const cost = JSON.parse(runProcess([conditions, child, library, data, out], env).text) as Cost
  for (const [name, value] of Object.entries(expected)) {
    const found = cost[name as keyof Cost]
    if (found !== value) throw new Error(`${library}: ${name} is ${found}, expected ${value}`)
  }
  return cost
}

/** The size of the record of the last commit in KiB. */
function recordSize(out: string): number {
  const log = join(out, '.support-etl', 'log')
  const last = readdirSync(log).sort().at(-1) ?? ''
  return statSync(join(log, last)).size / 1024
}

const place = join(tmpdir(), `support-etl-objects-${process.pid}`)
const data = join(place, 'data')
const figures = new Map<string, Cost[]>()
const keep = (name: string, cost: Cost): void => {
  figures.set(name, [...(figures.get(name) ?? []), cost])
}
try {
  makeData(data)
  // files that have just been written may still change unseen, and are read again
  await new Promise((done) => setTimeout(done, 2500))
  let version = 0
  let size = 0
  for (let round = 0; round < rounds; round++) {
    const inOrder = round % 2 === 0 ? libraries : libraries.toReversed()
    const outs = new Map(libraries.map(({ name }, at) => [name, join(place, `out-${at}`)]))
    for (const { name, library } of inOrder) {
      const out = outs.get(name) as string
      rmSync(out, { recursive: true, force: true })
      keep(`first run, ${name}`, runOnce(library, data, out, { status: 'committed', rows: count }))
    }
    change(data, ++version)
    for (const { name, library } of inOrder) {
      const out = outs.get(name) as string
      const updated = { status: 'committed', rows: count, updated: changed }
      keep(`next run, ${name}`, runOnce(library, data, out, updated))
      if (library === here) size = Math.max(size, recordSize(out))
    }
    // the files of the round before, which are settled now, would else be read again
    await new Promise((done) => setTimeout(done, 2500))
  }
  const rows = Array.from(figures, ([name, costs]) => {
    const of = (figure: (cost: Cost) => number, digits: number): string => {
      const { median, low, high } = spread(costs.map(figure))
      return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`
    }
    return `| ${name} | ${of(({ seconds }) => seconds, 2)} | ${of(({ cpu }) => cpu, 2)} | ${of(({ peakMemory }) => peakMemory, 0)} |`
  })
  const title = `${count.toLocaleString('en')} objects, ${changed} changed, ${rounds} rounds`
  process.stdout.write(
    `### ${title}\n\n| | wall, s | CPU, s | peak memory, MiB |\n|---|--:|--:|--:|\n${rows.join('\n')}\n\n`,
  )
  process.stdout.write(`The record of a commit has ${size.toFixed(0)} KiB.\n`)
  for (const run of libraries.length < 2 ? [] : ['first run', 'next run']) {
    const ours = figures.get(`${run}, this checkout`) ?? []
    const theirs = figures.get(`${run}, the other one`) ?? []
    const ratio = (figure: (cost: Cost) => number): string =>
      spread(ours.map((cost, at) => figure(cost) / figure(theirs[at] as Cost))).median.toFixed(2)
    process.stdout.write(
      `${run}: ${ratio(({ seconds }) => seconds)} of its time, ${ratio(({ cpu }) => cpu)} of its CPU time\n`,
    )
  }
} finally {
  rmSync(place, { recursive: true, force: true })
}
