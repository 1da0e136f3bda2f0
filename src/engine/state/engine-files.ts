/**
 * Files whose bytes are rows of an engine: the log of a place, and what is small in its state.
 * @module
 */
import { compareNames } from '../../connect/file-name.ts'
import type { FileEntry } from '../../connect/file-store.ts'
import { DictionaryColumn } from '../../table/column.ts'
import { int64, string } from '../../table/contract.ts'
import { frameOf } from '../../table/frame.ts'
import { column, compare, text } from '../expression.ts'
import { quoted } from '../render.ts'
import { FILES } from './table-names.ts'
import type { VersionTables } from './versions.ts'

/** Keeps files in a table of a name and a content; the bytes are base64, which every engine has a type for. */
export class EngineFiles {
  readonly #tables: VersionTables

  constructor(tables: VersionTables) {
    this.#tables = tables
  }

  #quoted(what: 'name' | 'table' | 'text', value: string): string {
    return quoted(what, value, this.#tables.connection.dialect)
  }

  /** Lists the files whose names begin so. */
  async list(prefix: string): Promise<readonly FileEntry[]> {
    const [name, content, size] = ['name', 'content', 'size'].map((each) => this.#quoted('name', each))
    const length = `CAST(LENGTH(${content}) AS ${this.#tables.connection.dialect.types.int64})`
    const query = `SELECT ${name}, ${length} AS ${size} FROM ${this.#quoted('table', FILES.name)}`
    const entries: FileEntry[] = []
    for (const { rows, columns } of await this.#tables.ask(FILES.name, query, { name: string(), size: int64() })) {
      for (let row = 0; row < rows; row++) {
        const found = String(columns.get('name')?.at(row))
        // base64 has four letters for three bytes
        const bytes = Math.floor((Number(columns.get('size')?.at(row)) * 3) / 4)
        if (found.startsWith(prefix)) entries.push({ name: found, size: bytes, version: null, changedAt: null })
      }
    }
    return entries.sort((one, other) => compareNames(one.name, other.name))
  }

  /** Returns the bytes of a file; null where there is none. */
  async read(name: string): Promise<Uint8Array | null> {
    const [column, content] = ['name', 'content'].map((each) => this.#quoted('name', each))
    const from = this.#quoted('table', FILES.name)
    const query = `SELECT ${content} FROM ${from} WHERE ${column} = ${this.#quoted('text', name)}`
    for (const { columns } of await this.#tables.ask(FILES.name, query, { content: string() })) {
      return new Uint8Array(Buffer.from(String(columns.get('content')?.at(0)), 'base64'))
    }
    return null
  }

  /** Adds a file. The engine refuses a name that is there. */
  async add(name: string, bytes: Uint8Array): Promise<void> {
    const one = (text: string): DictionaryColumn => new DictionaryColumn(Int32Array.of(0), [text])
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
    const row = frameOf([
      ['name', one(name)],
      ['content', one(content)],
    ])
    await this.#tables.append(FILES, row)
  }

  /** Removes a file; does nothing where there is none. */
  async remove(name: string): Promise<void> {
    await this.#tables.remove(FILES, compare(column('name'), '=', text(name)))
  }
}
