/**
 * The extension of a file's name.
 * @module
 */

/** Returns the extension with its dot, such as `.csv.gz`; empty where the name has none. */
export function extensionOf(name: string): string {
  return /\.[A-Za-z0-9]{1,16}(?:\.gz)?$/.exec(name.slice(name.lastIndexOf('/') + 1))?.[0] ?? ''
}
