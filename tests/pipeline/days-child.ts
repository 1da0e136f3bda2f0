/** A run over days in a process of its own, which tells how much memory it took: `days-child.ts DATA OUT`. */
import { mkdirSync } from 'node:fs'
import { resourceUsage } from 'node:process'
import { runPipeline } from '../../src/pipeline/index.ts'
import { dayJob } from './day-job.ts'

const [data = '', out = ''] = process.argv.slice(2)
mkdirSync(out, { recursive: true })
const { tables, applied, status } = await runPipeline(dayJob, { data, out })
console.log(JSON.stringify({ status, rows: tables.readings, applied: applied.length, peak: resourceUsage().maxRSS }))
