/** What happens to places with calls between two runs, and what waits afterwards. */
import type { FileStore } from '../../../src/connect/file-store.ts'
import { sampleTranscripts } from '../../../src/systems/transcripts/sample/transcripts.ts'
import { callFile, put } from './calls.ts'

/** How many made-up calls the place has at first, those of seed 1. */
export const CALLS = 30
export const sample = Array.from(sampleTranscripts({ calls: CALLS, seed: 1 }), ({ call }) => call)
const nameOf = (at: number): string => `bronze/${sample[at]?.call_id}.json`
export const SALE = 'Agent: Shall I add the extended warranty for $29.99? Customer: Yes please, add it.'

/** What happens to a place between two runs. */
export const CHANGES: readonly (readonly [what: string, (data: FileStore) => Promise<void>])[] = [
  ['new calls', async (data) => put(data, 'bronze/NEW1.json', callFile('NEW1', SALE))],
  [
    'a call with other words',
    async (data) => put(data, nameOf(3), callFile(sample[3]?.call_id ?? '', SALE, { agent_name: 'Mei Tanaka' })),
  ],
  ['a call that is gone', async (data) => data.remove(nameOf(4))],
  ['a good file that turns bad', async (data) => put(data, nameOf(5), '{ "call_id": "')],
  [
    'a call whose time cannot be read any more',
    async (data) => put(data, nameOf(6), callFile(sample[6]?.call_id ?? '', SALE, { timestamp: 'soon' })),
  ],
  ['a file with nothing in it', async (data) => put(data, 'bronze/EMPTY.json', '')],
  [
    'a call without a transcript',
    async (data) => put(data, 'bronze/MUTE.json', '{"call_id":"MUTE","agent_name":"A","timestamp":"2025-09-01"}'),
  ],
  ['a call under the name of another', async (data) => put(data, 'bronze/WRONG.json', callFile('RIGHT', SALE))],
  [
    'a call that is delivered twice',
    async (data) => put(data, `bronze/again/${sample[7]?.call_id}.json`, callFile(sample[7]?.call_id ?? '', SALE)),
  ],
  ['the agents of teams', async (data) => put(data, 'agents.csv', 'agent_name,team\nMei Tanaka,North\n')],
  ['another team of an agent', async (data) => put(data, 'agents.csv', 'agent_name,team\nMei Tanaka,South\n')],
  ['the bad file made good', async (data) => put(data, nameOf(5), JSON.stringify(sample[5]))],
  ['a file of another kind', async (data) => put(data, 'bronze/notes.txt', 'hello')],
]

/** What waits in quarantine after all of them. */
export const WAITING = [
  ['bronze/EMPTY.json', 'empty_file'],
  ['bronze/MUTE.json', 'null_value'],
  ['bronze/WRONG.json', 'key_mismatch'],
  [`bronze/again/${sample[7]?.call_id}.json`, 'duplicate_object'],
  [nameOf(6), 'timestamp_invalid'],
]
