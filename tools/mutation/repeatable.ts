/**
 * Laws use the same cases for every mutant, and do not shrink a failing case.
 * @module
 */
import { configureGlobal } from 'fast-check'

configureGlobal({ seed: 20_251_121, endOnFailure: true })
