/**
 * `node --conditions=support-etl-source bench/http.ts -- [--seconds 10] [--connections 50]`: how many kept answers `serve` gives in
 * a second, with a key, over real sockets; how long each takes; and whether its memory stays flat.
 * @module
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '50' },
    path: { type: 'string', default: '/api/v1/report/support?month=2025-02' },
  },
  allowPositionals: true,
})
const seconds = Number(values.seconds)
const connections = Number(values.connections)
const { path } = values

const root = join(import.meta.dirname, '..')
const program = ['--conditions=support-etl-source', join(root, 'src', 'cli', 'main.ts')]
const cwd = mkdtempSync(join(tmpdir(), 'support-etl-http-'))
const run = (...args: string[]): string =>
  execFileSync(process.execPath, [...program, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

run('run', '--data', join(root, 'examples', 'data', 'support'))
const { key } = JSON.parse(run('keys', 'create', 'bench', '--json')) as { key: string }

const server = spawn(process.execPath, [...program, 'serve', '--port', '0', '--json', '--log-level', 'info'], {
  cwd,
  stdio: ['ignore', 'pipe', 'ignore'],
})
const [told] = (await once(server.stdout, 'data')) as [Buffer]
const { address } = JSON.parse(String(told)) as { address: string }
const { hostname, port } = new URL(address)
const authorization = `Bearer ${key}`

/** Bytes of the server's memory, by its own figures. */
async function memory(): Promise<number> {
  const text = await (await fetch(`${address}/metrics`, { headers: { authorization } })).text()
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1])
}

const request = `GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: ${authorization}\r\n\r\n`
const latencies: number[] = []
let errors = 0

/** Sends one request after the other until the time is over. */
async function client(until: number): Promise<void> {
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await once(socket, 'connect')
  let waiting = ''
  let sent = 0
  await new Promise<void>((resolve, reject) => {
    const send = (): void => {
      if (performance.now() >= until) {
        socket.destroy()
        resolve()
        return
      }
      sent = performance.now()
      socket.write(request)
    }
    socket.on('error', reject)
    socket.on('data', (bytes) => {
      waiting += bytes.toString('latin1')
      const head = waiting.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(waiting.slice(0, head))?.[1])
      if (waiting.length < head + 4 + length) return
      if (!waiting.startsWith('HTTP/1.1 200 ')) errors++
      waiting = ''
      latencies.push(performance.now() - sent)
      send()
    })
    send()
  })
}

const load = (time: number): Promise<unknown> => {
  const until = performance.now() + time * 1000
  return Promise.all(Array.from({ length: connections }, () => client(until)))
}

try {
  // compiled code, and the one answer that is kept
  await load(2)
  latencies.length = 0
  const before = await memory()
  const began = performance.now()
  const used = process.cpuUsage()
  await load(seconds)
  const took = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(used)
  const after = await memory()
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1)
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  process.stdout.write(
    [
      `${(latencies.length / took).toFixed(0)} requests/s, ${errors} errors, ${connections} connections, ${took.toFixed(0)} s`,
      `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`,
      `memory of the server ${mib(before)} MiB before, ${mib(after)} MiB after`,
      `the client itself used ${((user + system) / 1e6).toFixed(1)} s of CPU; ${cpus().length} CPUs in all`,
      '',
    ].join('\n'),
  )
  process.exitCode = errors === 0 ? 0 : 1
} finally {
  server.kill('SIGTERM')
  await once(server, 'exit')
  rmSync(cwd, { recursive: true, force: true })
}
