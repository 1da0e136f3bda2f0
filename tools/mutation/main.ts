/**
 * `npm run test:mutation -- [--room time,report] [--sample 0.2] [--least 10] [--seed 1] [--workers
 * 2] [--patience 1.5] [--document docs/mutation.md]`: counts how many small faults in the rooms the
 * tests notice. Exits with 1 if a room stays below `--goal` percent.
 * @module
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeRow } from './document.ts'
import { EXPLAINED } from './explained.ts'
import { ROOMS } from './rooms.ts'
import { judge, percentOf, type Score } from './score.ts'
import { tryRoom } from './try-room.ts'

const { values } = parseArgs({
  options: {
    room: { type: 'string', default: ROOMS.map(({ name }) => name).join(',') },
    sample: { type: 'string', default: '1' },
    least: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    // a mutant times out after this many times what its tests take without it; a busy machine needs more
    patience: { type: 'string', default: '1.5' },
    goal: { type: 'string', default: '85' },
    document: { type: 'string' },
  },
})
const sample = { share: Number(values.sample), least: Number(values.least), seed: values.seed }
if (!(sample.share > 0 && sample.share <= 1)) throw new Error(`--sample is ${values.sample}, expected 0 < share <= 1`)

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function countsOf({ tried, killed, timedOut, explained }: Score): readonly string[] {
  return [tried, killed, timedOut, explained, tried - killed - explained].map(String)
}

function lineOf(name: string, score: Score): string {
  const counts = countsOf(score).map((count) => count.padStart(9))
  return `${name.padEnd(44)}${counts.join('')}${`${percentOf(score)} %`.padStart(9)}`
}

process.chdir(join(import.meta.dirname, '../..'))
let isBelow = false
for (const name of values.room.split(',')) {
  const room = ROOMS.find((candidate) => candidate.name === name)
  if (room === undefined) throw new Error(`--room ${name} is none of ${ROOMS.map((known) => known.name).join(', ')}`)
  const { tried, all } = await tryRoom(room, sample, Number(values.workers), Number(values.patience))
  const { whole, byFile, survivors, timedOut, idle } = judge(tried, EXPLAINED)

  print(`\n${'room or file'.padEnd(44)}    tried   killed  by time explained survived    score`)
  print(lineOf(name, whole))
  for (const [file, score] of [...byFile].sort(([one], [other]) => (one < other ? -1 : 1))) {
    print(lineOf(`  ${file}`, score))
  }
  for (const { file, line, code, change } of survivors) print(`\n${file}:${line}  ${code}\n    ${change}`)
  for (const { file, line, change } of timedOut) print(`\n${file}:${line}  timed out\n    ${change}`)
  // only a run of every mutant can show that an explanation is unused
  if (sample.share === 1) {
    for (const { file, code } of idle) print(`\n${file}: the explanation of "${code}" is not needed any more`)
  }

  isBelow ||= Number(percentOf(whole)) < Number(values.goal)
  if (values.document !== undefined) {
    const share =
      sample.share === 1 ? 'all' : `${sample.share * 100} %, ${sample.least} a file at least, seed ${sample.seed}`
    const date = new Date().toISOString().slice(0, 10)
    writeRow(values.document, [`\`${name}\``, String(all), ...countsOf(whole), `${percentOf(whole)} %`, share, date])
  }
}
process.exitCode = isBelow ? 1 : 0
