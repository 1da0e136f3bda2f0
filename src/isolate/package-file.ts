/**
 * Where the files of this package lie, whichever of them asks: its sources, or what was built of them.
 * @module
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

// CommonJS knows no import.meta
const here = typeof __dirname === 'string' ? __dirname : import.meta.dirname

/** Returns the package's own folder: the nearest one above this file that has a package.json of its name. */
export function packageFolder(): string {
  for (let folder = here; ; folder = dirname(folder)) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string }
      if (name === 'support-etl') return folder
    } catch {
      // no package.json here: one further up
    }
    if (dirname(folder) === folder) return here
  }
}

/** Returns where a module is that a process or thread of its own begins with, such as `isolate/isolate-child`. */
export function moduleUrl(name: string): URL {
  const folder = packageFolder()
  const isSource = relative(folder, here).split(sep)[0] === 'src'
  return pathToFileURL(isSource ? join(folder, 'src', `${name}.ts`) : join(folder, 'dist', `${name}.js`))
}
