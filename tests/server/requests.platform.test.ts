import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { embeddedDatabase } from '../../src/server/database/served-database.ts'
import { createKey } from '../../src/server/keys/key-file.ts'
import { runCalls } from '../../src/systems/calls/job/run-calls.ts'
import { callLog } from '../../src/systems/calls/sample/call-log.ts'
import { SYSTEMS } from '../../src/systems/index.ts'
import { INTERACTIONS_DATABASE } from '../../src/systems/interactions/database.ts'
import { interactionsJob } from '../../src/systems/interactions/job/interactions-job.ts'
import { supportJob } from '../../src/systems/support/job.ts'
import { transcriptsJob } from '../../src/systems/transcripts/job/transcripts-job.ts'
import { sampleTranscripts } from '../../src/systems/transcripts/sample/transcripts.ts'
import { SAMPLE } from '../cli/command-line.ts'
import { schemathesis } from '../python-tools.ts'
import { served } from './served.ts'

/**
 * At least so many requests. CI makes a thousand; on demand, with any seed:
 * `SUPPORT_ETL_REQUESTS=5000 SUPPORT_ETL_SEED=7 npm run test:platform -- requests`
 */
const least = Number(process.env.SUPPORT_ETL_REQUESTS ?? 1000)
const seed = process.env.SUPPORT_ETL_SEED ?? '1'
/** Of each address and chain of addresses: every one of them is tried with several of these. */
const examples = Math.ceil(least / 21)

async function callsPlace() {
  const store = memoryStore()
  for (const { name, chunks } of callLog({ calls: 500, seed: 5, days: 30 })) await store.write(name, chunks())
  const file = (name: string) => ({ store, name })
  await runCalls({
    calls: file('sample_calls.json'),
    agents: file('agents.csv'),
    output: file('cleaned_calls.parquet'),
    manifest: file('manifest.json'),
  })
  return store
}

const transcripts = () =>
  memoryStore(
    Object.fromEntries(
      Array.from(sampleTranscripts({ calls: 60, seed: 5 }), ({ call }) => [
        `bronze/${call.call_id}.json`,
        JSON.stringify(call),
      ]),
    ),
  )

function run(
  program: string,
  args: readonly string[],
): Promise<{ readonly status: number | null; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: tmpdir(),
      env: { ...process.env, NO_COLOR: '1', PYTHONWARNINGS: 'ignore' },
    })
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    child.stderr.on('data', (chunk) => (text += chunk))
    child.on('error', reject)
    child.on('exit', (status) => resolve({ status, text }))
  })
}

describe.skipIf(!existsSync(schemathesis))('requests that schemathesis makes from the document', () => {
  it('are all answered as the document says', async ({ task }) => {
    const months = memoryStore()
    await runPipeline(supportJob, { data: SAMPLE, out: months })
    const keys = memoryStore()
    const { key } = await createKey(keys, { name: 'a', scopes: ['read', 'import'], expiresAt: null }, nodeEffects())
    const faults: string[] = []
    const out = memoryStore()
    await runPipeline(interactionsJob, { data: join(import.meta.dirname, '../../examples/data/interactions'), out })
    const talks = memoryStore()
    await runPipeline(transcriptsJob, { data: transcripts(), out: talks })
    const quiet = { ...nodeEffects(), logger: { debug() {}, info() {}, warn() {} } }
    const database = { ...INTERACTIONS_DATABASE, system: 'interactions' }
    const server = await served({
      routes: (await Promise.all(SYSTEMS.map((system) => system.routes?.() ?? []))).flat(),
      places: [months, await callsPlace(), talks, out],
      keys,
      system: {
        job: interactionsJob,
        openDatabase: async (place) => embeddedDatabase(database, { out: place, folder: () => null }, quiet),
      },
      onLine: (line) => {
        if (line.includes('"level":"error"')) faults.push(line)
      },
    })
    const { status, text } = await run(schemathesis, [
      ...['--config-file', join(import.meta.dirname, 'schemathesis.toml'), 'run', `${server.address}/openapi.json`],
      ...['--header', `Authorization: Bearer ${key}`, '--max-examples', String(examples), '--seed', seed],
      ...['--generation-database', 'none', '--no-color'],
    ])
    expect(faults).toEqual([])
    expect([status, /warning/i.test(text)], text).toEqual([0, false])
    const generated = Number(/(\d+) generated/.exec(text)?.[1])
    expect(generated).toBeGreaterThanOrEqual(least)
    process.stdout.write(`\n ${generated} generated requests of seed ${seed}: 0 failures, 0 warnings\n`)
    task.meta.figures = { 'generated requests (varies)': generated }
  }, 1_800_000)
})
