/**
 * A disk in memory: what processes see of it at once, and a journal from which a crash tells what had reached it.
 * @module
 */
import type { FilePort, FileStatus } from '../../src/connect/index.ts'
import { systemError } from '../connect/files/watched-port.ts'

/** Bytes of a file, or names in a folder. Nodes are not changed: a change puts another in their place. */
export type DiskNode =
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly changedAt: number }
  | { readonly kind: 'folder'; readonly names: ReadonlyMap<string, number> }

/** All nodes by number; 0 is the root. */
export type Image = ReadonlyMap<number, DiskNode>

/** One change that waits for a flush of `node`: of the file that was written to, of the folder whose names were changed. */
export type Change =
  | { readonly kind: 'write'; readonly node: number; readonly at: number; readonly bytes: Uint8Array; now: number }
  | { readonly kind: 'name'; readonly node: number; readonly name: string; readonly target: number; made?: DiskNode }
  /** `moved`: the second half of a rename, which never comes to be without the first, the event before it. */
  | { readonly kind: 'unname'; readonly node: number; readonly name: string; readonly moved: boolean }

/** A change, or the end of a flush: what was done to `node` before event `since` is on disk. */
export type DiskEvent = Change | { readonly kind: 'flush'; readonly node: number; readonly since: number }

const EMPTY_FOLDER: DiskNode = { kind: 'folder', names: new Map() }

/** A disk that holds nothing but its root. */
export const emptyImage: Image = new Map([[0, EMPTY_FOLDER]])

function written(before: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  const after = new Uint8Array(Math.max(before.length, at + bytes.length))
  after.set(before)
  after.set(bytes, at)
  return after
}

/** Makes a change in an image. What refers to a node that never came to be changes nothing anyone can reach. */
export function change(image: Map<number, DiskNode>, event: Change): void {
  if (event.kind === 'write') {
    const before = image.get(event.node)
    const bytes = before?.kind === 'file' ? before.bytes : new Uint8Array(0)
    image.set(event.node, { kind: 'file', bytes: written(bytes, event.at, event.bytes), changedAt: event.now })
    return
  }
  const folder = image.get(event.node) ?? EMPTY_FOLDER
  const names = new Map(folder.kind === 'folder' ? folder.names : [])
  if (event.kind === 'unname') names.delete(event.name)
  else {
    names.set(event.name, event.target)
    if (event.made !== undefined && !image.has(event.target)) image.set(event.target, event.made)
  }
  image.set(event.node, { kind: 'folder', names })
}

/** The files of an image by path: `out/calls.csv`. */
export function filesOf(image: Image): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  const visit = (number: number, path: string): void => {
    const node = image.get(number)
    if (node?.kind === 'file') files.set(path, node.bytes)
    if (node?.kind !== 'folder') return
    for (const [name, target] of node.names) visit(target, path === '' ? name : `${path}/${name}`)
  }
  visit(0, '')
  return files
}

/** The image without nodes that no name leads to: their numbers are given again. */
export function reachable(image: Image): Image {
  const found = new Map<number, DiskNode>()
  const visit = (number: number): void => {
    const node = image.get(number)
    if (node === undefined || found.has(number)) return
    found.set(number, node)
    if (node.kind === 'folder') for (const target of node.names.values()) visit(target)
  }
  visit(0)
  return found
}

interface OpenFile {
  readonly node: number
  at: number
}

/** When the first disk begins, in epoch milliseconds; every write is a millisecond later. */
export const BEGIN = 1_767_225_600_000

/** A `write` of more takes a part of it, so that a file is several of them. */
const LARGE_WRITE = 2048
/** How often others go on while a flush is under way. */
const FLUSH_TURNS = 4

/** A disk at work. */
export class Disk {
  /** What was on it, safely, when it began. */
  readonly base: Image
  /** Everything that happened to it since. */
  readonly journal: DiskEvent[] = []
  /** Calls of all processes, those that change nothing included. */
  calls = 0
  readonly #now: Map<number, DiskNode>
  /** Names by chance, as the disk calls them: the same work is done with the same names again. */
  readonly #aliases = new Map<string, string>()
  #next: number
  #clock: number

  /** `done` is what processes did to it since `base` that ended without being waited for: it may not have reached the disk. */
  constructor(base: Image, done: readonly DiskEvent[] = []) {
    this.base = base
    this.#now = new Map(base)
    for (const event of done) {
      this.journal.push(event)
      if (event.kind !== 'flush') change(this.#now, event)
    }
    this.#next = Math.max(...this.#now.keys()) + 1
    this.#clock = Math.max(BEGIN, ...[...this.#now.values()].map((node) => (node.kind === 'file' ? node.changedAt : 0)))
  }

  /** What processes see. */
  get image(): Image {
    return this.#now
  }

  #partsOf(path: string): string[] {
    // a drive's letter, which Windows puts before a path, is no part of it
    const parts = path.split(/[\\/]/).filter((part) => part !== '' && !part.endsWith(':'))
    return parts.map((part) => {
      if (!part.startsWith('.tmp-') || part.startsWith('.tmp-file')) return part
      const alias = this.#aliases.get(part) ?? `.tmp-file${this.#next}`
      this.#aliases.set(part, alias)
      return alias
    })
  }

  #find(path: string): number | undefined {
    let number: number | undefined = 0
    for (const part of this.#partsOf(path)) {
      const node: DiskNode | undefined = number === undefined ? undefined : this.#now.get(number)
      number = node?.kind === 'folder' ? node.names.get(part) : undefined
    }
    return number
  }

  #place(path: string): { readonly node: number; readonly name: string; readonly target: number | undefined } {
    const parts = this.#partsOf(path)
    const name = parts.pop() ?? ''
    const node = this.#find(parts.join('/'))
    if (node === undefined) throw systemError('ENOENT')
    return { node, name, target: this.#find(path) }
  }

  #change(event: Change): void {
    this.journal.push(event)
    change(this.#now, event)
  }

  #make(path: string, made: DiskNode): number {
    const { node, name, target } = this.#place(path)
    if (target !== undefined) throw systemError('EEXIST')
    this.#change({ kind: 'name', node, name, target: this.#next, made })
    return this.#next++
  }

  #statusOf(number: number): FileStatus {
    const node = this.#now.get(number)
    if (node?.kind !== 'file') return { kind: 'folder', size: 0, version: String(number), changedAt: 0 }
    const { bytes, changedAt } = node
    return { kind: 'file', size: bytes.length, version: `${changedAt}-${number}`, changedAt }
  }

  #existing(path: string): number {
    const number = this.#find(path)
    if (number === undefined) throw systemError('ENOENT')
    return number
  }

  /** The file system of one process: it has files of its own. */
  port(): FilePort {
    const open = new Map<number, OpenFile>()
    let last = 2
    const opened = (file: number): OpenFile => {
      this.calls += 1
      const found = open.get(file)
      if (found === undefined) throw systemError('EBADF')
      return found
    }
    const called = (path: string): string => {
      this.calls += 1
      return path
    }
    const read = (file: number, into: Uint8Array, at?: number): number => {
      const from = opened(file)
      const node = this.#now.get(from.node)
      if (node?.kind !== 'file') throw systemError('EISDIR')
      const bytes = node.bytes.subarray(at ?? from.at, (at ?? from.at) + into.length)
      into.set(bytes)
      if (at === undefined) from.at += bytes.length
      return bytes.length
    }
    const write = (file: number, bytes: Uint8Array): number => {
      const to = opened(file)
      // a copy, also of a Buffer, whose slices are none
      const taken = new Uint8Array(bytes.subarray(0, Math.max(LARGE_WRITE, bytes.length >> 1)))
      this.#clock += 1
      this.#change({ kind: 'write', node: to.node, at: to.at, bytes: taken, now: this.#clock })
      to.at += taken.length
      return taken.length
    }
    return {
      open: (path, flags) => {
        called(path)
        const changedAt = this.#clock
        const made: DiskNode = { kind: 'file', bytes: new Uint8Array(0), changedAt }
        const node = flags === 'r' ? this.#existing(path) : this.#make(path, made)
        open.set(++last, { node, at: 0 })
        return last
      },
      read,
      write,
      writeLater: async (file, bytes) => write(file, bytes),
      readLater: async (file, into, at) => read(file, into, at),
      sync: async (file) => {
        const { node } = opened(file)
        const since = this.journal.length
        for (let turn = 0; turn < FLUSH_TURNS; turn++) await null
        this.journal.push({ kind: 'flush', node, since })
      },
      status: (file) => this.#statusOf(opened(file).node),
      close: (file) => {
        opened(file)
        open.delete(file)
      },
      link: (existing, path) => {
        const target = this.#existing(called(existing))
        const to = this.#place(path)
        if (to.target !== undefined) throw systemError('EEXIST')
        this.#change({ kind: 'name', node: to.node, name: to.name, target })
      },
      rename: (from, path) => {
        const target = this.#existing(called(from))
        const [left, to] = [this.#place(from), this.#place(path)]
        this.#change({ kind: 'name', node: to.node, name: to.name, target })
        this.#change({ kind: 'unname', node: left.node, name: left.name, moved: true })
      },
      unlink: (path) => {
        this.#existing(called(path))
        const { node, name } = this.#place(path)
        this.#change({ kind: 'unname', node, name, moved: false })
      },
      makeFolder: (path) => void this.#make(called(path), EMPTY_FOLDER),
      entries: (path) => {
        const node = this.#now.get(this.#existing(called(path)))
        if (node?.kind !== 'folder') throw systemError('ENOTDIR')
        return Array.from(node.names, ([name, target]) => ({ name, kind: this.#now.get(target)?.kind ?? 'other' }))
      },
      statusOf: (path) => this.#statusOf(this.#existing(called(path))),
      realPath: (path) => {
        this.#existing(called(path))
        return path
      },
    }
  }
}
