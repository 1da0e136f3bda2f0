/**
 * Scores this library's CSV reader on Pollock, a public benchmark of polluted CSV files (HPI, "Pollock: A Data Loading Benchmark"),
 * whose checkout is named: each file is read with the parameters that are declared for it, `ragged: pad` and `stray_quotes: text`.
 *
 *   node --conditions=support-etl-source bench/pollock.ts PATH
 *
 * A file counts 1 for being loaded, and precision, recall and F1 of its header, records and cells: 10 in all. The simple score is
 * the mean of the files, the weighted one that by how often a pollution was found in real files. Cells are compared as text in
 * lower case, which is stricter than the benchmark's own comparison by type.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EtlError } from '../src/errors.ts'
import { readByCsvParse } from '../src/format/csv/read/fallback.ts'
import { csvReader } from '../src/format/csv/read/reader.ts'

interface Parameters {
  readonly delimiter: string
  readonly quotechar: string
  readonly escapechar: string
  readonly header_lines: number
  readonly preamble_lines: number
  readonly column_names: readonly string[]
  readonly n_columns: number
}

/** A file as its header and records, all cells as text. */
interface Loaded {
  readonly header: readonly string[]
  readonly records: readonly (readonly string[])[]
}

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

function namesOf({ column_names: names, n_columns: count }: Parameters): string[] {
  if (names.length > 0) return names.map((name) => name.trim())
  return Array.from({ length: Math.max(1, count) }, (_, at) => `col_${at}`)
}

function rowsOf(reader: ReturnType<typeof csvReader>, bytes: Uint8Array): string[][] {
  reader.push(bytes)
  const { frame } = reader.end()
  const columns = [...frame.columns.values()]
  return Array.from({ length: frame.rows }, (_, row) => columns.map((column) => textOf(column.at(row))))
}

/** Reads a polluted file as its parameters declare it. @throws EtlError - it is refused */
function load(bytes: Uint8Array, parameters: Parameters): Loaded {
  const header = namesOf(parameters)
  const skipLines = parameters.preamble_lines + parameters.header_lines
  const records = rowsOf(
    csvReader({
      ...{ delimiter: parameters.delimiter || ',', quote: parameters.quotechar || '"' },
      ...{ escape: parameters.escapechar || parameters.quotechar || '"', header, skipLines },
      ...{ ragged: 'pad', strayQuotes: 'text', repeatedColumns: 'number', types: 'text', foreign: readByCsvParse },
    }),
    bytes,
  )
  return { header, records }
}

/** The file as it was before it was polluted. */
function clean(bytes: Uint8Array): Loaded {
  if (bytes.length === 0) return { header: [], records: [] }
  // each line is a record, the header too: one of them tells how many cells there are
  const [line = ''] = new TextDecoder().decode(bytes).split('\n', 1)
  const width = rowsOf(csvReader({ types: 'text', foreign: readByCsvParse }), new TextEncoder().encode(`${line}\n`))
  const count = width[0]?.length ?? line.split(',').length
  const header = Array.from({ length: count }, (_, at) => `c${at}`)
  const [names = [], ...records] = rowsOf(
    csvReader({ header, types: 'text', ragged: 'pad', foreign: readByCsvParse }),
    bytes,
  )
  return { header: names, records }
}

/** Precision, recall and F1 of one bag of texts against another, as the benchmark counts them. */
function measures(expected: readonly string[], found: readonly string[]): number {
  if (expected.length === 0) return 3
  const counts = new Map<string, number>()
  for (const text of expected) counts.set(text, (counts.get(text) ?? 0) + 1)
  let common = 0
  for (const text of found) {
    const left = counts.get(text) ?? 0
    if (left > 0) common++
    counts.set(text, left - 1)
  }
  if (common === 0) return 0
  const [one, other] = [common / expected.length, common / found.length]
  return one + other + (2 * one * other) / (one + other)
}

function scoreOf(expected: Loaded, found: Loaded): number {
  const lower = (texts: readonly string[]) => texts.map((text) => text.toLowerCase())
  const records = ({ records: all }: Loaded) => lower(all.map((cells) => cells.join('')))
  const cells = ({ header, records: all }: Loaded) => [...header, ...all.flat()]
  return (
    1 +
    measures(lower(expected.header), lower(found.header)) +
    measures(records(expected), records(found)) +
    measures(cells(expected), cells(found))
  )
}

const [path] = process.argv.slice(2)
const place = path === undefined ? '' : join(path, 'polluted_files')
if (path === undefined || !existsSync(place)) {
  console.log('skipped: Pollock (name a checkout of the benchmark, which has the folder polluted_files)')
} else {
  const weights = JSON.parse(readFileSync(join(path, 'pollock_weights.json'), 'utf8')) as Readonly<
    Record<string, number>
  >
  const names = readdirSync(join(place, 'csv'))
    .filter((name) => name.endsWith('.csv'))
    .sort()
  let [simple, weighted, weight, crashes] = [0, 0, 0, 0]
  const worst: { readonly name: string; readonly score: number; readonly why: string }[] = []
  for (const name of names) {
    const bytes = (folder: string, file: string) => new Uint8Array(readFileSync(join(place, folder, file)))
    const declared = bytes('parameters', `${name}_parameters.json`)
    const parameters = JSON.parse(new TextDecoder().decode(declared)) as Parameters
    let [score, why] = [0, '']
    try {
      score = scoreOf(clean(bytes('clean', name)), load(bytes('csv', name), parameters))
    } catch (error) {
      // a refusal is an answer, and counts nothing; anything else is a crash
      why = error instanceof Error ? error.message : String(error)
      if (!(error instanceof EtlError)) crashes++
    }
    const own = weights[name] ?? 0
    simple += score / names.length
    weighted += score * own
    weight += own
    if (score < 9.5) worst.push({ name, score, why })
  }
  console.log(
    `${names.length} files: simple ${simple.toFixed(3)}, weighted ${(weighted / weight).toFixed(3)}, ${crashes} crashes`,
  )
  const most = worst.sort((a, b) => (weights[b.name] ?? 0) * (10 - b.score) - (weights[a.name] ?? 0) * (10 - a.score))
  for (const { name, score, why } of most.slice(0, 12))
    console.log(`  ${score.toFixed(2)} ${name} (weight ${weights[name]}) ${why}`)
}
