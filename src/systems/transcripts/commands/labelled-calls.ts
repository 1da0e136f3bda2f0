/**
 * Calls with labels to score the rules by: the hand-labelled ones of this package, and generated ones of a state.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../../connect/open.ts'
import { PipelineError } from '../../../errors.ts'
import { packageFolder } from '../../../isolate/package-file.ts'
import { type CommittedState, readState } from '../../../pipeline/state/committed-state.ts'
import { columnOf } from '../../../table/frame.ts'
import { classicText, transcriptText } from '../clean/transcript-text.ts'
import type { Profile } from '../figures/analysis/analysis.ts'
import type { LabelledCall } from '../figures/evaluate/evaluate-calls.ts'
import { transcriptsJobOf } from '../job/transcripts-job.ts'
import type { CallTruth } from '../sample/call-script.ts'
import { sampleTranscripts } from '../sample/transcripts.ts'
import { silverCallRecords } from '../tables.ts'
import { readTruth } from './truth-file.ts'

/** The hand-labelled calls of this package, by part: the rules are worked out on one, and only scored on the other. */
export function handLabelled(): Readonly<Record<'work' | 'scored', readonly LabelledCall[]>> {
  const file = join(packageFolder(), 'examples', 'data', 'transcripts', 'labelled-calls.json')
  // the file ships with this package, and a test holds its shape
  const { calls } = JSON.parse(readFileSync(file, 'utf8')) as { calls: (LabelledCall & { readonly part: string })[] }
  const ofPart = (part: string) => calls.filter((call) => call.part === part)
  return { work: ofPart('work'), scored: ofPart('scored') }
}

/** Generated calls, labelled in two ways. */
export interface GeneratedCalls {
  /** Labelled with the mood that the customer has. */
  readonly byLabel: readonly LabelledCall[]
  /** Labelled with the mood that the customer shows: neutral where no word shows it. */
  readonly byPhrase: readonly LabelledCall[]
}

function labelled(calls: Iterable<{ readonly truth: CallTruth; readonly text: string }>): GeneratedCalls {
  const byLabel: LabelledCall[] = []
  const byPhrase: LabelledCall[] = []
  for (const { truth, text } of calls) {
    const { call_id, mood, mood_phrase, is_conversion, upsells } = truth
    const call = { call_id, transcript_text: text, mood, is_conversion, upsells }
    byLabel.push(call)
    byPhrase.push(mood_phrase === null ? { ...call, mood: 'neutral' } : call)
  }
  return { byLabel, byPhrase }
}

/** Returns so many calls of a seed, clean as the profile cleans them. */
export function callsOfSeed(seed: number, calls: number, profile: Profile): GeneratedCalls {
  const clean = profile === 'classic' ? classicText : transcriptText
  const made = Array.from(sampleTranscripts({ calls, seed }), ({ call, truth }) => {
    return { truth, text: clean(call.transcript_text) }
  })
  return labelled(made)
}

async function stateAt(out: string, prefix: string): Promise<CommittedState | null> {
  try {
    return await readState(transcriptsJobOf({ prefix }), { out })
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'nothing_committed') return null
    throw error
  }
}

/**
 * Returns the generated calls of a place with their texts as the state has them, and how many the state does not have; null
 * where nothing is known of any, or nothing is committed.
 */
export async function generatedCalls(
  data: string,
  out: string,
  prefix: string,
): Promise<(GeneratedCalls & { readonly missing: number }) | null> {
  const truths = await readTruth(openStore(data))
  const state = truths.size === 0 ? null : await stateAt(out, prefix)
  if (state === null) return null
  const calls = await state.loadTable(silverCallRecords.name)
  const [ids, texts] = [columnOf(calls, 'call_id'), columnOf(calls, 'transcript_text')]
  const known = Array.from(ids, (id, row) => ({ truth: truths.get(String(id)), text: String(texts.at(row)) })).flatMap(
    ({ truth, text }) => (truth === undefined ? [] : [{ truth, text }]),
  )
  return { ...labelled(known), missing: truths.size - known.length }
}
