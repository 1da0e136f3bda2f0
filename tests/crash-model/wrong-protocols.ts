/**
 * Ways to write that look right until the power fails: the model has to find each of them bad.
 * @module
 */
import type { FilePort } from '../../src/connect/index.ts'
import { systemError } from '../connect/files/watched-port.ts'
import type { Badness } from './judge.ts'

/** A process that reaches the disk in a way that is wrong. */
export interface WrongProtocol {
  readonly name: string
  readonly port: (port: FilePort) => FilePort
  /** What has to be found, beside whatever else is. */
  readonly badness: Badness
}

function isFolder(port: FilePort, file: number): boolean {
  return port.status(file).kind === 'folder'
}

/** A file gets its name first; its bytes are flushed after. */
function namesFirst(port: FilePort): FilePort {
  const paths = new Map<number, string>()
  /** Files that wait for their flush, still open. */
  const late = new Map<string, number>()
  const flushLate = (path: string): void => {
    const file = late.get(path)
    if (file === undefined) return
    late.delete(path)
    void port.sync(file).then(() => port.close(file))
  }
  return {
    ...port,
    open: (path, flags) => {
      const file = port.open(path, flags)
      paths.set(file, path)
      return file
    },
    sync: async (file) => {
      if (isFolder(port, file)) await port.sync(file)
      else late.set(paths.get(file) ?? '', file)
    },
    close: (file) => {
      if (late.get(paths.get(file) ?? '') !== file) port.close(file)
    },
    link: (existing, path) => {
      port.link(existing, path)
      flushLate(existing)
    },
    rename: (from, to) => {
      port.rename(from, to)
      flushLate(from)
    },
  }
}

/** The record that makes a version the state is there before the files that it names. */
function pointerFirst(port: FilePort): FilePort {
  const waiting: (() => void)[] = []
  return {
    ...port,
    rename: (from, to) => {
      if (to.includes('/data/')) waiting.push(() => port.rename(from, to))
      else port.rename(from, to)
    },
    link: (existing, path) => {
      port.link(existing, path)
      if (path.includes('/log/')) for (const rename of waiting.splice(0)) rename()
    },
  }
}

/** A copy is not replaced but written over. */
function copiesInPlace(port: FilePort): FilePort {
  return {
    ...port,
    rename: (from, to) => {
      if (to.includes('.support-etl')) {
        port.rename(from, to)
        return
      }
      if (port.entries(to.slice(0, to.lastIndexOf('/'))).some(({ name }) => to.endsWith(`/${name}`))) port.unlink(to)
      const [source, target] = [port.open(from, 'r'), port.open(to, 'wx')]
      const window = new Uint8Array(64)
      for (let size = port.read(source, window); size > 0; size = port.read(source, window))
        port.write(target, window.subarray(0, size))
      port.close(source)
      void port.sync(target).then(() => port.close(target))
      port.unlink(from)
    },
  }
}

export const wrongProtocols: readonly WrongProtocol[] = [
  {
    name: 'files are not flushed',
    badness: 'unreadable',
    port: (port) => ({
      ...port,
      sync: async (file) => {
        if (isFolder(port, file)) await port.sync(file)
      },
    }),
  },
  {
    name: 'folders are not flushed',
    badness: 'a success is gone',
    port: (port) => ({
      ...port,
      sync: async (file) => {
        if (!isFolder(port, file)) await port.sync(file)
      },
    }),
  },
  { name: 'files get their names before their bytes are flushed', badness: 'unreadable', port: namesFirst },
  {
    // what is left to a place that knows no links
    name: 'the log is written in place',
    badness: 'unreadable',
    port: (port) => ({
      ...port,
      link: () => {
        throw systemError('EPERM')
      },
    }),
  },
  {
    // a lock that cannot be read is of nobody, and of somebody for ten minutes
    name: 'the lock is written in place',
    badness: 'the next run fails',
    port: (port) => ({
      ...port,
      link: (existing, path) => {
        if (path.endsWith('/lock')) throw systemError('EPERM')
        port.link(existing, path)
      },
    }),
  },
  { name: 'the record comes before the files that it names', badness: 'unreadable', port: pointerFirst },
  { name: 'copies are written in place', badness: 'a copy is torn', port: copiesInPlace },
]
