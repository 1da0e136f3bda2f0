/**
 * The files of the built pages: where they are in the package, and their media types.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { ConnectError } from '../errors.ts'
import { packageFolder } from '../isolate/package-file.ts'

/** One file of the pages. */
export interface PageFile {
  /** Below the site's root, with `/`. */
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.parquet': 'application/vnd.apache.parquet',
}

/** The media type of a file by its name. */
export function typeOf(name: string): string {
  return TYPES[extname(name)] ?? 'application/octet-stream'
}

/**
 * Returns the files of the built pages.
 * @throws ConnectError not_found - the package was not built
 */
export function pageFiles(folder: string = join(packageFolder(), 'dist', 'dashboard')): PageFile[] {
  let names: string[]
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch (cause) {
    throw new ConnectError('not_found', `${folder} does not exist: build the package first (npm run build)`, { cause })
  }
  return names.sort().map((name) => ({
    name: name.split(sep).join('/'),
    type: typeOf(name),
    bytes: readFileSync(join(folder, name)),
  }))
}
