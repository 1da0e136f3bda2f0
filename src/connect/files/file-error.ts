/**
 * The meaning of the file system's error codes, with advice.
 * @module
 */
import { ConnectError, type ErrorCode, EtlError } from '../../errors.ts'

interface Meaning {
  readonly code: ErrorCode
  readonly text: string
  readonly isTransient?: boolean
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: 'not_found', text: 'does not exist; check the name and the folder' },
  ENOTDIR: { code: 'not_found', text: 'lies below something that is not a folder; check the path' },
  EACCES: { code: 'permission_denied', text: 'permission denied; give this user the right to it' },
  EPERM: { code: 'permission_denied', text: 'not permitted; give this user the right to it' },
  EROFS: { code: 'permission_denied', text: 'lies on a read-only file system; choose another folder' },
  ENOSPC: { code: 'disk_full', text: 'no space left on the disk; free some and run again' },
  EDQUOT: { code: 'disk_full', text: "this user's disk quota is used up; free some space and run again" },
  EMFILE: {
    code: 'io_failed',
    text: 'too many open files in this process; close some or raise `ulimit -n`',
    isTransient: true,
  },
  ENFILE: { code: 'io_failed', text: 'too many open files on this machine; try again later', isTransient: true },
  EBUSY: { code: 'io_failed', text: 'in use by another program; close it and run again', isTransient: true },
  EIO: { code: 'io_failed', text: 'the disk reported an error; check the disk before trying again' },
  EFBIG: {
    code: 'io_failed',
    text: 'the file is larger than the file system or the limit of this user allows; see `ulimit -f`, or choose another disk',
  },
  ENXIO: { code: 'io_failed', text: 'the device behind it is gone; check the disk' },
  ENODEV: { code: 'io_failed', text: 'the device behind it is gone; check the disk' },
  ESTALE: {
    code: 'io_failed',
    text: 'the network folder changed underneath; mount it again and run again',
    isTransient: true,
  },
  ETIMEDOUT: {
    code: 'io_failed',
    text: 'the network folder does not answer; run again when it does',
    isTransient: true,
  },
  EISDIR: { code: 'path_invalid', text: 'is a folder, expected a file' },
  ELOOP: { code: 'path_invalid', text: 'its links go in a circle' },
  ENAMETOOLONG: { code: 'path_invalid', text: 'the name is too long' },
}

/** The `code` of a failed system call, such as ENOSPC. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/**
 * Returns a failed system call on `path` as a ConnectError with advice. Returns any other error
 * unchanged.
 */
export function connectError(error: unknown, doing: 'read' | 'write' | 'list' | 'remove', path: string): unknown {
  const code = systemCode(error)
  if (code === undefined || error instanceof EtlError) return error
  const meaning = MEANINGS[code] ?? {
    code: 'io_failed',
    text: 'the system refused; look up this code, and run again when its cause is gone',
  }
  return new ConnectError(meaning.code, `cannot ${doing} ${path}: ${meaning.text} (${code})`, {
    cause: error,
    isTransient: meaning.isTransient ?? false,
  })
}
