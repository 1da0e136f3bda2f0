import type { CellSink } from '../cells.ts'
import { ForbiddenSink } from '../forbid.ts'
import type { CellForms } from '../forms.ts'
import type { ColumnUse } from './header.ts'
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
}

/** Returns the sink that reads the cells of a column; null for a column that is not used. */
export function makeSink(use: ColumnUse, column: number, { types, forms }: SinkOptions): CellSink | null {
  if (use.use === 'discard') return null
  if (use.use === 'forbid') return new ForbiddenSink(UNKNOWN)
  if (use.use === 'unnamed') return new ForbiddenSink(unnamed(column), 'allow')
  if (use.use === 'action') return new DictionarySink({ isNullable: true, isKey: false })
  if (use.use === 'loose') return new LooseSink(types, forms)
  const { isNullable, role } = use.contract
  return sinkOfKind(use.contract, { isNullable, isKey: role === 'key' }, forms)
}
