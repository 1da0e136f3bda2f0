/**
 * `node --conditions=support-etl-source bench/transcripts.ts [--calls 100000] [--new 50]`: made-up transcripts from files to
 * gold, all of them in a first run, and a few new ones in the next.
 * @module
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sampleTranscripts } from '../src/systems/transcripts/sample/transcripts.ts'
import { runProcess } from './rounds.ts'

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '100000' }, new: { type: 'string', default: '50' } },
})
const calls = Number(values.calls)
const more = Number(values.new)

/** What one run cost, in seconds of the clock and of the processor, and MiB. */
interface Cost {
  readonly status: string
  readonly rows: number
  readonly seconds: number
  readonly cpu: number
  readonly peakMemory: number
}

/** Writes some calls, and returns the bytes of their files. */
function writeCalls(folder: string, count: number, seed: number): number {
  let bytes = 0
  for (const { call } of sampleTranscripts({ calls: count, seed })) {
    const text = JSON.stringify(call, null, 2)
    bytes += text.length
    writeFileSync(join(folder, `${call.call_id}.json`), text)
  }
  return bytes
}

function runOnce(data: string, out: string, expected: number): Cost {
  const child = join(import.meta.dirname, 'transcripts-child.ts')
  const cost = JSON.parse(runProcess(['--conditions=support-etl-source', child, data, out], {}).text) as Cost
  if (cost.status === 'committed' && cost.rows === expected) return cost
  throw new Error(`the run is ${cost.status} with ${cost.rows} calls, expected ${expected}`)
}

const place = join(tmpdir(), `support-etl-transcripts-${process.pid}`)
try {
  const [data, out] = [join(place, 'data'), join(place, 'out')]
  const bronze = join(data, 'bronze')
  mkdirSync(bronze, { recursive: true })
  const bytes = writeCalls(bronze, calls, 1)
  // files that have just been written may still change unseen, and are read again
  await new Promise((done) => setTimeout(done, 2500))
  const first = runOnce(data, out, calls)
  writeCalls(bronze, more, 2)
  const next = runOnce(data, out, calls + more)
  const line = (name: string, { seconds, cpu, peakMemory }: Cost) =>
    `| ${name} | ${seconds.toFixed(2)} | ${cpu.toFixed(2)} | ${peakMemory.toFixed(0)} |`
  process.stdout.write(
    `### ${calls.toLocaleString('en')} transcripts (${(bytes / 1e6).toFixed(0)} MB), from files to gold\n\n| | wall, s | CPU, s | peak memory, MiB |\n|---|--:|--:|--:|\n${line('first run', first)}\n${line(`next run, ${more} new calls`, next)}\n`,
  )
} finally {
  rmSync(place, { recursive: true, force: true })
}
