/**
 * Loads the page's data: the manifest names the version, a worker reads the file.
 * @module
 */

import type { Progress } from '../../../page/define-page.ts'
import { siteFile } from '../../../page/site.ts'
import { readVersion } from '../../../page/watch.ts'
import { startWorker } from '../../../page/worker.ts'
import type { CallSet } from '../figures/call-set.ts'
import { type CallsManifest, isCallsManifest } from '../figures/manifest.ts'
import { CALLS, MANIFEST } from './files.ts'
import workerAddress from './load-worker.ts?worker&url'

/** What the worker posts. */
export type LoadMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'loaded'; readonly set: CallSet }
  | { readonly kind: 'failed'; readonly message: string }

let worker: Worker | null = null

/** Reads the calls; a later call replaces an earlier one. Rejects with words for the page. */
function readCalls(onProgress: Progress): Promise<CallSet> {
  worker ??= startWorker(workerAddress)
  const reader = worker
  return new Promise((resolve, reject) => {
    reader.onmessage = ({ data }: MessageEvent<LoadMessage>) => {
      if (data.kind === 'progress') onProgress(data.share)
      else if (data.kind === 'loaded') resolve(data.set)
      else reject(new Error(data.message))
    }
    reader.onerror = () => reject(new Error('The reader of calls could not be started.'))
    // a full address, because the worker lies in another folder
    reader.postMessage(siteFile(CALLS))
  })
}

/** The calls, with the manifest of their file. */
export interface LoadedCalls {
  readonly set: CallSet
  readonly manifest: CallsManifest
}

/** Returns the calls, or null where there is no file of them. Rejects with words for the page. */
export async function loadCalls(onProgress: Progress): Promise<LoadedCalls | null> {
  const manifest = (await readVersion(MANIFEST))?.content
  return isCallsManifest(manifest) ? { set: await readCalls(onProgress), manifest } : null
}
