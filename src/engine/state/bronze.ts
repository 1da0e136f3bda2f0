/**
 * The rows of inputs as an engine keeps them, and the files that stand for them: reading one gives the bytes that a run without an
 * engine would have stored.
 * @module
 */
import { ConnectError, EngineError } from '../../errors.ts'
import { SpooledArrow } from '../../format/arrow/write/spooled.ts'
import type { Hash } from '../../pipeline/effects.ts'
import type { StagedRows } from '../../pipeline/engine-place.ts'
import type { JobTable } from '../../pipeline/job/job.ts'
import type { StoredFile } from '../../pipeline/log/commit-record.ts'
import { dataName } from '../../pipeline/state/data-files.ts'
import { evenFrames } from '../../pipeline/state/even-frames.ts'
import { actionColumn, stateContract } from '../../pipeline/state/stored-contract.ts'
import { BigIntColumn, type Column, DictionaryColumn, NumberColumn } from '../../table/column.ts'
import { type ColumnContract, int64, string, type TableContract } from '../../table/contract.ts'
import { nullsOf } from '../../table/convert/column-form.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { ACTION_WORDS, readActions } from '../../transform/delta/compile/actions.ts'
import { resolveDeltaOptions } from '../../transform/delta/delta-options.ts'
import { type ChangeSample, SAMPLE_SIZE } from '../../transform/delta/delta-summary.ts'
import type { RepeatedKeys } from '../../transform/delta/fold/match-keys.ts'
import { column, compare, integer } from '../expression.ts'
import { quoted } from '../render.ts'
import type { Spools } from './spool-files.ts'
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

/** Rows that are staged together. Bitmaps are joined byte by byte, so it is a multiple of eight. */
const STAGED_ROWS = 1 << 16

/** Rows of an input that are staged together, and how many rows of it came before them. */
interface Piece {
  readonly frame: Frame
  readonly from: number
}

/** The actions of staged rows, in the three words that plans know; an extract adds its rows. */
function actionsOf({ delta }: JobTable, month: string | null, { frame, from }: Piece, word: string): DictionaryColumn {
  const words = ACTION_WORDS as readonly string[]
  if (month === null) return new DictionaryColumn(new Int32Array(frame.rows).fill(1), words)
  const policies = resolveDeltaOptions(delta)
  const found = frame.columns.get(word)
  if (found !== undefined) {
    return new DictionaryColumn(
      Int32Array.from(readActions(found, policies, (row) => `row ${from + row + 1}`).codes),
      words,
    )
  }
  // a delta without actions is refused where it is compiled, unless the job has one for all of its rows
  const code = policies.defaultAction === null ? -1 : words.indexOf(policies.defaultAction)
  return new DictionaryColumn(new Int32Array(frame.rows).fill(code), words)
}

/** The columns of an input's rows, in the order in which they were read, as a state stores them. */
function formOf({ name, key, columns }: TableContract, names: readonly string[]): TableContract {
  const own = names.map((each): [string, ColumnContract] => [each, columns[each] ?? string()])
  return { name, key, columns: Object.fromEntries(own), unknownColumns: 'freeze' }
}

/** Refuses a column that no table of an engine has. */
function refuseOther(contract: TableContract, names: readonly string[], word: string): void {
  const known = new Set([...Object.keys(stagedColumns(contract)), word])
  const other = names.find((name) => !known.has(name))
  if (other === undefined) return
  throw new EngineError(
    'engine_cannot',
    `table ${contract.name}: no engine keeps column "${other}", which its contract does not name`,
  )
}

/** Yields the frames of which one was taken already. */
async function* resumed(first: IteratorResult<Frame>, rest: AsyncIterator<Frame>): AsyncGenerator<Frame> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value
}

/** What staged rows are hashed with, and where they wait for the last one. */
export interface BronzeTools {
  readonly newHash: () => Hash
  readonly newSpools: () => Spools
}

/** The table of a table's staged rows. */
const bronzeTable = (contract: TableContract): VersionTable => {
  return { name: bronzeOf(contract.name), columns: stagedColumns(contract) }
}

/** Keeps and reads staged rows in the tables of one version. */
export class Bronze {
  readonly #tables: VersionTables
  readonly #newHash: () => Hash
  readonly #newSpools: () => Spools

  constructor(tables: VersionTables, { newHash, newSpools }: BronzeTools) {
    this.#tables = tables
    this.#newHash = newHash
    this.#newSpools = newSpools
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

  /**
   * Stages the rows of an input behind those that are there; returns the file that stands for them. Only some of the rows are in
   * memory at once. What is wrong with the file is said before what the engine does not take of it, so it is read to its end.
   */
  async stage(table: JobTable, { stem, month, frames }: StagedRows, batch: number): Promise<StoredFile> {
    const { contract } = table
    const word = actionColumn(table)
    const own = stateContract(contract)
    const pieces = frames[Symbol.asyncIterator]()
    const first = await pieces.next()
    // there is one frame at least
    const names = [...(first.value as Frame).columns.keys()]
    const spools = this.#newSpools()
    try {
      const stored = new SpooledArrow(own, spools.open)
      let failure: { readonly error: unknown } | null = null
      let rows = 0
      for await (const frame of evenFrames(resumed(first, pieces), formOf(own, names), STAGED_ROWS)) {
        try {
          if (failure !== null) continue
          if (rows === 0) refuseOther(contract, names, word)
          stored.add(frame)
          await this.#add(table, month, { frame, from: rows }, batch)
        } catch (error) {
          failure = { error }
        }
        rows += frame.rows
      }
      if (failure !== null) throw failure.error
      const hash = this.#newHash()
      let bytes = 0
      for (const chunk of stored.chunks()) {
        hash.update(chunk)
        bytes += chunk.length
      }
      const sha256 = hash.digest()
      const file = dataName(stem, sha256, 'arrow')
      await this.#note({ batch, table: contract.name, file, bytes, columns: names, word, contract: own })
      return { name: file, sha256, bytes, rows }
    } finally {
      spools.close()
    }
  }

  /** Adds some rows of an input to those that are staged. */
  async #add(table: JobTable, month: string | null, piece: Piece, batch: number): Promise<void> {
    const { contract } = table
    const { frame, from } = piece
    const word = actionColumn(table)
    const columns = stagedColumns(contract)
    const placed = new Map<string, Column>([
      ['_batch', new NumberColumn('int32', new Int32Array(frame.rows).fill(batch))],
      [
        '_seq',
        new BigIntColumn(
          'int64',
          BigInt64Array.from({ length: frame.rows }, (_, row) => BigInt(from + row)),
        ),
      ],
      ['_action', actionsOf(table, month, piece, word)],
    ])
    const cells = Object.entries(columns).map(([name, { kind, encoding, unit }]): [string, Column] => {
      const found = placed.get(name) ?? frame.columns.get(name === WORD ? word : name)
      return [name, found ?? nullsOf({ kind, encoding, unit, zone: 'UTC' }, frame.rows)]
    })
    if (from === 0) await this.create(contract)
    await this.#tables.append(bronzeTable(contract), frameOf(cells, frame.rows), from)
  }

  /** Yields the bytes of the file that stands for a batch, made of its staged rows. */
  async *read({ batch, columns: names, word, table, contract }: Batch): AsyncGenerator<Uint8Array> {
    const { dialect } = this.#tables.connection
    const form = formOf(contract, names)
    const select = names.map((name) => {
      const stored = name === word && !Object.hasOwn(contract.columns, name) ? WORD : name
      return `${quoted('name', stored, dialect)} AS ${quoted('name', name, dialect)}`
    })
    const rows = quoted('table', bronzeOf(table), dialect)
    const [of, by] = [quoted('name', '_batch', dialect), quoted('name', '_seq', dialect)]
    const query = `SELECT ${select.join(', ')} FROM ${rows} WHERE ${of} = ${batch} ORDER BY ${by}`
    const spools = this.#newSpools()
    try {
      const stored = new SpooledArrow(contract, spools.open)
      const found = this.#tables.connection.query(query, form.columns)
      for await (const frame of evenFrames(found, form, STAGED_ROWS)) stored.add(frame)
      // the caller may keep what it gets
      for (const chunk of stored.chunks()) yield chunk.slice()
    } finally {
      spools.close()
    }
  }

  /** The rows of a batch whose keys earlier rows of it have; null where each key is there once. */
  async findRepeats({ batch, table, contract }: Batch): Promise<RepeatedKeys | null> {
    const name = (each: string): string => quoted('name', each, this.#tables.connection.dialect)
    const keys = contract.key.map(name).join(', ')
    const staged = `FROM ${quoted('table', bronzeOf(table), this.#tables.connection.dialect)} WHERE ${name('_batch')} = ${batch}`
    const repeated =
      (await this.#count(staged)) - (await this.#count(`FROM (SELECT DISTINCT ${keys} ${staged}) AS keys`))
    if (repeated === 0) return null
    const nth = `ROW_NUMBER() OVER (PARTITION BY ${keys} ORDER BY ${name('_seq')}) AS ${name('_nth')}`
    const numbered = `(SELECT ${keys}, ${name('_seq')}, ${nth} ${staged}) AS numbered`
    const query = `SELECT ${keys}, ${name('_seq')} FROM ${numbered} WHERE ${name('_nth')} > 1 ORDER BY ${name('_seq')} LIMIT ${SAMPLE_SIZE}`
    const columns = { ...formOf(contract, contract.key).columns, _seq: int64() }
    const sample: ChangeSample[] = []
    for await (const frame of this.#tables.connection.query(query, columns)) {
      const cell = (each: string, row: number) => frame.columns.get(each)?.at(row)
      for (let row = 0; row < frame.rows; row++) {
        sample.push({
          key: contract.key.map((each) => cell(each, row)),
          file: null,
          row: Number(cell('_seq', row)) + 1,
        })
      }
    }
    return { count: repeated, sample }
  }

  async #count(query: string): Promise<number> {
    const rows = quoted('name', 'rows', this.#tables.connection.dialect)
    for await (const { columns } of this.#tables.connection.query(`SELECT COUNT(*) AS ${rows} ${query}`, {
      rows: int64(),
    })) {
      return Number(columns.get('rows')?.at(0))
    }
    return 0
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
