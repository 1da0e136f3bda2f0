/**
 * What an analysis of a transcript says: conversion, upsells, mood, scorecard, and the words behind each of them.
 * @module
 */
import type { Speaker } from '../turns.ts'

/** Which rules read a transcript: `default`, or `classic`, which reproduces the rules of the original program. */
export type Profile = 'default' | 'classic'

/** The mood of a customer over a whole call. */
export type Mood = 'positive' | 'neutral' | 'negative'

/** What a finding supports. `retraction` takes a commitment back, `decline` turns an offer down. */
export type EvidenceMetric = 'conversion' | 'retraction' | 'upsell' | 'decline' | 'positive' | 'negative' | 'scorecard'

/** Words that a rule found. */
export interface Evidence {
  readonly metric: EvidenceMetric
  /** The rule's id in its pack, such as `commit.sign-up`. */
  readonly rule: string
  readonly speaker: Speaker
  /** Where the words begin, in UTF-16 code units from the start of the transcript. */
  readonly offset: number
  /** The words as they stand in the transcript. */
  readonly text: string
}

/** Whether the customer committed to something that is sold. */
export interface Conversion {
  readonly isConversion: boolean
  /** The words of the commitment, 255 code units at most; null where there is none. */
  readonly phrase: string | null
  /** Between 0 and 1; 0 without a conversion. */
  readonly confidence: number
}

/** One product that was offered or asked for. */
export interface Upsell {
  /** The product's name in lower case, without verbs, articles and prices: `extended warranty`. */
  readonly product: string
  /** The price as it was said, in cents; null where none was said. A price per month counts as said. */
  readonly amountCents: number | null
  readonly isAccepted: boolean
  readonly rule: string
  readonly speaker: Speaker
  /** Where the product's name begins, in UTF-16 code units from the start of the transcript. */
  readonly offset: number
  /** The words as they stand in the transcript. */
  readonly text: string
}

/** The mood, and what it is made of. */
export interface MoodFinding {
  readonly label: Mood
  /** (positive − negative) / (positive + negative); 0 without either. */
  readonly score: number
  /** Between 0 and 1, with two decimals; 0.5 without mood words. */
  readonly confidence: number
  readonly positiveCount: number
  readonly negativeCount: number
}

/** One criterion of the scorecard, such as whether the agent greets. */
export interface ScorecardFinding {
  readonly criterion: string
  readonly isMet: boolean
}

/** Who speaks how much. */
export interface Talk {
  readonly agentTurns: number
  readonly customerTurns: number
  readonly agentWords: number
  readonly customerWords: number
  /** The agent's share of the words of both, 0 to 1; null where nobody speaks. */
  readonly agentShare: number | null
}

/** Everything that an analysis of one transcript says. */
export interface Analysis {
  readonly conversion: Conversion
  /** In order of the text. */
  readonly upsells: readonly Upsell[]
  readonly mood: MoodFinding
  /** In order of the rules; empty without a scorecard. */
  readonly scorecard: readonly ScorecardFinding[]
  readonly talk: Talk
  /** In order of the text. */
  readonly evidence: readonly Evidence[]
}
