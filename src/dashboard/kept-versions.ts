/**
 * Versions of files that pages are reading in parts: a file may change, or take long to make, between two requests.
 * @module
 */

/** The largest number of versions kept at once. A few people look at a page at the same time. */
const MOST = 4
/** Milliseconds from the last request for a version until it is dropped. Erased rows stay in memory no longer than that. */
const KEPT = 60_000

interface Kept {
  readonly name: string
  readonly body: Uint8Array
  readonly timer: NodeJS.Timeout
}

/** The versions that were read last, by their tags. */
export class KeptVersions {
  readonly #versions = new Map<string, Kept>()

  /** Returns a version of a file; null where it is not kept. */
  find(name: string, tag: string): Uint8Array | null {
    const kept = this.#versions.get(tag)
    return kept?.name === name ? kept.body : null
  }

  /** Keeps a version, or keeps it for longer. */
  keep(name: string, tag: string, body: Uint8Array): void {
    this.#drop(tag)
    const timer = setTimeout(() => this.#drop(tag), KEPT)
    // it holds up no program that ends
    timer.unref()
    this.#versions.set(tag, { name, body, timer })
    const [oldest] = this.#versions.keys()
    if (this.#versions.size > MOST && oldest !== undefined) this.#drop(oldest)
  }

  #drop(tag: string): void {
    clearTimeout(this.#versions.get(tag)?.timer)
    this.#versions.delete(tag)
  }
}
