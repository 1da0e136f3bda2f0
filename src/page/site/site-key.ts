/**
 * The key that the pages send to their server. It is in the memory of the page, and where the reader asks for it in the session
 * storage of the tab; it is never part of an address.
 * @module
 */

/** How long a key is kept: as long as the page, or until the tab is closed. */
export type KeyLife = 'page' | 'tab'

const KEPT = 'support-etl-key'

/** Null where nothing was kept, or where the browser refuses storage. */
function recall(): string | null {
  try {
    return sessionStorage.getItem(KEPT)
  } catch {
    return null
  }
}

let key: string | null | undefined
const listeners = new Set<(hasKey: boolean) => void>()

/** Returns the key; null where there is none. */
export function siteKey(): string | null {
  key ??= recall()
  return key
}

/** Takes a key. Returns how long it is kept: a browser that refuses storage keeps it no longer than the page. */
export function setSiteKey(text: string, life: KeyLife): KeyLife {
  key = text
  for (const listener of listeners) listener(true)
  try {
    if (life === 'tab') sessionStorage.setItem(KEPT, text)
    else sessionStorage.removeItem(KEPT)
    return life
  } catch {
    return 'page'
  }
}

/** Forgets the key, in the tab too. */
export function forgetSiteKey(): void {
  key = null
  try {
    sessionStorage.removeItem(KEPT)
  } catch {
    // then none was kept
  }
  for (const listener of listeners) listener(false)
}

/** Calls the listener now, and whenever there is a key or none any more. */
export function onSiteKey(listener: (hasKey: boolean) => void): void {
  listeners.add(listener)
  listener(siteKey() !== null)
}
