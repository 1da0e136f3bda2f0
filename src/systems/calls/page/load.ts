/**
 * Loads the page's data: the manifest names the version, a worker reads the file.
 * @module
 */

import type { CallSet } from '../figures/call-set.ts'
import { type CallsManifest, isCallsManifest, manifestHash } from '../figures/manifest.ts'
import workerAddress from './load-worker.ts?worker&url'

/** What the worker posts. */
export type LoadMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'loaded'; readonly set: CallSet }
  | { readonly kind: 'failed'; readonly message: string }

export const CALLS = 'data/calls.parquet'
export const MANIFEST = 'data/manifest.json'

interface ScriptAddresses {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): {
    createScriptURL(address: string): unknown
  }
}

/**
 * The one script address that the page creates itself; a trusted one where the browser demands
 * Trusted Types.
 */
function trusted(address: string): string {
  const types = (globalThis as { trustedTypes?: ScriptAddresses }).trustedTypes
  if (types === undefined) return address
  const policy = types.createPolicy('dashboard-worker', { createScriptURL: (script) => script })
  // a browser accepts a TrustedScriptURL wherever it wants a script's address
  return policy.createScriptURL(address) as string
}

let worker: Worker | null = null

/** Reads the calls; a later call replaces an earlier one. Rejects with words for the page. */
export function loadCalls(onProgress: (share: number) => void): Promise<CallSet> {
  worker ??= new Worker(trusted(workerAddress), { type: 'module' })
  const reader = worker
  return new Promise((resolve, reject) => {
    reader.onmessage = ({ data }: MessageEvent<LoadMessage>) => {
      if (data.kind === 'progress') onProgress(data.share)
      else if (data.kind === 'loaded') resolve(data.set)
      else reject(new Error(data.message))
    }
    reader.onerror = () => reject(new Error('The reader of calls could not be started.'))
    // resolved against the page, because the worker lies in another folder
    reader.postMessage(new URL(CALLS, document.baseURI).href)
  })
}

export interface KnownManifest {
  readonly manifest: CallsManifest
  readonly hash: string
}

/** Returns the manifest, or null when there is none. */
export async function loadManifest(): Promise<KnownManifest | null> {
  const response = await fetch(MANIFEST, { cache: 'no-store' })
  if (!response.ok) return null
  const manifest: unknown = await response.json().catch(() => null)
  return isCallsManifest(manifest) ? { manifest, hash: manifestHash(manifest) } : null
}

/** Calls back whenever the content has changed. A hidden page does not ask. */
export function watchManifest(known: string | null, milliseconds: number, onChange: () => void): void {
  let last = known
  setInterval(async () => {
    if (document.hidden) return
    const now = await loadManifest().catch(() => null)
    if (now === null || now.hash === last) return
    last = now.hash
    onChange()
  }, milliseconds)
}
