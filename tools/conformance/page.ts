/**
 * The page of the conformance suite, out of its results.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', '..', 'conformance')

/** The engines in the order of the page. */
const ENGINES = [
  ...['support-etl', 'duckdb-all', 'duckdb-latest', 'postgres-all', 'postgres-latest'],
  ...['iceberg-all', 'iceberg-latest', 'delta-all', 'delta-latest', 'dlt'],
  ...['dbt-check', 'dbt-timestamp', 'dbt-hard-deletes'],
]

/** What an answer is worth, as `run.mjs` says it. */
export type Verdict = 'same' | 'order' | 'refused' | 'accepted' | 'wrong' | 'stopped' | 'skipped'

/** What came of one engine. */
export interface Result {
  readonly title: string
  readonly version: string
  readonly verdicts: Readonly<Record<string, Verdict>>
}

/** How many cases ended so; rows in another order count as right, for tables of SQL have none. */
export function line({ title, version, verdicts }: Result): string {
  const count = (...wanted: Verdict[]) => Object.values(verdicts).filter((verdict) => wanted.includes(verdict)).length
  const right = count('same', 'order', 'refused')
  const asked = Object.keys(verdicts).length - count('skipped')
  const cells = [
    title,
    version,
    `${right} of ${asked}`,
    count('order'),
    count('wrong'),
    count('accepted'),
    count('stopped'),
    count('skipped'),
  ]
  return `| ${cells.join(' | ')} |`
}

/** The tables of the page. */
export function tablesOf(results: Readonly<Record<string, Result>>, titles: Readonly<Record<string, string>>): string {
  const known = ENGINES.flatMap((name) => {
    const result = results[name]
    return result === undefined ? [] : [result]
  })
  const head = [
    '| engine | version | right | of them in another order | wrong rows | accepted what should be refused | stopped | not expressible |',
    '|---|---|---|---|---|---|---|---|',
  ]
  const silent = known.slice(1).map(({ title, verdicts }) => {
    const found = Object.entries(verdicts).filter(([, verdict]) => verdict === 'wrong' || verdict === 'accepted')
    const decisions = found.filter(([id]) => !id.startsWith('random')).map(([id]) => `${id} (${titles[id]})`)
    const sets = found.length - decisions.length
    const said = [...decisions, ...(sets === 0 ? [] : [`${sets} of the random sets`])]
    return `- **${title}:** ${said.length === 0 ? 'none' : said.join('; ')}`
  })
  const text = [...head, ...known.map(line), '', '## Wrong without a word', '', ...silent]
  return `${text.join('\n')}\n`
}

const BEGIN = '<!-- written by tools/conformance/scoreboard.ts -->\n'
const END = '<!-- end -->'

/** The titles of the cases. */
export function caseTitles(): Readonly<Record<string, string>> {
  const cases = JSON.parse(readFileSync(join(folder, 'decisions.json'), 'utf8')) as { id: string; title: string }[]
  return Object.fromEntries(cases.map(({ id, title }) => [id, title]))
}

/** The page with these results. */
export function pageWith(page: string, results: Readonly<Record<string, Result>>): string {
  const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)]
  if (from < BEGIN.length || to < from) throw new Error('docs/conformance.md has lost its marks')
  return `${page.slice(0, from)}\n${tablesOf(results, caseTitles())}\n${page.slice(to)}`
}
