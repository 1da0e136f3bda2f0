/**
 * Starts workers: the one place that makes the address of a script, under the policy that the pages are served with.
 * @module
 */

interface ScriptAddresses {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): {
    createScriptURL(address: string): unknown
  }
}

let policy: { createScriptURL(address: string): unknown } | null = null

/** Starts a worker of an address that the bundler made. */
export function startWorker(address: string): Worker {
  const types = (globalThis as { trustedTypes?: ScriptAddresses }).trustedTypes
  if (types === undefined) return new Worker(address, { type: 'module' })
  policy ??= types.createPolicy('dashboard-worker', { createScriptURL: (script) => script })
  // a browser accepts a TrustedScriptURL wherever it wants a script's address
  return new Worker(policy.createScriptURL(address) as string, { type: 'module' })
}
