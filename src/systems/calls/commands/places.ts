/**
 * Paths of the command line as files of places.
 * @module
 */
import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { folderStore } from '../../../connect/files/folder-store.ts'
import { effectsOf } from '../../../terminal/cli-effects.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import type { PlacedFile } from '../job/manifest-file.ts'
import { type CallsEffects, callsEffects } from '../job/run-calls.ts'

/** Returns the file that a path names. */
export function placed(path: string): PlacedFile {
  return { store: folderStore(dirname(path)), name: basename(path) }
}

/** Returns the world of the calls job: the machine's own, with its words on the terminal. */
export function callsWorld(terminal: Terminal): CallsEffects {
  return {
    ...callsEffects(),
    ...effectsOf(terminal),
    // the folder's own entry tells when the name changed; what counts here is the content
    modifiedAt: async ({ store, name }) => statSync(join(store.location, name)).mtime.getTime(),
  }
}
