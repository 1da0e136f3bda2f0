/**
 * Commits the sample and starts `support-etl serve` on a free port.
 * @module
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { interactionsJob } from 'support-etl/interactions'
import { runPipeline } from 'support-etl/pipeline'

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Lets the work ask a server with the sample's interactions, and stops it. */
export async function withServer(work: (address: string) => Promise<void>): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), 'support-etl-typed-client-'))
  await runPipeline(interactionsJob, { data: pathOf('../data/interactions'), out })
  const command = ['--conditions=support-etl-source', pathOf('../../src/cli/main.ts')]
  const server = spawn(process.execPath, [...command, 'serve', '--out', out, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const stopped = new Promise((resolve) => server.once('exit', resolve))
  try {
    // its first line is its address
    const [address] = await Promise.race([once(createInterface(server.stdout), 'line'), stopped.then(() => [])])
    if (address === undefined) throw new Error('the server did not start; `support-etl serve` says why')
    await work(address)
  } finally {
    server.kill()
    await stopped
    await rm(out, { recursive: true, force: true })
  }
}
