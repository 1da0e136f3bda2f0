/**
 * Deltas show more than the current state: every version of every row, and when it was valid (a
 * slowly changing dimension, type 2).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as aq from 'arquero'
import { history } from 'support-etl'
import { readCsv } from 'support-etl/format'

const folder = join(import.meta.dirname, '..', 'data', 'support')
const read = (name: string) => readCsv(readFileSync(join(folder, name)))

const versions = history(
  read('initial/agents.csv'),
  [
    { at: '2025-02', delta: read('delta/agents_delta_202502.csv') },
    { at: '2025-03', delta: read('delta/agents_delta_202503.csv') },
  ],
  'agent_id',
  { initialAt: '2025-01' },
)

// A03 moved; A06 left in February and returned in March to another center; A07 left
const moved = ['A03', 'A06', 'A07']
versions
  .filter(aq.escape(({ agent_id }: { agent_id: string }) => moved.includes(agent_id)))
  .select('agent_id', 'contact_center_id', 'valid_from', 'valid_to', 'is_deleted', 'version')
  .print()

// the versions without an end are the current table; a filter gives any other month
console.log('agents now:', versions.array('valid_to').filter((end) => end === null).length)
const inFebruary = (row: { valid_from: string; valid_to: string | null }) =>
  row.valid_from <= '2025-02' && (row.valid_to === null || row.valid_to > '2025-02')
console.log('in February:', versions.filter(aq.escape(inFebruary)).numRows())
