/**
 * Laws are checked with the same cases for every mutant, and a law that fails is not made smaller first.
 * @module
 */
import { configureGlobal } from 'fast-check'

configureGlobal({ seed: 20_251_121, endOnFailure: true })
