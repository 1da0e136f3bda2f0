/**
 * Question 2: which month had the most interactions?
 *
 *   node examples/q2.ts [--data DIR | --out DIR]
 */
import { readFile } from 'node:fs/promises'
import { busiestMonth } from 'support-etl'
import { readCsv } from 'support-etl/format'
import { supportReportContract } from 'support-etl/support'
import { outputFolder } from './support-output.ts'

const folder = await outputFolder()
const report = readCsv(await readFile(`${folder}/support_report.csv`), supportReportContract)

const busiest = busiestMonth(report)
console.log(`${busiest?.month} with ${busiest?.total_interactions} interactions`)
