/** Places with calls, and what a run into them publishes, for tests of the transcripts job. */
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import type { Job } from '../../../src/pipeline/job/job.ts'
import type { RunOptions } from '../../../src/pipeline/job/options.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { readWhole } from '../../../src/pipeline/state/data-files.ts'
import { readQuarantine } from '../../../src/pipeline/state/read-quarantine.ts'
import { type TranscriptsJobOptions, transcriptsJob } from '../../../src/systems/transcripts/job/transcripts-job.ts'
import { sampleTranscripts } from '../../../src/systems/transcripts/sample/transcripts.ts'

type TranscriptsRun = RunOptions<TranscriptsJobOptions>

/** A call as a file holds it. */
export function callFile(call_id: string, transcript_text: string, more: object = {}): string {
  const call = { call_id, agent_name: 'Ada Wong', timestamp: '2025-09-01T10:00:00', transcript_text, ...more }
  return JSON.stringify(call)
}

export async function put(store: FileStore, name: string, text: string): Promise<void> {
  await store.write(name, [new TextEncoder().encode(text)])
}

/** A place with made-up calls in bronze. */
export function placeOf(calls: number, seed = 1): FileStore {
  const files = Array.from(sampleTranscripts({ calls, seed }), ({ call }) => {
    return [`bronze/${call.call_id}.json`, JSON.stringify(call)] as const
  })
  return memoryStore(Object.fromEntries(files))
}

/** A run of the job whose commits lie a minute apart. */
export async function run(
  data: FileStore,
  out: FileStore,
  options: TranscriptsRun = {},
  job: Job<TranscriptsJobOptions> = transcriptsJob,
) {
  const commits = (await out.list('.support-etl/log/')).length
  const now = Date.UTC(2025, 9, 1, 0, commits)
  return runPipeline(job, { data, out, ...options }, { now: () => now })
}

export async function textOf(store: FileStore, name: string): Promise<string> {
  return new TextDecoder().decode(await readWhole(store, name))
}

const RECORDED = new Set(['created_at', 'updated_at', 'last_updated'])

/** The lines of a copy without what only a commit knows. */
function contentOf(copy: string): string {
  const [head = '', ...lines] = copy.trim().split('\n')
  const recorded = head.split(',').filter((name) => RECORDED.has(name)).length
  if (recorded === 0) return copy
  // recorded columns are the last ones, and hold no commas
  return lines.map((line) => line.split(',').slice(0, -recorded).join(',')).join('\n')
}

/** Every published table by name, and what waits, without what only a commit knows. */
export async function publishedIn(out: FileStore): Promise<Record<string, unknown>> {
  const names = (await out.list('')).map(({ name }) => name).filter((name) => name.endsWith('.csv'))
  const tables = await Promise.all(names.map(async (name) => [name, contentOf(await textOf(out, name))] as const))
  const { rows } = await readQuarantine({ out })
  return { ...Object.fromEntries(tables), quarantine: rows.map(({ file, code, column }) => [file, code, column]) }
}
