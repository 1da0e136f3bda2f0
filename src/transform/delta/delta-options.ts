/**
 * Functions from tables to tables: deltas, joins, time zones. Pure and synchronous.
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../arguments.ts'
import { DeltaError } from '../../errors.ts'
import type { Severity } from './delta-summary.ts'

/**
 * What a change does: `add` brings a whole row, `update` changes some of a row's cells, `delete`
 * removes a row.
 */
export type Action = 'add' | 'update' | 'delete'

/**
 * The policies of a delta. Each comment names the policy's line in the decision table (D01–D33).
 */
export interface DeltaOptions {
  /**
   * `lenient` (default) counts unexpected changes. `strict` turns every warning into an error,
   * except where a policy is set by name.
   */
  readonly mode?: 'lenient' | 'strict' | undefined
  /** An add of a key that exists (D03): `replace` (default). */
  readonly addExisting?: 'replace' | 'ignore' | 'error' | undefined
  /**
   * An update of a key that exists (D33): `replace` (default) writes every cell that the delta has,
   * `patch` only those that are not null.
   */
  readonly update?: 'replace' | 'patch' | undefined
  /** An update of a key that does not exist (D04): `insert` (default). */
  readonly updateMissing?: 'insert' | 'ignore' | 'error' | undefined
  /** A delete of a key that does not exist (D05): `ignore` (default). */
  readonly deleteMissing?: 'ignore' | 'error' | undefined
  /**
   * A key that occurs twice in the table (D01): `error` (default), or keep its first or last row.
   */
  readonly baseDuplicates?: 'error' | 'first' | 'last' | undefined
  /** Several changes of one key in one delta (D02): `fold` (default) applies them in order. */
  readonly duplicates?: 'fold' | 'error' | undefined
  /**
   * The column that orders the delta's changes (D21); row order by default. Numbers and instants
   * are compared by value, also where they are written as text (UTC where no zone is named), other
   * text by code units.
   */
  readonly sequenceBy?: string | undefined
  /** The column that holds the action: `action` (default). */
  readonly actionColumn?: string | undefined
  /**
   * Words of the action column that replace the default words (D08), such as
   * `{ N: 'add', C: 'update', X: 'delete' }`.
   */
  readonly actions?: Readonly<Record<string, Action>> | undefined
  /** The action of every row of a delta without an action column (D09). */
  readonly defaultAction?: Action | undefined
  /**
   * A column that the table does not have (D11): `freeze` refuses it, `evolve` adds it,
   * `discard_value` drops it. The default is what the contract given as the key says, otherwise
   * `freeze`.
   */
  readonly contract?: 'freeze' | 'evolve' | 'discard_value' | undefined
  /**
   * From the delta's column names to the table's, where they differ (D12):
   * `{ 'Full Name': 'full_name' }`.
   */
  readonly columnAliases?: Readonly<Record<string, string>> | undefined
  /**
   * A cell that does not fit its column's type (D13): `error` (default), or `null` to read it as
   * null.
   */
  readonly typeMismatch?: 'error' | 'null' | undefined
  /**
   * A column that the delta does not have (D10): `keep` (default) leaves it unchanged on an update,
   * and null on an add.
   */
  readonly missingColumns?: 'keep' | 'error' | undefined
  /**
   * A null cell of an update (D25): `overwrite` (default), `keep` the table's value, or keep it
   * only in the named columns.
   */
  readonly nulls?: 'overwrite' | 'keep' | { readonly keep: readonly string[] } | undefined
}

/** The codes that a policy can turn into errors. */
export type RefusableCode =
  | 'add_existing'
  | 'update_missing'
  | 'delete_missing'
  | 'delta_duplicate_key'
  | 'column_missing'
  | 'sequence_tie'

/** The options with every default filled in, as the fold uses them. */
export interface DeltaPolicies {
  readonly addExisting: 'replace' | 'ignore'
  readonly updateMissing: 'insert' | 'ignore'
  readonly baseDuplicates: 'error' | 'first' | 'last'
  /** The codes that are errors, and from which severity on. */
  readonly refused: ReadonlyMap<RefusableCode, Severity>
  readonly sequenceBy: string | null
  readonly actionColumn: string
  readonly actions: Readonly<Record<string, Action>> | null
  readonly defaultAction: Action | null
  readonly contract: 'freeze' | 'evolve' | 'discard_value'
  readonly columnAliases: Readonly<Record<string, string>>
  readonly typeMismatch: 'error' | 'null'
  /** The columns where a null cell of an update keeps the table's value. */
  readonly keepNulls: 'all' | ReadonlySet<string>
}

const ACTIONS = ['add', 'update', 'delete'] as const
const CHOICES = {
  mode: ['lenient', 'strict'],
  addExisting: ['replace', 'ignore', 'error'],
  update: ['replace', 'patch'],
  updateMissing: ['insert', 'ignore', 'error'],
  deleteMissing: ['ignore', 'error'],
  baseDuplicates: ['error', 'first', 'last'],
  duplicates: ['fold', 'error'],
  defaultAction: ACTIONS,
  contract: ['freeze', 'evolve', 'discard_value'],
  typeMismatch: ['error', 'null'],
  missingColumns: ['keep', 'error'],
} as const satisfies { [Name in keyof DeltaOptions]?: readonly unknown[] }
/** The names of all policies. */
export const DELTA_OPTIONS = {
  ...{ mode: true, addExisting: true, update: true, updateMissing: true, deleteMissing: true, baseDuplicates: true },
  ...{ duplicates: true, defaultAction: true, contract: true, typeMismatch: true, missingColumns: true },
  ...{ sequenceBy: true, actionColumn: true, actions: true, columnAliases: true, nulls: true },
} as const satisfies OptionNames<DeltaOptions>

function quoteList(values: readonly unknown[]): string {
  const quoted = values.map((value) => `"${String(value)}"`)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}

function invalidOption(name: string, found: unknown, expected: string): DeltaError {
  const shown = typeof found === 'string' ? `"${found}"` : found === null ? 'null' : `a ${typeof found}`
  return new DeltaError('invalid_option', `option ${name} is ${shown}; give it ${expected}`, {
    details: { option: name, found, expected },
  })
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkChoices(options: Readonly<Record<string, unknown>>): void {
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const value = options[name]
    if (value !== undefined && !(allowed as readonly unknown[]).includes(value)) {
      throw invalidOption(name, value, quoteList(allowed))
    }
  }
  for (const name of ['sequenceBy', 'actionColumn']) {
    const value = options[name]
    if (value !== undefined && (typeof value !== 'string' || value.trim() === '')) {
      throw invalidOption(name, value, 'the name of a column')
    }
  }
}

function checkActions(actions: unknown): void {
  if (!isPlainObject(actions)) throw invalidOption('actions', actions, 'an object of word to action')
  for (const [word, action] of Object.entries(actions)) {
    if (!ACTIONS.some((known) => known === action))
      throw invalidOption(`actions["${word}"]`, action, quoteList(ACTIONS))
  }
}

function checkAliases(aliases: unknown): void {
  if (!isPlainObject(aliases))
    throw invalidOption('columnAliases', aliases, "an object of the delta's to the table's name")
  for (const [alias, name] of Object.entries(aliases)) {
    if (typeof name !== 'string') throw invalidOption(`columnAliases["${alias}"]`, name, 'the name of a column')
  }
}

function resolveNulls({ nulls, update }: DeltaOptions): DeltaPolicies['keepNulls'] {
  const names = isPlainObject(nulls) ? nulls.keep : undefined
  const isKnown = nulls === undefined || nulls === 'overwrite' || nulls === 'keep' || Array.isArray(names)
  if (!isKnown) throw invalidOption('nulls', nulls, '"overwrite", "keep" or { keep: [column, …] }')
  if (update === 'patch' && nulls === 'overwrite') {
    throw new DeltaError(
      'invalid_option',
      'options update "patch" and nulls "overwrite" contradict each other; leave one out',
      {
        details: { option: 'nulls' },
      },
    )
  }
  if (update === 'patch' || nulls === 'keep') return 'all'
  return new Set(names ?? [])
}

function resolveRefused(options: DeltaOptions): Map<RefusableCode, Severity> {
  const refused = new Map<RefusableCode, Severity>()
  const policies: readonly (readonly [RefusableCode, string | undefined])[] = [
    ['add_existing', options.addExisting],
    ['update_missing', options.updateMissing],
    ['delete_missing', options.deleteMissing],
    ['delta_duplicate_key', options.duplicates],
    ['column_missing', options.missingColumns],
    ['sequence_tie', undefined],
  ]
  for (const [code, choice] of policies) {
    if (choice === 'error') refused.set(code, 'info')
    // strict does not override a policy that is set by name
    else if (options.mode === 'strict' && choice === undefined) refused.set(code, 'warning')
  }
  return refused
}

/**
 * Returns the options with every default filled in.
 * @throws DeltaError invalid_option - an unknown name, or a value that is not allowed; the message
 * lists the allowed ones
 */
export function resolveDeltaOptions(options: DeltaOptions = {}): DeltaPolicies {
  refuseUnknown(options, DELTA_OPTIONS, DeltaError)
  checkChoices({ ...options })
  if (options.actions !== undefined) checkActions(options.actions)
  if (options.columnAliases !== undefined) checkAliases(options.columnAliases)
  return {
    addExisting: options.addExisting === 'ignore' ? 'ignore' : 'replace',
    updateMissing: options.updateMissing === 'ignore' ? 'ignore' : 'insert',
    baseDuplicates: options.baseDuplicates ?? 'error',
    refused: resolveRefused(options),
    sequenceBy: options.sequenceBy ?? null,
    actionColumn: options.actionColumn ?? 'action',
    actions: options.actions ?? null,
    defaultAction: options.defaultAction ?? null,
    contract: options.contract ?? 'freeze',
    columnAliases: options.columnAliases ?? {},
    typeMismatch: options.typeMismatch ?? 'error',
    keepNulls: resolveNulls(options),
  }
}
