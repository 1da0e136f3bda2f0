import type { TableContract } from '../../../table/contract.ts'
import type { CellSink } from '../cells.ts'
import { ForbiddenSink } from '../forbid.ts'
import type { CellForms } from '../forms.ts'
import { durationSink, refuseDurations } from './durations.ts'
import type { BoundHeader, ColumnUse } from './header.ts'
import { LooseSink } from './infer.ts'
import { sinkOfKind } from './kinds.ts'
import { DictionarySink } from './texts.ts'

const UNKNOWN = 'no value: the column is not in the contract'
const unnamed = (column: number) => `no value in column ${column + 1}, which has no name in the header line`

/** How the columns of a file are read. */
export interface SinkOptions {
  /** The kinds of columns outside the contract. */
  readonly types: 'infer' | 'text'
  /** The declared forms of cells. */
  readonly forms: CellForms | null
  readonly contract?: TableContract | undefined
}

function makeSink(use: ColumnUse, column: number, name: string, { types, forms }: SinkOptions): CellSink | null {
  const duration = forms?.durations?.get(name)
  if (duration !== undefined && use.use === 'contract') return durationSink(name, use, duration)
  if (duration !== undefined && use.use === 'loose') return durationSink(name, {}, duration)
  if (use.use === 'discard') return null
  if (use.use === 'forbid') return new ForbiddenSink(UNKNOWN)
  if (use.use === 'unnamed') return new ForbiddenSink(unnamed(column), 'allow')
  if (use.use === 'action') return new DictionarySink({ isNullable: true, isKey: false })
  if (use.use === 'loose') return new LooseSink(types, forms)
  const { isNullable, role } = use.contract
  return sinkOfKind(use.contract, { isNullable, isKey: role === 'key' }, forms)
}

/**
 * Returns the sinks that read the cells of the columns; null for a column that is not used.
 * @throws FormatError invalid_option - durations are declared for no column, or for one that does not hold numbers
 */
export function makeSinks({ header, uses }: BoundHeader, options: SinkOptions): (CellSink | null)[] {
  refuseDurations(header.names, options.forms, options.contract)
  return uses.map((use, column) => makeSink(use, column, header.names[column] as string, options))
}
