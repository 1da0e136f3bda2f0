/**
 * One rival, one run, one fresh process: prints its outcome as JSON.
 * @module
 */
import type { Inputs, Outcome } from './measure.ts'

const [rival = '', form = 'steps', inputs = '{}'] = process.argv.slice(2)
const module = await import(`./rivals/${rival}.ts`)
const outcome: Pick<Outcome, 'steps' | 'report'> = await module[form](JSON.parse(inputs) as Inputs)
// maxRSS is in KiB
process.stdout.write(JSON.stringify({ ...outcome, peakMemory: process.resourceUsage().maxRSS / 1024 }))
