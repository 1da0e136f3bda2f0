/**
 * One run of the complaints job, in a process of its own: prints what it cost as JSON.
 * @module
 */
const [data = '', out = ''] = process.argv.slice(2)
const { runPipeline } = await import('../src/pipeline/run.ts')
const { reconcile } = await import('../src/systems/complaints/job/reconcile.ts')
const { complaintsJob } = await import('../src/systems/complaints/job/complaints-job.ts')
const { status, tables } = await runPipeline(complaintsJob, { data, out })
const { isWhole } = await reconcile({ out })
if (!isWhole) throw new Error('rows are missing')
const { user, system } = process.cpuUsage()
const raw = Object.keys(complaintsJob.tables)
process.stdout.write(
  JSON.stringify({
    status,
    rows: raw.reduce((sum, table) => sum + (tables[table] ?? 0), 0),
    cpu: (user + system) / 1e6,
    // maxRSS is in KiB
    peakMemory: process.resourceUsage().maxRSS / 1024,
  }),
)
