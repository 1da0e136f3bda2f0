/**
 * Finds this package's files, from its sources or from its build.
 * @module
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

// CommonJS has no import.meta
const here = typeof __dirname === 'string' ? __dirname : import.meta.dirname

/** Returns this package's folder: the nearest parent folder with a package.json of its name. */
export function packageFolder(): string {
  for (let folder = here; ; folder = dirname(folder)) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }
      if (name === 'support-etl') return folder
    } catch {
      // no package.json here: try the parent folder
    }
    if (dirname(folder) === folder) return here
  }
}

/**
 * Returns the URL of a module that a new process or thread starts with, such as
 * `isolate/isolate-child`.
 */
export function moduleUrl(name: string): URL {
  const folder = packageFolder()
  const isSource = relative(folder, here).split(sep)[0] === 'src'
  return pathToFileURL(isSource ? join(folder, 'src', `${name}.ts`) : join(folder, 'dist', `${name}.js`))
}
