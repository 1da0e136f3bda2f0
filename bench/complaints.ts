/**
 * `node --conditions=support-etl-source bench/complaints.ts [--customers 2500000] [--days 1] [--against DAYS] [--rounds 3] [--world FOLDER]`:
 * prints time and peak memory of `complaints run`, its start included. The world has that many customers, and each of them
 * complains 0.28 times a day. With `--against 10` it measures 10 days as well, and prints how many times their memory the days take.
 * A world that is named is made where it is missing, and kept; that of `--against` is beside it.
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
    against: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    world: { type: 'string' },
  },
})
const place = join(tmpdir(), `support-etl-complaints-${process.pid}`)
const named = values.world === undefined ? join(place, 'world') : resolve(values.world)
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

/** Measures runs over that many days. */
function costsOf(days: string, world: string): readonly Cost[] {
  if (!existsSync(join(world, 'ground_truth.json'))) {
    const size = ['--customers', values.customers, '--days', days]
    runProcess([conditions, command, 'complaints', 'generate', ...size, '--out', world])
  }
  return Array.from({ length: Number(values.rounds) }, () => {
    const out = join(place, 'lake')
    rmSync(out, { recursive: true, force: true })
    const { text, seconds } = runProcess([conditions, join(import.meta.dirname, 'complaints-child.ts'), world, out])
    const cost = JSON.parse(text) as Omit<Cost, 'seconds'>
    if (cost.status !== 'committed') throw new Error(`the run is ${cost.status}, and nothing was measured`)
    return { ...cost, seconds }
  })
}

/** Prints the medians of some runs, with the least and the most of each. */
function tell(days: string, costs: readonly Cost[]): void {
  const of = (figure: (cost: Cost) => number, digits: number): string => {
    const { median, low, high } = spread(costs.map(figure))
    return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`
  }
  const rows = costs[0]?.rows.toLocaleString('en')
  process.stdout.write(
    `### ${rows} rows of ${days} days landed and cleaned, ${costs.length} rounds\n\n| wall, s | CPU, s | peak memory, MiB |\n|--:|--:|--:|\n`,
  )
  process.stdout.write(
    `| ${of(({ seconds }) => seconds, 1)} | ${of(({ cpu }) => cpu, 1)} | ${of(({ peakMemory }) => peakMemory, 0)} |\n\n`,
  )
}

const memoryOf = (costs: readonly Cost[]): number => spread(costs.map(({ peakMemory }) => peakMemory)).median

try {
  const costs = costsOf(values.days, named)
  tell(values.days, costs)
  if (values.against !== undefined) {
    const few = costsOf(values.against, `${named}-${values.against}`)
    tell(values.against, few)
    const ratio = memoryOf(costs) / memoryOf(few)
    process.stdout.write(`${values.days} days take ${ratio.toFixed(2)} times the memory of ${values.against}\n`)
  }
} finally {
  rmSync(place, { recursive: true, force: true })
}
