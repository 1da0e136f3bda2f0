/**
 * Spools that grow into files without a name: they are gone when the process ends, however it ends.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { connectError } from '../../connect/files/file-error.ts'
import { TEMPORARY } from '../../connect/files/folder-list.ts'
import type { OpenSpool, Spool } from '../../format/arrow/write/spooled.ts'

/** Bytes that a spool holds in memory, and reads at once. */
const WINDOW = 256 * 1024

/** Spools that are used together. */
export interface Spools {
  readonly open: OpenSpool
  /** Forgets their bytes. */
  close(): void
}

class SpoolFile implements Spool {
  readonly #folder: string
  #window = new Uint8Array(0)
  #held = 0
  #file: number | null = null
  #written = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  get size(): number {
    return this.#written + this.#held
  }

  append(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#held === WINDOW) this.#flush()
      const length = Math.min(WINDOW - this.#held, bytes.length - at)
      this.#reserve(this.#held + length)
      this.#window.set(bytes.subarray(at, at + length), this.#held)
      this.#held += length
      at += length
    }
  }

  /** Small inputs have small windows. */
  #reserve(size: number): void {
    if (size <= this.#window.length) return
    const grown = new Uint8Array(Math.min(WINDOW, Math.max(size, 2 * this.#window.length)))
    grown.set(this.#window.subarray(0, this.#held))
    this.#window = grown
  }

  #flush(): void {
    const file = this.#opened()
    let at = 0
    this.#attempt('write', () => {
      while (at < this.#held) at += writeSync(file, this.#window, at, this.#held - at, this.#written + at)
    })
    this.#written += this.#held
    this.#held = 0
  }

  #opened(): number {
    if (this.#file !== null) return this.#file
    const path = join(this.#folder, `${TEMPORARY}${randomUUID()}`)
    const file = this.#attempt('write', () => {
      mkdirSync(this.#folder, { recursive: true })
      const opened = openSync(path, 'wx+')
      // the opened file stays, and nothing is left of it when the process ends
      unlinkSync(path)
      return opened
    })
    this.#file = file
    return file
  }

  #attempt<Result>(doing: 'read' | 'write', call: () => Result): Result {
    try {
      return call()
    } catch (error) {
      throw connectError(error, doing, this.#folder)
    }
  }

  *pieces(): Generator<Uint8Array, void, undefined> {
    // one window for all pieces: many new ones would pile up before they are collected
    const window = new Uint8Array(Math.min(WINDOW, this.#written))
    for (let at = 0; at < this.#written; ) {
      const size = this.#attempt('read', () => readSync(this.#file as number, window, 0, window.length, at))
      if (size === 0) throw new Error(`a file of ${this.#folder} ends before the ${this.#written} bytes written to it`)
      yield window.subarray(0, size)
      at += size
    }
    if (this.#held > 0) yield this.#window.subarray(0, this.#held)
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
    this.#window = new Uint8Array(0)
    this.#held = this.#written = 0
  }
}

/** Returns spools whose files are in a folder, which is made when the first of them is needed. */
export function openSpools(folder: string): Spools {
  const opened: SpoolFile[] = []
  return {
    open: () => {
      const spool = new SpoolFile(folder)
      opened.push(spool)
      return spool
    },
    close: () => {
      for (const spool of opened.splice(0)) spool.close()
    },
  }
}
