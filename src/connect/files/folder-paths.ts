/**
 * The paths of a folder that is a place: no path leaves it, and every new folder is durable.
 * @module
 */
import { dirname, join, resolve, sep } from 'node:path'
import { ConnectError } from '../../errors.ts'
import { fileNameParts } from '../file-name.ts'
import { connectError, systemCode } from './file-error.ts'
import type { FilePort } from './file-port.ts'

/** Maps names of a place to system paths. */
export class FolderPaths {
  readonly location: string
  readonly root: string
  readonly #port: FilePort
  #realRoot: string | null = null
  /** Folders known to be durable: not empty, or flushed by this process. */
  readonly #safe = new Set<string>()

  constructor(location: string, port: FilePort) {
    this.location = location
    this.root = resolve(location)
    this.#port = port
  }

  /** The file's name in messages. */
  place(name: string): string {
    return `${this.location}/${name}`
  }

  /** The system path of a name. @throws ConnectError path_invalid */
  path(name: string): string {
    return join(this.root, ...fileNameParts(name))
  }

  /** Makes a call and turns its failure into a ConnectError with advice. */
  attempt<Result>(doing: 'read' | 'write' | 'list', name: string, call: () => Result): Result {
    try {
      return call()
    } catch (error) {
      throw connectError(error, doing, this.place(name))
    }
  }

  /** Throws where a link leads out of the place. */
  refuseEscape(path: string, name: string): void {
    const root = this.attempt('read', '', () => this.#findRoot())
    const real = this.attempt('read', name, () => this.#port.realPath(path))
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw new ConnectError(
        'path_invalid',
        `${this.place(name)} is a link that leaves ${this.location}; put the file itself there`,
      )
    }
  }

  /**
   * Makes the path's folder if it does not exist. The folder's name is durable before a file enters
   * it.
   */
  async makeFolderOf(path: string): Promise<void> {
    if (this.#isMissing(path)) await this.#makeFolder(dirname(path))
    else await this.#makeDurable(dirname(path))
  }

  /**
   * Flushes a folder: without it a crash may lose a new name. Windows flushes folders itself and
   * refuses to open them.
   */
  async flushFolder(folder: string, name: string): Promise<void> {
    if (process.platform === 'win32') return
    try {
      const file = this.#port.open(folder, 'r')
      try {
        await this.#port.sync(file)
      } finally {
        this.#port.close(file)
      }
    } catch (error) {
      throw connectError(error, 'write', this.place(name))
    }
  }

  #findRoot(): string {
    this.#realRoot ??= this.#port.realPath(this.root)
    return this.#realRoot
  }

  #isMissing(path: string): boolean {
    const folder = dirname(path)
    try {
      if (this.#port.statusOf(folder).kind === 'folder') return false
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return true
      throw connectError(error, 'write', folder)
    }
    throw new ConnectError('path_invalid', `${folder} is a file, expected a folder`)
  }

  async #makeFolder(folder: string): Promise<void> {
    const parent = dirname(folder)
    if (this.#isMissing(folder)) await this.#makeFolder(parent)
    else await this.#makeDurable(parent)
    try {
      this.#port.makeFolder(folder)
    } catch (error) {
      // another process made it first, and may not have flushed it yet
      if (systemCode(error) !== 'EEXIST') throw connectError(error, 'write', folder)
    }
    await this.flushFolder(parent, '')
    this.#safe.add(folder)
  }

  /**
   * Flushes the folder's name if the folder is empty: a process that was killed may have made it
   * without a flush. A folder that holds something is durable already.
   */
  async #makeDurable(folder: string): Promise<void> {
    if (this.#safe.has(folder)) return
    if (this.attempt('list', '', () => this.#port.entries(folder)).length === 0) {
      await this.flushFolder(dirname(folder), '').catch((error: unknown) => {
        // A process without access to the parent folder did not make this one.
        if (!(error instanceof ConnectError) || error.code !== 'permission_denied') throw error
      })
    }
    this.#safe.add(folder)
  }
}
