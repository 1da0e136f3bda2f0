/**
 * Matches a delta's columns with the table's (D10–D12).
 * @module
 */

import { ContractError, DeltaError } from '../../../errors.ts'
import { nearestWord } from '../../../spelling.ts'
import type { Column } from '../../../table/column.ts'
import type { Frame } from '../../../table/frame.ts'
import type { CodeDraft } from '../account/code-counter.ts'
import type { DeltaPolicies } from '../delta-options.ts'

/** A delta's columns, by role. */
export interface NamedDelta {
  /** Columns of the table, and new ones under `evolve`, by the table's names. */
  readonly columns: ReadonlyMap<string, Column>
  readonly action: Column | null
  readonly sequence: Column | null
  readonly drafts: readonly CodeDraft[]
}

/** Whether the column is metadata: about the change that supplied the row. It is never compared. */
export function isMetadata(name: string): boolean {
  return name.startsWith('_') && name !== '__proto__'
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_]+/g, '')
const list = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ')
const plural = (names: readonly string[], one: string) => (names.length === 1 ? one : `${one}s`)

/** Trims outer spaces from names and applies aliases. */
function renameColumns(
  frame: Frame,
  { columnAliases }: DeltaPolicies,
): { columns: Map<string, Column>; renamed: string[] } {
  const columns = new Map<string, Column>()
  const renamed: string[] = []
  for (const [given, column] of frame.columns) {
    const trimmed = given.trim()
    const alias = Object.hasOwn(columnAliases, trimmed) ? columnAliases[trimmed] : undefined
    const name = alias ?? trimmed
    if (alias !== undefined && alias !== trimmed) renamed.push(name)
    if (columns.has(name)) {
      throw new DeltaError('column_duplicate', `the delta has column "${name}" twice; remove or rename one`, {
        details: { column: name },
      })
    }
    columns.set(name, column)
  }
  return { columns, renamed }
}

function renamed(found: string, meant: string): DeltaError {
  return new DeltaError('column_renamed', `the delta has column "${found}", did you mean "${meant}"?`, {
    advice: [
      'correct the name',
      { option: 'columnAliases', value: `{ ${JSON.stringify(found)}: ${JSON.stringify(meant)} }` },
    ],
    details: { found, expected: meant },
  })
}

function checkSpelling(unknown: readonly string[], missing: readonly string[]): void {
  for (const found of unknown) {
    const meant = missing.find((name) => plain(name) === plain(found))
    if (meant === undefined) continue
    throw renamed(found, meant)
  }
}

function checkKey(key: readonly string[], columns: ReadonlyMap<string, Column>, schema: Frame): void {
  for (const name of key) {
    if (!schema.columns.has(name)) {
      throw new ContractError(
        'column_not_found',
        `key column "${name}" is not in the table; it has ${list([...schema.columns.keys()]) || 'no columns'}`,
        { details: { column: name, columns: [...schema.columns.keys()] } },
      )
    }
    if (columns.has(name)) continue
    throw new DeltaError(
      'column_missing',
      `the delta has no key column "${name}"; it has ${list([...columns.keys()])}`,
      {
        details: { columns: [name] },
      },
    )
  }
}

function takeActionAndSequence(
  columns: Map<string, Column>,
  schema: Frame,
  { actionColumn, sequenceBy, defaultAction }: DeltaPolicies,
): Pick<NamedDelta, 'action' | 'sequence'> {
  if (schema.columns.has(actionColumn)) {
    throw new DeltaError(
      'invalid_option',
      `the table has a column "${actionColumn}" of its own, so it cannot hold the action`,
      {
        advice: [{ option: 'actionColumn', effect: 'name another one', otherwise: 'rename it' }],
        details: { option: 'actionColumn', found: actionColumn },
      },
    )
  }
  const action = columns.get(actionColumn) ?? null
  if (action === null && defaultAction === null) {
    const unknown = [...columns.keys()].filter((name) => !schema.columns.has(name))
    const meant = unknown.filter((name) => nearestWord(name, [actionColumn]) !== null)
    checkSpelling(unknown, [actionColumn])
    if (meant.length === 1) throw renamed(meant[0] as string, actionColumn)
    throw new DeltaError('action_column_missing', `the delta has no column "${actionColumn}"`, {
      advice: [
        { option: 'actionColumn', effect: 'name its column', otherwise: 'add it' },
        {
          option: 'defaultAction',
          value: "'add'",
          effect: 'read it as a full extract',
          otherwise: 'give it as a full extract',
        },
      ],
      details: { column: actionColumn, columns: [...columns.keys()] },
    })
  }
  columns.delete(actionColumn)
  if (sequenceBy === null) return { action, sequence: null }
  const sequence = columns.get(sequenceBy)
  if (sequence === undefined) {
    checkSpelling([...columns.keys()], [sequenceBy])
    throw new DeltaError('column_missing', `the delta has no column "${sequenceBy}", which sequenceBy names`, {
      details: { columns: [sequenceBy] },
    })
  }
  if (!schema.columns.has(sequenceBy)) columns.delete(sequenceBy)
  return { action, sequence }
}

function dropExtra(columns: Map<string, Column>, extra: readonly string[], { contract }: DeltaPolicies): CodeDraft[] {
  if (extra.length === 0) return []
  if (contract === 'freeze') {
    const them = extra.length === 1 ? 'it' : 'them'
    throw new DeltaError(
      'column_extra',
      `the delta has ${plural(extra, 'column')} ${list(extra)}, which the table does not have`,
      {
        advice: [
          `take ${them} out of the file, name and cells`,
          { option: 'contract', value: "'evolve'", effect: `add ${them}` },
          { option: 'contract', value: "'discard_value'", effect: `drop ${them}` },
        ],
        details: { columns: extra },
      },
    )
  }
  if (contract === 'discard_value') for (const name of extra) columns.delete(name)
  return [{ code: 'column_extra', severity: 'info', count: extra.length, rows: [], columns: extra }]
}

/**
 * Returns the delta's columns by the table's names.
 * @throws DeltaError column_renamed, column_extra, column_missing, column_duplicate,
 * action_column_missing - as the policies say
 */
export function nameColumns(frame: Frame, schema: Frame, key: readonly string[], policies: DeltaPolicies): NamedDelta {
  const { columns, renamed } = renameColumns(frame, policies)
  const names = [...schema.columns.keys()]
  const control = takeActionAndSequence(columns, schema, policies)
  const extra = [...columns.keys()].filter((name) => !schema.columns.has(name))
  // Metadata is about the change, so a delta may come without it.
  const missing = names.filter((name) => !columns.has(name) && !isMetadata(name))
  checkSpelling(extra, missing)
  checkKey(key, columns, schema)
  const drafts = dropExtra(columns, extra, policies)
  if (renamed.length > 0)
    drafts.push({ code: 'column_renamed', severity: 'info', count: renamed.length, rows: [], columns: renamed })
  if (missing.length > 0) {
    if (policies.refused.has('column_missing')) {
      throw new DeltaError(
        'column_missing',
        `the delta has no ${plural(missing, 'column')} ${list(missing)}, which the table has`,
        {
          advice: [`add ${missing.length === 1 ? 'it' : 'them'}`, { option: 'missingColumns', value: "'keep'" }],
          details: { columns: missing },
        },
      )
    }
    drafts.push({ code: 'column_missing', severity: 'warning', count: missing.length, rows: [], columns: missing })
  }
  return { columns, ...control, drafts }
}
