/**
 * A run over days in a process of its own, which tells what it holds: `days-child.ts DATA OUT`. With `--expose-gc` it collects
 * whenever a day is written: V8 leaves memory outside its heap for later, which says nothing of what is held.
 */
import { memoryUsage, resourceUsage } from 'node:process'
import { runPipeline } from '../../src/pipeline/index.ts'
import { dayJob } from './day-job.ts'

const [data = '', out = ''] = process.argv.slice(2)
const { gc } = globalThis
let held = 0
const onProgress = ({ step }: { readonly step: string }): void => {
  if (step !== 'write' || gc === undefined) return
  // the second one frees what the first one found
  gc()
  gc()
  const { heapUsed, arrayBuffers } = memoryUsage()
  held = Math.max(held, heapUsed + arrayBuffers)
}
const { tables, applied, status } = await runPipeline(dayJob, { data, out }, { onProgress })
const result = { status, rows: tables.readings, applied: applied.length, held, peak: resourceUsage().maxRSS }
process.stdout.write(`${JSON.stringify(result)}\n`)
