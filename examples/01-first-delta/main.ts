/**
 * A delta is a batch of changes: rows with the table's columns and an action. `applyDelta` returns
 * the table after it; the original table is unchanged.
 */
import { table } from 'arquero'
import { applyDelta, summarizeDelta } from 'support-etl'

const agents = table({
  agent_id: ['A01', 'A02', 'A03'],
  full_name: ['Ingrid Solheim', 'Tobias Okafor', 'Priya Raman'],
  contact_center_id: ['010', '010', '020'],
})

// as an export writes it: spaces after actions, and only the key in the row of a delete
const february = table({
  agent_id: ['A03', 'A02', 'A09', 'A07'],
  full_name: ['Priya Raman', null, 'Beatriz Coelho', null],
  contact_center_id: ['030', null, '040', null],
  action: ['update ', 'delete', 'add', 'delete'],
})

applyDelta(agents, february, 'agent_id').print()

// the effect before applying it: A07 is deleted, but never existed
const { inserted, updated, deleted, ignored, codes } = summarizeDelta(agents, february, 'agent_id')
console.log({ inserted, updated, deleted, ignored })
for (const { code, severity, count } of codes) console.log(`${severity}: ${code}, ${count}`)

// strict mode refuses what lenient mode (the default) only counts
const late = table({ agent_id: ['A99'], full_name: ['Noor Haddad'], contact_center_id: ['020'], action: ['update'] })
try {
  applyDelta(agents, late, 'agent_id', { mode: 'strict' })
} catch (error) {
  console.log(String(error))
}
