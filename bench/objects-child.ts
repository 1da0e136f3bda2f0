/**
 * One run of a job whose table is one file a record, in a process of its own: prints what it cost as JSON.
 * @module
 */
import { join } from 'node:path'

const [library = '', data = '', out = ''] = process.argv.slice(2)
const start = performance.now()
const { defineTable, float64, int32, key, string, timestamp } = await import(join(library, 'src', 'index.ts'))
const { defineJob, json, objects, runPipeline } = await import(join(library, 'src', 'pipeline', 'index.ts'))

/** Fact, one row a call. */
const calls = defineTable('calls', {
  call_id: key(string()),
  team_id: string(),
  agent_id: string(),
  started_at: timestamp(),
  duration_minutes: float64(),
  words: int32(),
  transcript: string(),
})

const job = defineJob({
  name: 'calls',
  tables: { calls: { contract: calls, source: objects({ prefix: 'calls/', name: '{call_id}.json', format: json() }) } },
})

const { status, tables, applied } = await runPipeline(job, { data, out })
const { user, system } = process.cpuUsage()
process.stdout.write(
  JSON.stringify({
    status,
    rows: tables.calls,
    inserted: applied[0]?.summary.inserted,
    updated: applied[0]?.summary.updated,
    seconds: (performance.now() - start) / 1000,
    cpu: (user + system) / 1e6,
    // maxRSS is in KiB
    peakMemory: process.resourceUsage().maxRSS / 1024,
  }),
)
