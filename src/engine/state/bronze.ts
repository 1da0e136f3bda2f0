/**
 * The rows of inputs as an engine keeps them, and the files that stand for them: reading one gives the bytes that a run without an
 * engine would have stored.
 * @module
 */
import { ConnectError, EngineError } from '../../errors.ts'
import { arrowChunks } from '../../format/arrow/arrow.ts'
import type { Hash } from '../../pipeline/effects.ts'
import type { StagedRows } from '../../pipeline/engine-place.ts'
import type { JobTable } from '../../pipeline/job.ts'
import type { StoredFile } from '../../pipeline/log/commit-record.ts'
import { concatFrames } from '../../pipeline/sources/concat-frames.ts'
import { dataName } from '../../pipeline/state/data-files.ts'
import { actionColumn, stateContract } from '../../pipeline/state/stored-contract.ts'
import { BigIntColumn, type Column, DictionaryColumn, NumberColumn } from '../../table/column.ts'
import { type ColumnContract, string, type TableContract } from '../../table/contract.ts'
import { nullsOf } from '../../table/convert/column-form.ts'
import { type Frame, frameOf, selectColumns } from '../../table/frame.ts'
import { ACTION_WORDS, readActions } from '../../transform/delta/compile/actions.ts'
import { resolveDeltaOptions } from '../../transform/delta/delta-options.ts'
import { column, compare, integer } from '../expression.ts'
import { quoted } from '../render.ts'
import { BATCHES, bronzeOf, stagedColumns, WORD } from './table-names.ts'
import type { VersionTable, VersionTables } from './versions.ts'

/** An input whose rows are staged. */
export interface Batch {
  /** Its number: those of later inputs are greater. */
  readonly batch: number
  readonly table: string
  /** The name of the file that stands for it. */
  readonly file: string
  readonly bytes: number
  /** The columns of the rows as they were read, in their order. */
  readonly columns: readonly string[]
  /** The column among them that holds the words of the actions. */
  readonly word: string
  /** What the rows are, as a state stores them. */
  readonly contract: TableContract
}

/** The actions of staged rows, in the three words that plans know; an extract adds its rows. */
function actionsOf({ delta }: JobTable, { frame, month }: StagedRows, word: string): DictionaryColumn {
  const words = ACTION_WORDS as readonly string[]
  if (month === null) return new DictionaryColumn(new Int32Array(frame.rows).fill(1), words)
  const policies = resolveDeltaOptions(delta)
  const found = frame.columns.get(word)
  if (found !== undefined) {
    return new DictionaryColumn(Int32Array.from(readActions(found, policies, (row) => `row ${row + 1}`).codes), words)
  }
  // a delta without actions is refused where it is compiled, unless the job has one for all of its rows
  const code = policies.defaultAction === null ? -1 : words.indexOf(policies.defaultAction)
  return new DictionaryColumn(new Int32Array(frame.rows).fill(code), words)
}

/** The table of a table's staged rows. */
const bronzeTable = (contract: TableContract): VersionTable => {
  return { name: bronzeOf(contract.name), columns: stagedColumns(contract) }
}

/** Keeps and reads staged rows in the tables of one version. */
export class Bronze {
  readonly #tables: VersionTables
  readonly #newHash: () => Hash

  constructor(tables: VersionTables, newHash: () => Hash) {
    this.#tables = tables
    this.#newHash = newHash
  }

  /** All batches, in their order. */
  async batches(): Promise<readonly Batch[]> {
    const { dialect } = this.#tables.connection
    const columns = Object.keys(BATCHES.columns).map((name) => quoted('name', name, dialect))
    const query = `SELECT ${columns.join(', ')} FROM ${quoted('table', BATCHES.name, dialect)} ORDER BY ${columns[0]}`
    const found: Batch[] = []
    for (const { rows, columns: cells } of await this.#tables.ask(BATCHES.name, query, BATCHES.columns)) {
      const at = (name: keyof typeof BATCHES.columns, row: number) => cells.get(name)?.at(row)
      for (let row = 0; row < rows; row++) {
        found.push({
          batch: Number(at('batch', row)),
          table: String(at('table_name', row)),
          file: String(at('file', row)),
          bytes: Number(at('bytes', row)),
          // written by `stage`
          ...(JSON.parse(String(at('rows', row))) as Pick<Batch, 'columns' | 'word' | 'contract'>),
        })
      }
    }
    return found
  }

  async #note({ batch, table, file, bytes, ...rows }: Batch): Promise<void> {
    const one = (text: string): Column => new DictionaryColumn(Int32Array.of(0), [text])
    const row = frameOf([
      ['batch', new NumberColumn('int32', Int32Array.of(batch))],
      ['table_name', one(table)],
      ['file', one(file)],
      ['bytes', new BigIntColumn('int64', BigInt64Array.of(BigInt(bytes)))],
      ['rows', one(JSON.stringify(rows))],
    ])
    await this.#tables.append(BATCHES, row)
  }

  /** Creates the table of a table's staged rows where there is none. */
  create(contract: TableContract): Promise<void> {
    return this.#tables.create(bronzeTable(contract))
  }

  /** Stages the rows of an input behind those that are there; returns the file that stands for them. */
  async stage(table: JobTable, rows: StagedRows, batch: number): Promise<StoredFile> {
    const { contract } = table
    const word = actionColumn(table)
    const hash = this.#newHash()
    let bytes = 0
    const own = stateContract(contract)
    for (const chunk of arrowChunks(rows.frame, { contract: own })) {
      hash.update(chunk)
      bytes += chunk.length
    }
    const sha256 = hash.digest()
    const file = dataName(rows.stem, sha256, 'arrow')
    const columns = stagedColumns(contract)
    const seq = BigInt64Array.from({ length: rows.frame.rows }, (_, row) => BigInt(row))
    const placed = new Map<string, Column>([
      ['_batch', new NumberColumn('int32', new Int32Array(rows.frame.rows).fill(batch))],
      ['_seq', new BigIntColumn('int64', seq)],
      ['_action', actionsOf(table, rows, word)],
    ])
    const cells = Object.entries(columns).map(([name, { kind, encoding, unit }]): [string, Column] => {
      const found = placed.get(name) ?? rows.frame.columns.get(name === WORD ? word : name)
      return [name, found ?? nullsOf({ kind, encoding, unit, zone: 'UTC' }, rows.frame.rows)]
    })
    const known = new Set([...Object.keys(columns), word])
    const other = [...rows.frame.columns.keys()].find((name) => !known.has(name))
    if (other !== undefined) {
      throw new EngineError(
        'engine_cannot',
        `table ${contract.name}: no engine keeps column "${other}", which its contract does not name`,
      )
    }
    await this.create(contract)
    await this.#tables.append(bronzeTable(contract), frameOf(cells, rows.frame.rows))
    const names = [...rows.frame.columns.keys()]
    await this.#note({ batch, table: contract.name, file, bytes, columns: names, word, contract: own })
    return { name: file, sha256, bytes, rows: rows.frame.rows }
  }

  /** Returns the rows of a batch as they were staged. */
  async read({ batch, columns: names, word, table, contract }: Batch): Promise<readonly Uint8Array[]> {
    const { dialect } = this.#tables.connection
    const columns: Record<string, ColumnContract> = {}
    for (const name of names) columns[name] = contract.columns[name] ?? string()
    const select = names.map((name) => {
      const stored = name === word && !Object.hasOwn(contract.columns, name) ? WORD : name
      return `${quoted('name', stored, dialect)} AS ${quoted('name', name, dialect)}`
    })
    const rows = quoted('table', bronzeOf(table), dialect)
    const [of, by] = [quoted('name', '_batch', dialect), quoted('name', '_seq', dialect)]
    const query = `SELECT ${select.join(', ')} FROM ${rows} WHERE ${of} = ${batch} ORDER BY ${by}`
    const found: Frame[] = []
    for await (const frame of this.#tables.connection.query(query, columns)) found.push(frame)
    const frame = concatFrames(found, { name: table, columns, key: contract.key, unknownColumns: 'freeze' })
    return [...arrowChunks(selectColumns(frame, names), { contract })]
  }

  /** Gives a batch a later number, so that its rows are applied behind those of others. */
  async renumber(old: Batch, batch: number): Promise<Batch> {
    const [rows, number] = [{ name: bronzeOf(old.table), columns: stagedColumns(old.contract) }, integer(old.batch)]
    await this.#tables.set(rows, '_batch', integer(batch), compare(column('_batch'), '=', number))
    await this.#tables.set(BATCHES, 'batch', integer(batch), compare(column('batch'), '=', number))
    return { ...old, batch }
  }

  /** Removes the rows of a file that nothing refers to any more. */
  async remove({ batch, table, contract }: Batch): Promise<void> {
    const rows = { name: bronzeOf(table), columns: stagedColumns(contract) }
    await this.#tables.remove(rows, compare(column('_batch'), '=', integer(batch)))
    await this.#tables.remove(BATCHES, compare(column('batch'), '=', integer(batch)))
  }
}

/** The error for a file that the place does not have. */
export function noSuchFile(location: string, name: string): ConnectError {
  return new ConnectError('not_found', `${location} has no file ${name}`)
}
