/**
 * An input that is not what it was when its place was listed.
 * @module
 */

/** A file is not what it was when the place was listed: the run plans again. */
export class InputGone extends Error {
  readonly file: string

  constructor(file: string, cause: unknown) {
    super(`${file} was removed or replaced after it was listed`, { cause })
    this.file = file
  }
}
