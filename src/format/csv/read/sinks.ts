import { FormatError } from '../../../errors.ts'
import { nearestWord } from '../../../spelling.ts'
import type { TableContract } from '../../../table/contract.ts'
import type { CellSink } from '../cells.ts'
import { ForbiddenSink } from '../forbid.ts'
import type { CellForms, CompiledDuration } from '../forms.ts'
import { DurationSink } from './durations.ts'
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

/** A column of durations has the kind of its contract, doubles without one. */
function durationSink(use: ColumnUse, name: string, form: CompiledDuration): CellSink {
  if (use.use === 'loose') return new DurationSink('float64', { isNullable: true, isKey: false }, form)
  const { kind, isNullable, role } = (use as ColumnUse & { use: 'contract' }).contract
  if (kind === 'float64' || kind === 'int32' || kind === 'int64') {
    return new DurationSink(kind, { isNullable, isKey: role === 'key' }, form)
  }
  const message = `durations.${name} is declared for a column of kind ${kind}; only a column of numbers counts a duration`
  throw new FormatError('invalid_option', message, { details: { option: 'durations', column: name } })
}

function makeSink(use: ColumnUse, column: number, name: string, { types, forms }: SinkOptions): CellSink | null {
  const duration = forms?.durations?.get(name)
  if (duration !== undefined && (use.use === 'contract' || use.use === 'loose'))
    return durationSink(use, name, duration)
  if (use.use === 'discard') return null
  if (use.use === 'forbid') return new ForbiddenSink(UNKNOWN)
  if (use.use === 'unnamed') return new ForbiddenSink(unnamed(column), 'allow')
  if (use.use === 'action') return new DictionarySink({ isNullable: true, isKey: false })
  if (use.use === 'loose') return new LooseSink(types, forms)
  const { isNullable, role } = use.contract
  return sinkOfKind(use.contract, { isNullable, isKey: role === 'key' }, forms)
}

/** A misspelt name would leave the durations of a column undeclared. */
function refuseDurations(names: readonly string[], { forms, contract }: SinkOptions): void {
  const known = [...Object.keys(contract?.columns ?? {}), ...names]
  for (const name of forms?.durations?.keys() ?? []) {
    if (known.includes(name)) continue
    const meant = nearestWord(name, known)
    const hint = meant === null ? '' : `; did you mean "${meant}"?`
    throw new FormatError('invalid_option', `durations names "${name}", which is no column${hint}`, {
      details: { option: 'durations', column: name },
    })
  }
}

/**
 * Returns the sinks that read the cells of the columns; null for a column that is not used.
 * @throws FormatError invalid_option - durations are declared for no column, or for one that does not hold numbers
 */
export function makeSinks({ header, uses }: BoundHeader, options: SinkOptions): (CellSink | null)[] {
  refuseDurations(header.names, options)
  return uses.map((use, column) => makeSink(use, column, header.names[column] as string, options))
}
