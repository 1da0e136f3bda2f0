/**
 * An answer that is no route's: of the server about itself, or of its pages.
 * @module
 */

/**
 * Status, headers and body of an answer. One with the header `etag` is not sent to a client that has it already; of one with
 * `accept-ranges: bytes` a client may ask for a part.
 */
export interface OwnAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}
