/**
 * One run of the transcripts job, in a process of its own: prints what it cost as JSON.
 * @module
 */
const [data = '', out = ''] = process.argv.slice(2)
const start = performance.now()
const { runPipeline } = await import('../src/pipeline/run.ts')
const { transcriptsJob } = await import('../src/systems/transcripts/job/transcripts-job.ts')
const { status, tables } = await runPipeline(transcriptsJob, { data, out })
const { user, system } = process.cpuUsage()
process.stdout.write(
  JSON.stringify({
    status,
    rows: tables.gold_call_analytics,
    seconds: (performance.now() - start) / 1000,
    cpu: (user + system) / 1e6,
    // maxRSS is in KiB
    peakMemory: process.resourceUsage().maxRSS / 1024,
  }),
)
