/**
 * A delta is a batch of changes: rows with the table's columns and what to do with them.
 * `applyDelta` gives the table after it; the table you had is not touched.
 */
import { table } from 'arquero'
import { applyDelta, summarizeDelta } from 'support-etl'

const agents = table({
  agent_id: ['A01', 'A02', 'A03'],
  full_name: ['Ingrid Solheim', 'Tobias Okafor', 'Priya Raman'],
  contact_center_id: ['010', '010', '020'],
})

// as it comes from an export: spaces behind actions, and nothing beside the key of a row that is deleted
const february = table({
  agent_id: ['A03', 'A02', 'A09', 'A07'],
  full_name: ['Priya Raman', null, 'Beatriz Coelho', null],
  contact_center_id: ['030', null, '040', null],
  action: ['update ', 'delete', 'add', 'delete'],
})

applyDelta(agents, february, 'agent_id').print()

// what it would do, before it is done: A07 is deleted and was never there
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
