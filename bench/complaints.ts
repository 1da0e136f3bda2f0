/**
 * `node --conditions=support-etl-source bench/complaints.ts [--customers 2500000] [--days 1] [--rounds 3] [--world FOLDER]`:
 * prints time and peak memory of `complaints run`, its start included. The world has that many customers, and each of them
 * complains 0.28 times a day. A world that is named is made where it is missing, and kept.
 * @module
 */
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { spread } from './measure.ts'
import { runProcess } from './rounds.ts'

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '2500000' },
    days: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    world: { type: 'string' },
  },
})
const place = join(tmpdir(), `support-etl-complaints-${process.pid}`)
const world = values.world === undefined ? join(place, 'world') : resolve(values.world)
const conditions = '--conditions=support-etl-source'
const command = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts')

/** What one run cost: seconds of the clock and of the processor, and MiB. */
interface Cost {
  readonly status: string
  readonly rows: number
  readonly seconds: number
  readonly cpu: number
  readonly peakMemory: number
}

const costs: Cost[] = []
try {
  if (!existsSync(join(world, 'ground_truth.json'))) {
    const size = ['--customers', values.customers, '--days', values.days]
    runProcess([conditions, command, 'complaints', 'generate', ...size, '--out', world])
  }
  for (let round = 0; round < Number(values.rounds); round++) {
    const out = join(place, 'lake')
    rmSync(out, { recursive: true, force: true })
    const { text, seconds } = runProcess([conditions, join(import.meta.dirname, 'complaints-child.ts'), world, out])
    const cost = JSON.parse(text) as Omit<Cost, 'seconds'>
    if (cost.status !== 'committed') throw new Error(`the run is ${cost.status}, and nothing was measured`)
    costs.push({ ...cost, seconds })
  }
  const of = (figure: (cost: Cost) => number, digits: number): string => {
    const { median, low, high } = spread(costs.map(figure))
    return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`
  }
  const rows = costs[0]?.rows.toLocaleString('en')
  process.stdout.write(
    `### ${rows} rows landed and cleaned, ${costs.length} rounds\n\n| wall, s | CPU, s | peak memory, MiB |\n|--:|--:|--:|\n`,
  )
  process.stdout.write(
    `| ${of(({ seconds }) => seconds, 1)} | ${of(({ cpu }) => cpu, 1)} | ${of(({ peakMemory }) => peakMemory, 0)} |\n`,
  )
} finally {
  rmSync(place, { recursive: true, force: true })
}
