import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { createKey } from '../../src/server/keys/key-file.ts'
import { runCalls } from '../../src/systems/calls/job/run-calls.ts'
import { CALLS_ROUTES } from '../../src/systems/calls/routes/index.ts'
import { callLog } from '../../src/systems/calls/sample/call-log.ts'
import { supportJob } from '../../src/systems/support/job.ts'
import { SUPPORT_ROUTES } from '../../src/systems/support/routes/index.ts'
import { SAMPLE } from '../cli/command-line.ts'
import { schemathesis } from '../python-tools.ts'
import { served } from './served.ts'

/** Cases in all; `npm run test:platform` in CI makes fewer than a run on demand. */
const isFull = process.env.SUPPORT_ETL_FAULTS === 'full'
const [examples, least] = isFull ? [2400, 5000] : [400, 1000]

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
    const server = await served({
      routes: [...SUPPORT_ROUTES, ...CALLS_ROUTES],
      places: [months, await callsPlace()],
      keys,
      onLine: (line) => {
        if (line.includes('"level":"error"')) faults.push(line)
      },
    })
    const { status, text } = await run(schemathesis, [
      ...['--config-file', join(import.meta.dirname, 'schemathesis.toml'), 'run', `${server.address}/openapi.json`],
      ...['--header', `Authorization: Bearer ${key}`, '--max-examples', String(examples), '--seed', '1'],
      ...['--generation-database', 'none', '--no-color'],
    ])
    expect(faults).toEqual([])
    expect([status, text]).toEqual([0, expect.not.stringMatching(/warning/i)])
    const generated = Number(/(\d+) generated/.exec(text)?.[1])
    expect(generated).toBeGreaterThanOrEqual(least)
    task.meta.figures = { 'generated requests (varies)': generated }
  }, 1_800_000)
})
