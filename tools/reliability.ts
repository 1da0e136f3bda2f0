/**
 * Writes the figures of the fault tests: `node tools/reliability.ts [FILE]` puts the figures of
 * `npm run test:faults` into docs/reliability.md; `node tools/reliability.ts compare ONE OTHER`
 * shows where two runs counted differently.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Section, shown } from '../tests/figures.ts'

interface Kept {
  readonly counts: 'full' | 'reduced'
  readonly node: string
  readonly platform: string
  readonly on: string
  readonly sections: readonly Section[]
}

const root = join(import.meta.dirname, '..')
const PAGE = join(root, 'docs', 'reliability.md')
const [BEGIN, END] = ['<!-- figures: begin -->', '<!-- figures: end -->']

function read(path: string): Kept {
  return JSON.parse(readFileSync(path, 'utf8')) as Kept
}

function table({ counts, node, platform, on, sections }: Kept): string {
  const rows = sections.flatMap(({ heading, figures }) =>
    (Object.keys(figures).length === 0 ? [['skipped', ''] as const] : Object.entries(figures)).map(
      ([name, figure], at) => `| ${at === 0 ? heading : ''} | ${name} | ${shown(figure)} |`,
    ),
  )
  const tests = sections.reduce((sum, section) => sum + section.tests, 0)
  const skipped = sections.flatMap((section) => section.skipped)
  const left = skipped.length === 0 ? 'nothing was skipped' : `skipped: ${skipped.join('; ')}`
  return [
    '| kind | figure | |',
    '|---|---|---:|',
    ...rows,
    '',
    `${shown(tests)} tests with ${counts} counts, Node ${node} on ${platform}, ${on}; ${left}.`,
  ].join('\n')
}

function write(path: string): void {
  const kept = read(path)
  const failed = kept.sections.filter((section) => section.failed > 0).map(({ heading }) => heading)
  if (failed.length > 0) throw new Error(`${path}: tests of ${failed.join(', ')} failed; such a run is no record`)
  const page = readFileSync(PAGE, 'utf8')
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no ${BEGIN} … ${END}`)
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${table(kept)}\n${page.slice(end)}`)
  process.stdout.write(`${PAGE} has the figures of ${path}\n`)
}

/** Every figure that must be the same in two runs, by kind and name. */
function repeatable({ sections }: Kept): ReadonlyMap<string, number | string> {
  const all = sections.flatMap(({ heading, figures }) =>
    Object.entries(figures).map(([name, figure]) => [`${heading}: ${name}`, figure] as const),
  )
  return new Map(all.filter(([name]) => !name.endsWith('(varies)')))
}

function compare(one: Kept, other: Kept): void {
  const [first, second] = [repeatable(one), repeatable(other)]
  const names = [...new Set([...first.keys(), ...second.keys()])]
  const different = names.filter((name) => first.get(name) !== second.get(name))
  for (const name of different) process.stdout.write(`${name}: ${first.get(name)} and ${second.get(name)}\n`)
  process.stdout.write(`${names.length - different.length} of ${names.length} figures are the same\n`)
  if (different.length > 0) process.exitCode = 1
}

const [word, ...paths] = process.argv.slice(2)
if (word === 'compare') compare(read(paths[0] ?? ''), read(paths[1] ?? ''))
else write(word ?? join(root, 'test-results', 'reliability-full.json'))
