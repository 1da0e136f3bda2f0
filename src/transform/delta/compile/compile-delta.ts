/**
 * Compiles a delta: columns in the table's kinds, actions as codes, rows in order.
 * @module
 */
import { DeltaError } from '../../../errors.ts'
import type { Column } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { keyBytes } from '../../../table/key/key.ts'
import { takeColumn, takeRows } from '../../../table/take.ts'
import type { CodeDraft } from '../account/code-counter.ts'
import type { DeltaPolicies } from '../delta-options.ts'
import { SAMPLE_SIZE } from '../delta-summary.ts'
import { describeOrigin, type OriginOf, originOf } from '../row-origin.ts'
import { readActions, sameAction, type WhereIsRow } from './actions.ts'
import { alignColumns } from './convert-columns.ts'
import { sequenceRows } from './delta-sequence.ts'
import { nameColumns } from './match-columns.ts'

/** A delta that fits its table. */
export interface CompiledDelta {
  readonly rows: number
  /** The columns that the delta has, in the schema's kinds. */
  readonly columns: ReadonlyMap<string, Column>
  /** The table's columns after this delta, without rows. The next delta is compiled against it. */
  readonly schema: Frame
  /** The action code of each row. */
  readonly actions: Uint8Array
  /** For each row here, its row in the given delta; null where the order is unchanged. */
  readonly order: Int32Array | null
  /** The rank of each row by `sequenceBy`; null without it. */
  readonly ranks: Int32Array | null
  readonly policies: DeltaPolicies
  readonly drafts: readonly CodeDraft[]
  readonly origin: OriginOf
}

/** Returns the table's columns without rows, to compile a delta against. */
export function schemaOf(table: Frame): Frame {
  return takeRows(table, new Int32Array(0))
}

function refuseNullKeys(keyColumns: Frame, key: readonly string[], origin: OriginOf): void {
  const { badRows } = keyBytes(keyColumns, key)
  const [first] = badRows
  if (first === undefined) return
  throw new DeltaError(
    'null_key',
    `${describeOrigin(origin(first))}: the key (${key.join(', ')}) is null, empty or not a number; give every change the key of its row`,
    { details: { count: badRows.length, sample: Array.from(badRows.subarray(0, SAMPLE_SIZE), origin) } },
  )
}

function refuseUnknownNames({ keepNulls }: DeltaPolicies, schema: Frame): void {
  if (keepNulls === 'all') return
  for (const name of keepNulls) {
    if (schema.columns.has(name)) continue
    throw new DeltaError(
      'invalid_option',
      `option nulls keeps column "${name}", which the table does not have; it has ${[...schema.columns.keys()].map((known) => `"${known}"`).join(', ')}`,
      { details: { option: 'nulls', column: name } },
    )
  }
}

/**
 * Returns the sequence in the table's kind if every value could be converted, otherwise as given.
 */
function readableSequence(given: Column, aligned: Column | undefined): Column {
  if (aligned === undefined || (given.kind !== 'text' && given.kind !== 'opaque') || aligned.kind === 'text')
    return given
  for (let row = 0; row < given.length; row++) if (aligned.isNull(row) && !given.isNull(row)) return given
  return aligned
}

/**
 * Returns the delta ready to fold. `schema` is {@link schemaOf} the table, or the schema after the
 * previous delta.
 *
 * @throws DeltaError - an action, a key, a column or a cell that the decision table does not allow
 * (D06–D14, D21)
 */
export function compileDelta(
  delta: Frame,
  schema: Frame,
  key: readonly string[],
  policies: DeltaPolicies,
): CompiledDelta {
  const given = originOf(delta, null)
  const where: WhereIsRow = (row) => describeOrigin(given(row))
  const named = nameColumns(delta, schema, key, policies)
  refuseUnknownNames(policies, schema)
  const { action, sequence } = named
  const actions =
    action === null ? sameAction(policies.defaultAction ?? 'add', delta.rows) : readActions(action, policies, where)
  const aligned = alignColumns(named.columns, schema, key, actions.codes, policies, given)
  refuseNullKeys(frameOf(key.map((name) => [name, aligned.columns.get(name) as Column] as const)), key, given)

  const sequenceBy = policies.sequenceBy ?? ''
  const sequenced =
    sequence === null
      ? null
      : sequenceRows(readableSequence(sequence, aligned.columns.get(sequenceBy)), sequenceBy, where)
  const order = sequenced?.order ?? null
  const drafts: CodeDraft[] = [...named.drafts, ...aligned.drafts]
  if (delta.rows === 0) drafts.unshift({ code: 'empty_delta', severity: 'info', count: 1, rows: [] })
  if (actions.normalizedCount > 0) {
    drafts.push({
      code: 'action_normalized',
      severity: 'info',
      count: actions.normalizedCount,
      rows: actions.normalizedRows,
    })
  }
  return {
    rows: delta.rows,
    schema: aligned.schema,
    columns:
      order === null
        ? aligned.columns
        : new Map(Array.from(aligned.columns, ([name, column]) => [name, takeColumn(column, order)])),
    actions: order === null ? actions.codes : Uint8Array.from(order, (row) => actions.codes[row] as number),
    order,
    ranks: sequenced?.ranks ?? null,
    policies,
    drafts: order === null ? drafts : drafts.map((draft) => ({ ...draft, rows: inOrder(draft.rows, order) })),
    origin: originOf(delta, order),
  }
}

/** Maps rows of the given delta to rows in order of the sequence. */
function inOrder(rows: readonly number[], order: Int32Array): number[] {
  return rows.map((row) => order.indexOf(row))
}
