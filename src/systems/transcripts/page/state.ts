/**
 * What the transcripts page shows, in its address.
 * @module
 */
import type { AddressForm } from '../../../page/store.ts'

/** The part of the state that the page reads and changes. */
export interface TranscriptsState {
  /** The agent whose calls the list shows; null for all. */
  readonly agent: string | null
  /** The day whose calls the list shows; null for all. */
  readonly day: string | null
  /** The call that is read; null for the newest of the list. */
  readonly call: string | null
}

export const transcriptsAddress: AddressForm<TranscriptsState> = {
  fromQuery(text, [call] = []) {
    const query = new URLSearchParams(text)
    // `/transcripts/CALL_1` is one call
    const state = { agent: query.get('agent'), day: query.get('day'), call: call ?? query.get('call') }
    return { state, problem: null }
  },
  toQuery({ agent, day }) {
    const named = Object.entries({ agent, day }).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))
    return new URLSearchParams(named).toString()
  },
  toPath: ({ call }) => (call === null ? [] : [call]),
}
