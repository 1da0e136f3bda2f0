/**
 * How a JSON file differs from an array of flat objects in UTF-8 with ISO timestamps.
 * @module
 */
import { isRecord, type OptionNames, refuseUnless } from '../../arguments.ts'
import { FormatError } from '../../errors.ts'
import { type CellForms, type FormOptions, resolveForms } from '../csv/forms.ts'
import { ENCODINGS, type TextEncoding } from '../text/encodings.ts'

/**
 * How a JSON file is written. Nothing of it is guessed; what is declared applies to the whole file. The forms of cells are those
 * of {@link CsvDialect}: they need a contract, and apply to texts, and where they say what numbers mean, to numbers.
 */
export interface JsonDialect extends FormOptions {
  /**
   * The names that lead to the list of rows inside an object around it, joined by points: `entries`, `result.calls`. What else
   * the object has is not read.
   */
  readonly path?: string
  /**
   * `concatenated`: objects one after the other, with or without white space between them, and each over as many lines as it
   * likes. Default: `array` for `readJson` and `json`, `lines` for `readJsonLines` and `jsonLines`.
   */
  readonly layout?: 'concatenated'
  /**
   * Names in the file, with the names of the contract for them. A name with points leads into objects: `Agent.Username`. What
   * such an object has besides is not read.
   */
  readonly columnAliases?: Readonly<Record<string, string>> | undefined
  /** The encoding; default `utf-8`. */
  readonly encoding?: TextEncoding
  /** `drop`: names that the contract does not have are not read. `contract` (default): as its `unknownColumns` says. */
  readonly extraColumns?: 'contract' | 'drop'
}

/** The options of a JSON dialect. */
export const JSON_DIALECT = {
  ...{ path: true, layout: true, columnAliases: true, encoding: true, extraColumns: true },
  ...{ timestamps: true, dates: true, decimal: true, thousands: true, nulls: true, booleans: true, durations: true },
} as const satisfies OptionNames<JsonDialect>

/** A JSON dialect with its defaults. */
export interface ResolvedJson {
  /** The names that lead to the list; empty where the file is the list. */
  readonly path: readonly string[]
  readonly isConcatenated: boolean
  readonly names: JsonNames
  readonly encoding: TextEncoding
  readonly forms: CellForms | null
}

/** What becomes of the names in a file. */
export interface JsonNames {
  /** The column of each name that has an alias, by the names that lead to it. */
  readonly columns: ReadonlyMap<string, string>
  /** The names of objects that hold such names. */
  readonly branches: ReadonlySet<string>
  readonly dropsOthers: boolean
}

function namesOf({ columnAliases = {}, extraColumns }: JsonDialect): JsonNames {
  const isFit = isRecord(columnAliases) && Object.values(columnAliases).every((name) => typeof name === 'string')
  refuseUnless(isFit, 'columnAliases', columnAliases, "an object such as { 'Agent.Username': 'agent_id' }", FormatError)
  const columns = new Map(Object.entries(columnAliases))
  const branches = new Set<string>()
  for (const path of columns.keys()) {
    for (let at = path.indexOf('.'); at >= 0; at = path.indexOf('.', at + 1)) branches.add(path.slice(0, at))
  }
  return { columns, branches, dropsOthers: extraColumns === 'drop' }
}

/**
 * Returns the dialect with its defaults.
 * @throws FormatError invalid_option - no file can be read with it
 * @throws ContractError time_zone_unknown - the zone of its timestamps
 */
export function resolveJson(options: JsonDialect): ResolvedJson {
  const { path, layout, encoding = 'utf-8', extraColumns } = options
  const steps = path === undefined ? [] : typeof path === 'string' ? path.split('.') : ['']
  refuseUnless(!steps.includes(''), 'path', path, 'names such as entries or result.calls', FormatError)
  const isLayout = layout === undefined || layout === 'concatenated'
  refuseUnless(isLayout, 'layout', layout, 'concatenated, or nothing', FormatError)
  refuseUnless(ENCODINGS.includes(encoding), 'encoding', encoding, `one of ${ENCODINGS.join(', ')}`, FormatError)
  const isExtra = extraColumns === undefined || extraColumns === 'contract' || extraColumns === 'drop'
  refuseUnless(isExtra, 'extraColumns', extraColumns, 'contract or drop', FormatError)
  return {
    path: steps,
    isConcatenated: layout === 'concatenated',
    names: namesOf(options),
    encoding,
    forms: resolveForms(options),
  }
}

/** What a file is read by that declares nothing. */
export const PLAIN_JSON: ResolvedJson = resolveJson({})
