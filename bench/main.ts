/**
 * `npm run bench -- [--rows 1000000] [--rounds 5] [--only steps,whole,next,transcripts]`: every step and the whole job
 * against the rivals, then 100,000 transcripts from files to gold, which no rival does.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dataOf } from './data.ts'
import { describeMachine, writeSection } from './document.ts'
import { plotRatios } from './plot.ts'
import { judge, printFigures, printRatios, type Ratio, sayRatios } from './ratios.ts'
import { type Entrant, type Figures, race, rival } from './rounds.ts'
import { nextMonth, supportEtlRun, workspace } from './whole.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'steps,whole,next,transcripts' },
    rivals: { type: 'string', default: 'duckdb,polars,arquero,map-of-rows' },
    results: { type: 'string', default: join(import.meta.dirname, 'results.json') },
  },
})
const rows = Number(values.rows)
const rounds = Number(values.rounds)
const parts = values.only.split(',')
// a month is over in a third of a second, of which a busy disk makes half: more of them tell what is usual
const monthRounds = 2 * rounds + 1
const rivals = values.rivals.split(',').filter((name) => name !== '')
const months = ['202502', '202503']
const place = workspace()
const folder = join(import.meta.dirname, 'data')
mkdirSync(folder, { recursive: true })
const data = dataOf(folder, rows)
const inputs = (name: string) => ({ data, out: join(place.path, name.replaceAll(/\W+/g, '-')), months })

const machine = describeMachine()
const load = [loadavg()[0] ?? 0]
const printed: string[] = []

function print(text: string): void {
  printed.push(text)
  process.stdout.write(text)
}

function run(title: string, entrants: readonly Entrant[], times = rounds): Figures[] {
  process.stderr.write(`${title}\n`)
  const figures = race(entrants, inputs, times)
  print(`\n### ${title}\n\n${printFigures(figures)}`)
  return figures
}

const KEPT = 'support-etl, table before kept'
const PUBLIC = 'support-etl, public functions'
const DUCKDB_KEPT = 'duckdb, table before kept'
// the second delta meets code that the first has warmed up, and a table that the first has changed
const applies = ['apply', 'apply again']
const ratios: Ratio[] = []
const figures: Record<string, Figures[]> = {}
try {
  if (parts.includes('steps')) {
    figures.steps = run('Steps', [
      rival('support-etl', 'steps'),
      rival('support-etl', 'stepsKept', KEPT),
      rival('support-etl-public', 'steps', PUBLIC),
      ...rivals.flatMap((name) =>
        name === 'duckdb' ? [rival(name, 'steps'), rival(name, 'stepsKept', DUCKDB_KEPT)] : [rival(name, 'steps')],
      ),
    ])
    const applied = (name: string, step: string | readonly string[], ours: string, theirs: string) =>
      judge(name, figures.steps ?? [], step, ours, theirs, 0.6, 0.45)
    ratios.push(
      judge('CSV → typed columns', figures.steps, 'read', 'support-etl', 'duckdb', 0.7, 0.5),
      applied('apply one delta', 'apply', 'support-etl', 'duckdb'),
      applied('the same, mean of the two', applies, 'support-etl', 'duckdb'),
      applied('apply one delta, table before kept by both', 'apply', KEPT, DUCKDB_KEPT),
      applied('the same, mean of the two, table before kept by both', applies, KEPT, DUCKDB_KEPT),
      judge('public applyDelta, keys checked, table before kept by both', figures.steps, 'apply', PUBLIC, DUCKDB_KEPT),
      judge('the same, mean of the two, keys checked', figures.steps, applies, PUBLIC, DUCKDB_KEPT),
      judge('UTC → local month', figures.steps, 'month', 'support-etl', 'duckdb', 0.2, 0.1),
      judge('report', figures.steps, 'report', 'support-etl', 'duckdb', 0.25, 0.14),
    )
  }
  if (parts.includes('whole')) {
    const ours = [
      supportEtlRun('support-etl run'),
      supportEtlRun('support-etl run, not waiting for the disk', { NO_SYNC: '1' }),
    ]
    figures.whole = run('The whole job, files to files', [...ours, rival('duckdb', 'job')])
    ratios.push(
      judge(
        'files → committed state and published files',
        figures.whole,
        'process',
        'support-etl run',
        'duckdb',
        0.75,
        0.45,
      ),
      judge(
        'the same, not waiting for the disk',
        figures.whole,
        'process',
        'support-etl run, not waiting for the disk',
        'duckdb',
        0.75,
        0.45,
      ),
      judge('peak memory of that run', figures.whole, 'memory', 'support-etl run', 'duckdb', 0.7, 0.45),
    )
  }
  if (parts.includes('next')) {
    for (const [publish, must, aim] of [
      ['report,dimensions', 0.4, 0.15],
      ['all', 0.85, 0.7],
    ] as const) {
      const name = `next month, --publish ${publish}`
      const rebuild = supportEtlRun(`rebuild, --publish ${publish}`, {}, ['--publish', publish])
      const next = run(name, [nextMonth(name, months, publish, monthRounds), rebuild], monthRounds)
      figures[name] = next
      ratios.push(judge(`${name}, against a rebuild`, next, 'process', name, rebuild.name, must, aim))
    }
  }
} finally {
  place.remove()
}

load.push(loadavg()[0] ?? 0)
const { node, duckdb, polars } = machine.versions
print(`\n### Against the targets\n\n${printRatios(ratios)}`)
print(
  `\n${rows.toLocaleString('en')} interactions, ${rounds} rounds (${monthRounds} of the next month), ${new Date().toISOString().slice(0, 10)}. ${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB; Node ${node}, DuckDB ${duckdb} with 2 threads, nodejs-polars ${polars}. Load of the machine before and after: ${load.map((value) => value.toFixed(1)).join(', ')}; a quiet one has about 1 here, the benchmark itself.\n`,
)
writeFileSync(values.results, `${JSON.stringify({ rows, rounds, machine, load, ratios, figures }, null, 2)}\n`)
if (['steps', 'whole', 'next'].every((part) => parts.includes(part))) {
  const docs = join(import.meta.dirname, '..', 'docs')
  writeSection(join(docs, 'performance.md'), printed.join(''))
  writeSection(join(docs, '..', 'README.md'), sayRatios(ratios, rounds, machine.cores))
  mkdirSync(join(docs, 'images'), { recursive: true })
  writeFileSync(join(docs, 'images', 'benchmark.svg'), plotRatios(figures))
}
if (parts.includes('transcripts')) {
  const { status } = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, 'transcripts.ts')], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}
