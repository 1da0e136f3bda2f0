import type { CellRule, CellSink } from '../cells.ts'
import { ForbiddenSink } from '../forbid.ts'
import { BooleanSink } from './booleans.ts'
import type { ColumnUse } from './header.ts'
import { LooseSink } from './infer.ts'
import { BigIntSink, NumberSink } from './numbers.ts'
import { DictionarySink, PlainSink } from './texts.ts'
import { DaySink, TimestampSink } from './timestamps.ts'

const UNKNOWN = 'no value: the column is not in the contract'
const unnamed = (column: number) => `no value in column ${column + 1}, which has no name in the header line`

/** Returns the sink that reads the cells of a column; null for a column that is not used. */
export function makeSink(use: ColumnUse, column: number, types: 'infer' | 'text'): CellSink | null {
  if (use.use === 'discard') return null
  if (use.use === 'forbid') return new ForbiddenSink(UNKNOWN)
  if (use.use === 'unnamed') return new ForbiddenSink(unnamed(column), 'allow')
  if (use.use === 'action') return new DictionarySink({ isNullable: true, isKey: false })
  if (use.use === 'loose') return new LooseSink(types)
  const { kind, encoding, unit, isNullable, role } = use.contract
  const rule: CellRule = { isNullable, isKey: role === 'key' }
  switch (kind) {
    case 'text':
      return encoding === 'plain' ? new PlainSink(rule) : new DictionarySink(rule)
    case 'float64':
    case 'int32':
      return new NumberSink(kind, rule)
    case 'int64':
      return new BigIntSink(rule)
    case 'boolean':
      return new BooleanSink(rule)
    case 'timestamp':
      return new TimestampSink(unit, rule)
    case 'date':
      return new DaySink(rule)
  }
}
