import type { ColumnContract } from '../../../table/contract.ts'
import type { CellRule, CellSink } from '../cells.ts'
import type { CellForms } from '../forms.ts'
import { BooleanSink } from './booleans.ts'
import {
  booleanRewriter,
  DeclaredDaySink,
  DeclaredTimestampSink,
  numberLooks,
  numberRewriter,
  RewrittenSink,
} from './declared.ts'
import { BigIntSink, NumberSink } from './numbers.ts'
import { DictionarySink, PlainSink } from './texts.ts'
import { DaySink, TimestampSink } from './timestamps.ts'

/** What of a contract's column decides how its cells are read. */
type KindOfColumn = Pick<ColumnContract, 'kind' | 'encoding' | 'unit'>

function numberSink(sink: NumberSink | BigIntSink, forms: CellForms | null): CellSink {
  const form = forms?.numbers ?? null
  if (form === null) return sink
  return new RewrittenSink(numberRewriter(form), sink, `${sink.expected}, written as in ${numberLooks(form)}`)
}

/** Returns the sink that reads cells of a kind, in the declared form where there is one. */
export function sinkOfKind({ kind, encoding, unit }: KindOfColumn, rule: CellRule, forms: CellForms | null): CellSink {
  switch (kind) {
    case 'text':
      return encoding === 'plain' ? new PlainSink(rule) : new DictionarySink(rule)
    case 'float64':
    case 'int32':
      return numberSink(new NumberSink(kind, rule), forms)
    case 'int64':
      return numberSink(new BigIntSink(rule), forms)
    case 'boolean': {
      const words = forms?.booleans ?? null
      if (words === null) return new BooleanSink(rule)
      return new RewrittenSink(booleanRewriter(words), new BooleanSink(rule), `one of ${words.shown}`)
    }
    case 'timestamp': {
      const form = forms?.stamps ?? null
      return form === null ? new TimestampSink(unit, rule) : new DeclaredTimestampSink(unit, rule, form)
    }
    case 'date': {
      const form = forms?.days ?? null
      return form === null ? new DaySink(rule) : new DeclaredDaySink(rule, form)
    }
  }
}
