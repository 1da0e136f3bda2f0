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
import type { LabelledCall } from '../figures/evaluate/evaluate-calls.ts'
import { transcriptsJobOf } from '../job/transcripts-job.ts'
import type { CallTruth } from '../sample/call-script.ts'
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

/** Generated calls with their texts as the state has them. */
export interface GeneratedCalls {
  /** Labelled with the mood that the customer has. */
  readonly byLabel: readonly LabelledCall[]
  /** Labelled with the mood that the customer shows: neutral where no word shows it. */
  readonly byPhrase: readonly LabelledCall[]
  /** Generated calls that the state does not have. */
  readonly missing: number
}

function labelled({ call_id, mood, is_conversion, upsells }: CallTruth, transcript_text: string): LabelledCall {
  return { call_id, transcript_text, mood, is_conversion, upsells }
}

async function stateAt(out: string, prefix: string): Promise<CommittedState | null> {
  try {
    return await readState(transcriptsJobOf({ prefix }), { out })
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'nothing_committed') return null
    throw error
  }
}

/** The generated calls of a place; null where nothing is known of any, or nothing is committed. */
export async function generatedCalls(data: string, out: string, prefix: string): Promise<GeneratedCalls | null> {
  const truths = await readTruth(openStore(data))
  const state = truths.size === 0 ? null : await stateAt(out, prefix)
  if (state === null) return null
  const calls = await state.loadTable(silverCallRecords.name)
  const [ids, texts] = [columnOf(calls, 'call_id'), columnOf(calls, 'transcript_text')]
  const byLabel: LabelledCall[] = []
  const byPhrase: LabelledCall[] = []
  for (let row = 0; row < calls.rows; row++) {
    const truth = truths.get(String(ids.at(row)))
    if (truth === undefined) continue
    const call = labelled(truth, String(texts.at(row)))
    byLabel.push(call)
    byPhrase.push(truth.mood_phrase === null ? { ...call, mood: 'neutral' } : call)
  }
  return { byLabel, byPhrase, missing: truths.size - byLabel.length }
}
