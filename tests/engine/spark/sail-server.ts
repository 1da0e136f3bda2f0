/** Sail, a server of Spark Connect in one small process: the fast lane of the tests of Spark. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sail } from '../../python-tools.ts'

export interface SailServer {
  readonly port: number
  /** Its address, for `connectSpark`. */
  readonly url: string
  stop(): Promise<void>
}

/** Waits for the line in which it says where it listens. */
async function portOf(child: ChildProcess): Promise<number> {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  const deadline = Date.now() + 60_000
  while (child.exitCode === null && Date.now() < deadline) {
    const port = /Connect server on [\d.]+:(\d+)/.exec(said)?.[1]
    if (port !== undefined) return Number(port)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`Sail did not start: ${said}`)
}

/** Starts a server in a folder of its own, on a port that is free. */
export async function startSail(): Promise<SailServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sail-'))
  const child = spawn(sail, ['spark', 'server', '--ip', '127.0.0.1', '--port', '0'], { cwd: folder })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const port = await portOf(child)
    return { port, url: `sc://127.0.0.1:${port}`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
