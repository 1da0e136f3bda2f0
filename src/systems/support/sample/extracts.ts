/**
 * A made-up support operation of any size: the full extract and the monthly deltas of its four tables, with the same
 * irregularities as real exports.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import { ByteSink } from '../../../sample/extract-bytes.ts'
import { agents, contactCenters, interactions as facts, serviceCategories } from '../tables.ts'
import {
  agentChanges,
  agentRows,
  categoryChanges,
  categoryRows,
  centerChanges,
  centerRows,
  MOST_DELTAS,
} from './dimensions.ts'
import { factChanges, initialFacts, monthLabel, type Operation } from './facts.ts'

/** One file of an extract: its name, and its bytes, generated while they are read. */
export interface ExtractFile {
  /** `initial/agents.csv`, `delta/agents_delta_202502.csv` … */
  readonly name: string
  readonly chunks: () => Iterable<Uint8Array>
}

export interface SupportExtractsOptions {
  /** How many interactions the full extract has, at least 100. */
  readonly interactions: number
  /** The same seed gives the same bytes, another seed other data. Default 1. */
  readonly seed?: number
  /** Months of deltas that follow, 0–9, each with a tenth of the full extract's rows. Default 2. */
  readonly deltas?: number
}

function* lines(
  header: Iterable<string>,
  rows: Iterable<string>,
  finalNewline: 'final' | 'none',
): Generator<Uint8Array> {
  const sink = new ByteSink()
  sink.text([...header].join(','))
  for (const row of rows) {
    sink.text('\r\n')
    sink.text(row)
    yield* sink.take()
  }
  if (finalNewline === 'final') sink.text('\r\n')
  yield* sink.end()
}

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new ContractError('invalid_option', `${name} is ${value}, expected a whole number from ${least} to ${most}`)
}

/**
 * Returns the files of a made-up support operation: a full extract at the end of January 2025, and
 * deltas from February on. A file is generated while its chunks are read and is not kept: any size
 * needs only 256 KiB of memory.
 *
 * A million interactions are about 124 MB. There are 24 contact centers, 20 categories, and one
 * agent per 2,500 interactions. Deltas add, update, delete and re-add;
 * `examples/data/support/README.md` lists the irregularities.
 *
 * @throws ContractError invalid_option - a number out of range
 * @example
 * const files = [...supportExtracts({ interactions: 1000 })]
 * files.map((file) => file.name).slice(3, 6)
 * // ['initial/interactions.csv', 'delta/agents_delta_202502.csv', 'delta/service_categories_delta_202502.csv']
 */
export function* supportExtracts(options: SupportExtractsOptions): Generator<ExtractFile> {
  const operation: Operation = {
    interactions: wholeNumber('interactions', options.interactions, 100, 500_000_000),
    seed: wholeNumber('seed', options.seed ?? 1, 0, 0xffff_ffff),
  }
  const { interactions, seed } = operation
  const deltas = wholeNumber('deltas', options.deltas ?? 2, 0, MOST_DELTAS)

  const columns = (table: { readonly columns: object }) => Object.keys(table.columns)
  yield { name: 'initial/agents.csv', chunks: () => lines(columns(agents), agentRows(seed, interactions), 'none') }
  yield { name: 'initial/contact_centers.csv', chunks: () => lines(columns(contactCenters), centerRows(), 'none') }
  yield {
    name: 'initial/service_categories.csv',
    chunks: () => lines(columns(serviceCategories), categoryRows(), 'final'),
  }
  yield { name: 'initial/interactions.csv', chunks: () => initialFacts(operation, columns(facts).join(',')) }

  for (let month = 1; month <= deltas; month++) {
    const suffix = `_delta_${monthLabel(month)}.csv`
    const dimensions = [
      [agents, agentChanges(seed, interactions, month)],
      [contactCenters, centerChanges(month)],
      [serviceCategories, categoryChanges(month)],
    ] as const
    for (const [table, changes] of dimensions) {
      const rows = [...changes]
      if (rows.length === 0) continue
      yield { name: `delta/${table.name}${suffix}`, chunks: () => lines([...columns(table), 'action'], rows, 'none') }
    }
    yield {
      name: `delta/interactions${suffix}`,
      chunks: () => factChanges(operation, month, `${columns(facts).join(',')},action`),
    }
  }
}
