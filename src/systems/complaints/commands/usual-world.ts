/**
 * The folder of the five sources, where a command line does not name another one.
 * @module
 */
export const USUAL_WORLD = 'world'
