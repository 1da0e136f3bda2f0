/**
 * Question 1: how many interactions had each contact center in the first quarter of 2025?
 *
 *   node examples/q1.ts [--data DIR | --out DIR]
 */
import { readFile } from 'node:fs/promises'
import { interactionsByContactCenter } from 'support-etl'
import { readCsv } from 'support-etl/format'
import { supportReportContract } from 'support-etl/support'
import { outputFolder } from './support-output.ts'

const folder = await outputFolder()
const report = readCsv(await readFile(`${folder}/support_report.csv`), supportReportContract)

interactionsByContactCenter(report, { months: ['2025-01', '2025-02', '2025-03'] }).print()
