/**
 * Cleans a call log into one typed row per call, and computes the key figures of any part of it,
 * with their change against the period before. The dashboard shows the same figures.
 */
import { readFileSync } from 'node:fs'
import { cleanCalls, summarizeCalls } from 'support-etl/calls'
import { readCsv, readJsonLines } from 'support-etl/format'

const read = (name: string) => readFileSync(new URL(`../data/calls/${name}`, import.meta.url), 'utf8')
const bytes = (text: string) => new TextEncoder().encode(text)

// one line of the log is cut short: `support-etl calls clean` refuses it and continues, and so
// does this example
const lines = read('sample_calls.json')
  .split('\n')
  .filter((line) => line.endsWith('}'))
const log = readJsonLines(bytes(lines.join('\n')))
const { calls, summary } = cleanCalls(log, readCsv(bytes(read('agents.csv'))))
console.log(`${summary.kept} calls kept, ${summary.rejected} refused, ${summary.replaced} came again, corrected`)

const { kpis, change } = summarizeCalls(calls, { period: '28d', issue: ['Billing', 'Account'] })
console.log(
  `${kpis.calls} calls in 28 days, ${change?.calls.told} % against the 28 days before: ${change?.calls.verdict}`,
)
console.log(
  `resolved ${kpis.resolution_rate?.toFixed(3)}, ${kpis.escalations} escalated, rated ${kpis.average_rating?.toFixed(2)}`,
)
console.log(
  `${kpis.average_handle_minutes?.toFixed(2)} minutes on average, nine of ten under ${kpis.p90_minutes?.toFixed(2)}`,
)
