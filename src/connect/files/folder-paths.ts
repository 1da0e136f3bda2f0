/**
 * The paths of a folder that is a place: nothing outside it, and every new folder safe on disk.
 * @module
 */
import { dirname, join, resolve, sep } from 'node:path'
import { ConnectError } from '../../errors.ts'
import { fileNameParts } from '../file-name.ts'
import { connectError, systemCode } from './file-error.ts'
import type { FilePort } from './file-port.ts'

/** Names of a place as paths of the system. */
export class FolderPaths {
  readonly location: string
  readonly root: string
  readonly #port: FilePort
  #realRoot: string | null = null
  /** Folders that hold something, or whose name this process flushed. */
  readonly #safe = new Set<string>()

  constructor(location: string, port: FilePort) {
    this.location = location
    this.root = resolve(location)
    this.#port = port
  }

  /** How messages call a name. */
  place(name: string): string {
    return `${this.location}/${name}`
  }

  /** The path of a name. @throws ConnectError path_invalid */
  path(name: string): string {
    return join(this.root, ...fileNameParts(name))
  }

  /** Makes a call; its failure is told as a person needs it. */
  attempt<Result>(doing: 'read' | 'write' | 'list', name: string, call: () => Result): Result {
    try {
      return call()
    } catch (error) {
      throw connectError(error, doing, this.place(name))
    }
  }

  /** Refuses a folder or file that links lead out of the place. */
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

  /** Makes the folder of a path if there is none; its name is durable before it holds anything. */
  async makeFolderOf(path: string): Promise<void> {
    if (this.#isMissing(path)) await this.#makeFolder(dirname(path))
    else await this.#settleFolder(dirname(path))
  }

  /** A new name is lost in a crash until its folder is flushed; Windows flushes folders by itself and refuses to open them. */
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
    else await this.#settleFolder(parent)
    try {
      this.#port.makeFolder(folder)
    } catch (error) {
      // another process was first, and may not have flushed it yet
      if (systemCode(error) !== 'EEXIST') throw connectError(error, 'write', folder)
    }
    await this.flushFolder(parent, '')
    this.#safe.add(folder)
  }

  /** A folder that holds nothing may be of a process that was killed before it flushed its name; one that holds something is not. */
  async #settleFolder(folder: string): Promise<void> {
    if (this.#safe.has(folder)) return
    if (this.attempt('list', '', () => this.#port.entries(folder)).length === 0) {
      await this.flushFolder(dirname(folder), '').catch((error: unknown) => {
        // whoever may not look into the folder above did not make this one
        if (!(error instanceof ConnectError) || error.code !== 'permission_denied') throw error
      })
    }
    this.#safe.add(folder)
  }
}
