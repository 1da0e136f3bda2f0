/**
 * Question 3: which contact center has the longest average call, why, and is that the right measure?
 *
 *   node examples/q3.ts [--data DIR | --out DIR]
 */
import { readFile } from 'node:fs/promises'
import { desc, op } from 'arquero'
import { callsAfterResolution, contactCenters, handleTime, interactions, longestAverageCall } from 'support-etl'
import { readCsv } from 'support-etl/format'
import { supportReportContract } from 'support-etl/support'
import { outputFolder } from './support-output.ts'

const folder = await outputFolder()
const report = readCsv(await readFile(`${folder}/support_report.csv`), supportReportContract)
const facts = readCsv(await readFile(`${folder}/interactions.csv`), interactions)
const centers = readCsv(await readFile(`${folder}/contact_centers.csv`), contactCenters)

const longest = longestAverageCall(report)
if (longest === null) throw new Error('there are no calls')
console.log(`${longest.contact_center_name}, ${longest.average_call_minutes.toFixed(2)} minutes`)

const tails = callsAfterResolution(facts, centers)
const row = tails.array('contact_center_name').indexOf(longest.contact_center_name)
const late = tails.get('calls_after_resolution', row)
const rated = tails.get('rated_calls', row)
console.log('\nWhy?')
if (late > 0) {
  const minutes = tails.get('average_minutes_after_resolution', row).toFixed(2)
  console.log(
    `${late} of its ${longest.total_calls} calls go on after the agent has resolved them, for ${minutes} minutes.`,
  )
}
if (rated > 0 && rated === tails.get('rated_calls_after_resolution', row)) {
  console.log(`All ${rated} calls that were rated are among them: a survey after the call.`)
}

console.log('\nA better measure is handle time, until the agent has resolved the call:')
handleTime(facts, centers)
  .orderby(desc('average_handle_minutes'))
  .derive({
    average_handle_minutes: (row: { average_handle_minutes: number }) =>
      op.round(row.average_handle_minutes * 100) / 100,
  })
  .print()
