/**
 * What the commands need beside their paths: two options must not name one file, and a file has a time.
 * @module
 */
import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Effects, nodeEffects } from '../../../pipeline/effects.ts'
import { effectsOf } from '../../../terminal/cli-effects.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { sameFile } from '../job/calls-refusals.ts'
import { type CallsEffects, callsEffects } from '../job/run-calls.ts'

const BUCKET = 's3://'

/** The path with its links resolved, as far as it exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // the file does not exist yet: resolve its folder
    const folder = dirname(path)
    return folder === path ? path : join(realPath(folder), basename(path))
  }
}

/**
 * Refuses options that name the same file, in whatever spelling: one would overwrite the other.
 * @throws ConnectError path_invalid - two options name one file
 */
export function refuseSamePaths(paths: Readonly<Record<string, string | undefined>>): void {
  const seen = new Map<string, string>()
  for (const [option, path] of Object.entries(paths)) {
    if (path === undefined) continue
    const real = path.startsWith(BUCKET) ? path : realPath(resolve(path))
    const first = seen.get(real)
    if (first !== undefined) throw sameFile(first, option, path)
    seen.set(real, option)
  }
}

/** Returns effects that also know when the content of a file was written. */
export function withFileTimes(effects: Effects): CallsEffects {
  const { modifiedAt } = callsEffects()
  return {
    ...effects,
    modifiedAt: async (file) => {
      // a folder's file has a time of its own that only a change of its content moves; other places have none
      const path = join(file.store.location, file.name)
      const own = file.store.location.startsWith(BUCKET) ? undefined : statSync(path, { throwIfNoEntry: false })
      return own?.mtime.getTime() ?? modifiedAt(file)
    },
  }
}

/** Returns the effects of the calls job on this machine; its log goes to the terminal. */
export function callsCliEffects(terminal: Terminal): CallsEffects {
  return withFileTimes({ ...nodeEffects(), ...effectsOf(terminal) })
}
