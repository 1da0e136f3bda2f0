/**
 * Copies files of the package into a folder of the user.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { folderStore } from '../connect/files/folder-store.ts'
import { ConnectError } from '../errors.ts'

/** A file to copy. */
export interface PackageFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** One copied file, and what became of it. */
export interface CopiedFile {
  readonly name: string
  readonly bytes: number
  /** `unchanged`: the folder had it already, byte by byte. */
  readonly status: 'copied' | 'unchanged'
}

/** Returns the files below a folder by name, in order. */
export function filesBelow(root: string): PackageFile[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const names = entries.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')).sort()
  return names.map((name) => ({ name, bytes: readFileSync(join(root, name)) }))
}

/**
 * Copies files. One that is there already stays: equal ones are left alone, and one with other content refuses the whole copy
 * before anything is written.
 *
 * @throws ConnectError file_exists - a file is there and differs; `advice` ends the message
 */
export async function copyFiles(
  files: readonly PackageFile[],
  folder: string,
  advice: string,
): Promise<readonly CopiedFile[]> {
  const present = files.filter((file) => existsSync(join(folder, file.name)))
  const equal = new Set(
    present.filter((file) => readFileSync(join(folder, file.name)).equals(file.bytes)).map((file) => file.name),
  )
  const other = present.find((file) => !equal.has(file.name))
  if (other !== undefined) {
    throw new ConnectError(
      'file_exists',
      `${folder} has a ${other.name} with other content; nothing was copied. ${advice}`,
    )
  }
  const store = folderStore(folder)
  const copied: CopiedFile[] = []
  for (const { name, bytes } of files) {
    const isEqual = equal.has(name)
    if (!isEqual) await store.write(name, [bytes])
    copied.push({ name, bytes: bytes.length, status: isEqual ? 'unchanged' : 'copied' })
  }
  return copied
}
