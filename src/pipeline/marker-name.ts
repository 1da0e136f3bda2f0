/**
 * The name of the file that says which engine keeps the state of a folder, for code that need not read it.
 * @module
 */

/** `engine.json`, beside the published copies. */
export const MARKER = 'engine.json'
