/**
 * The systems of this package, one line each.
 * @module
 */
import { calls } from './calls/system.ts'
import { interactions } from './interactions/system.ts'
import { support } from './support/system.ts'
import type { System } from './system.ts'
import { transcripts } from './transcripts/system.ts'

export const SYSTEMS: readonly System[] = [support, calls, transcripts, interactions]
