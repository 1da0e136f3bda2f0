/**
 * Runs the conformance suite against engines and writes what came out into docs/conformance.md:
 * `node --conditions=support-etl-source tools/conformance/scoreboard.ts [NAME…]`. Without names, every engine whose program is here;
 * results of engines that are not run again stay, with their versions, in conformance/results.json.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTENDERS } from '../../tests/conformance-engines.ts'
import { line, pageWith, type Result, type Verdict } from './page.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'conformance')
const RESULTS = join(folder, 'results.json')
const PAGE = join(root, 'docs', 'conformance.md')

function measure(words: readonly string[]): Readonly<Record<string, Verdict>> {
  const said = execFileSync(process.execPath, [join(folder, 'run.mjs'), '--json', ...words], {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] },
  })
  const all = JSON.parse(said) as { id: string; verdict: Verdict }[]
  return Object.fromEntries(all.map(({ id, verdict }) => [id, verdict]))
}

const readResults = (): Readonly<Record<string, Result>> =>
  existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Record<string, Result>) : {}

async function main(names: readonly string[]): Promise<void> {
  const found: Record<string, Result> = {}
  for (const name of names.length === 0 ? Object.keys(CONTENDERS) : names) {
    const contender = CONTENDERS[name]
    if (contender === undefined) throw new Error(`there is no ${name}; there are ${Object.keys(CONTENDERS).join(', ')}`)
    const version = contender.version()
    if (version === null) {
      process.stderr.write(`${name}: not here, its last results stay\n`)
      continue
    }
    const { words, stop } = await contender.command()
    try {
      found[name] = { title: contender.title, version, verdicts: measure(words) }
    } finally {
      await stop()
    }
    // read again: engines may be measured side by side
    writeFileSync(RESULTS, `${JSON.stringify({ ...readResults(), ...found }, null, 1)}\n`)
    process.stderr.write(`${line(found[name])}\n`)
  }
  writeFileSync(PAGE, pageWith(readFileSync(PAGE, 'utf8'), readResults()))
}

if (import.meta.main) await main(process.argv.slice(2))
