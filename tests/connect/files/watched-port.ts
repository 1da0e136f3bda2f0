/** A file system that a test watches: it hears of every call before it is made, and may fail it or answer itself. */
import { type FilePort, nodeFiles } from '../../../src/connect/index.ts'

export type PortCall = keyof FilePort

/** What Node throws when the system refuses. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code })
}

/** Returns the file system, telling `before` of each call; `before` may throw, or return the size that a `write` or `writeLater` is cut to. */
export function watchedPort(
  before: (call: PortCall, args: readonly unknown[]) => undefined | number,
  port: FilePort = nodeFiles,
): FilePort {
  const watched: Partial<Record<PortCall, unknown>> = {}
  for (const call of Object.keys(port) as PortCall[]) {
    const real = port[call] as (...args: unknown[]) => unknown
    watched[call] = (...args: unknown[]) => {
      const size = before(call, args)
      if (size === undefined) return real(...args)
      return real(args[0], (args[1] as Uint8Array).subarray(0, size))
    }
  }
  return watched as FilePort
}
