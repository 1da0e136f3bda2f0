// The reference: applyDelta of this package.
import { table } from 'arquero'
import { applyDelta } from 'support-etl'
import { answerCases } from './lines.mjs'

const tableOf = ({ columns, rows }) =>
  table(Object.fromEntries(columns.map((name, at) => [name, rows.map((row) => row[at])])), columns)

await answerCases(({ base, deltas, key, policies }) => {
  let current = tableOf(base)
  for (const delta of deltas) current = applyDelta(current, tableOf(delta), key[0], policies)
  return current.objects().map((row) => base.columns.map((name) => row[name] ?? null))
})
