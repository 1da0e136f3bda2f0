/**
 * What `serve` does under load, with a key, over real sockets.
 *
 * `node --conditions=support-etl-source bench/http.ts [--seconds 10] [--connections 50]` asks for one kept answer again and again:
 * answers in a second, and how long each takes. `--mixed` asks for everything that callers ask for: kept answers, tags that are
 * known, answers that the database must make anew, customers that are not there, requests and keys that are wrong. Both print the
 * server's memory over time, and fail where an answer has another status than expected, or where memory keeps growing.
 * @module
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHistogram } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '50' },
    path: { type: 'string', default: '/api/v1/report/support?month=2025-02' },
    mixed: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
const connections = Number(values.connections)
/** Until compiled code, pools and kept answers are there. */
const WARM = Math.min(60, Math.max(2, seconds / 10))
/** Seconds between two looks at the memory. */
const STEP = Math.max(1, seconds / 40)
/** How much the last quarter may be above the second one. Garbage that waits makes single figures jump. */
const GROWTH = 1.1

const root = join(import.meta.dirname, '..')
const program = ['--conditions=support-etl-source', join(root, 'src', 'cli', 'main.ts')]
const cwd = mkdtempSync(join(tmpdir(), 'support-etl-http-'))
const run = (...args: string[]): string =>
  execFileSync(process.execPath, [...program, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

run('run', '--data', join(root, 'examples', 'data', 'support'))
if (values.mixed) {
  run('interactions', 'generate', '--interactions', '2_000', '--out', 'files')
  run('interactions', 'import', '--data', 'files')
}
const { key } = JSON.parse(run('keys', 'create', 'bench', '--json')) as { key: string }

const server = spawn(process.execPath, [...program, 'serve', '--port', '0', '--json', '--log-level', 'warn'], {
  cwd,
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [told] = (await once(server.stdout, 'data')) as [Buffer]
const { address } = JSON.parse(String(told)) as { address: string }
const { hostname, port } = new URL(address)
const authorization = `Bearer ${key}`

/** MiB of the server by its own figures. */
interface Memory {
  readonly second: number
  readonly resident: number
  readonly heap: number
  /** The server keeps answers up to a limit; then the oldest make room. */
  readonly kept: number
}

async function memoryAt(second: number): Promise<Memory> {
  const text = await (await fetch(`${address}/metrics`, { headers: { authorization } })).text()
  const figure = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) / 2 ** 20
  return {
    second: Math.round(second),
    resident: figure('process_resident_memory_bytes'),
    heap: figure('nodejs_heap_size_used_bytes'),
    kept: figure('support_etl_http_kept_bytes'),
  }
}

/** A request as bytes, and the status that answers it. */
interface Asked {
  readonly text: string
  readonly status: number
}

function asked(path: string, status = 200, headers: Readonly<Record<string, string>> = { authorization }): Asked {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return { text: `GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${lines.join('')}\r\n`, status }
}

const kept = asked(values.path)

/** What callers ask for, one after the other; of a hundred requests one is new to the server, so that its database must answer. */
async function mixedRequests(): Promise<(turn: number) => Asked> {
  const known = await fetch(`${address}/api/v1/interactions`, { headers: { authorization } })
  await known.arrayBuffer()
  const tag = { authorization, 'if-none-match': String(known.headers.get('etag')) }
  const others = [
    asked('/api/v1/interactions', 304, tag),
    asked('/api/v1/interactions/2147483647', 404),
    asked('/api/v1/interactions?channel=Fax', 400),
    asked('/api/v1/interactions?page=0', 400),
    asked('/api/v1/interactions', 401, { authorization: `${authorization}x` }),
    asked('/api/v1/nothing', 404),
    asked('/api/v1/interactions?per_page=200', 200, { authorization, accept: 'text/csv' }),
    asked('/openapi.json', 200),
    asked('/healthz', 200, {}),
  ]
  let made = 0
  return (turn) => {
    if (turn % 100 === 0) {
      // another address each time: more of them than the kept answers have room for
      const day = new Date(Date.UTC(1000 + (made % 8000), 0, 1 + (made % 365))).toISOString().slice(0, 10)
      made++
      return asked(`/api/v1/interactions?per_page=200&page=${1 + (made % 10)}&start_date=${day.slice(-10)}`)
    }
    return turn % 2 === 0 ? kept : (others[(turn >> 1) % others.length] as Asked)
  }
}

const times = createHistogram()
const unexpected = new Map<string, number>()
let answers = 0

/** Sends one request after the other until the time is over. */
async function client(until: number, first: number, next: (turn: number) => Asked): Promise<void> {
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await once(socket, 'connect')
  let turn = first
  let waiting = ''
  let sent = 0
  let request = next(turn)
  await new Promise<void>((resolve, reject) => {
    const send = (): void => {
      if (performance.now() >= until) {
        socket.destroy()
        resolve()
        return
      }
      request = next(turn++)
      sent = performance.now()
      socket.write(request.text)
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    socket.on('data', (bytes) => {
      waiting += bytes.toString('latin1')
      const head = waiting.indexOf('\r\n\r\n')
      if (head < 0) return
      const status = Number(waiting.slice(9, 12))
      const length = status === 304 ? 0 : Number(/content-length: (\d+)/i.exec(waiting.slice(0, head))?.[1])
      if (waiting.length < head + 4 + length) return
      if (status !== request.status) {
        const what = `${status} instead of ${request.status}: ${request.text.split(' ', 2)[1]?.split('?', 1)[0]}`
        unexpected.set(what, (unexpected.get(what) ?? 0) + 1)
      }
      waiting = ''
      answers++
      times.record(Math.max(1, Math.round((performance.now() - sent) * 1000)))
      send()
    })
    send()
  })
}

const load = (time: number, next: (turn: number) => Asked): Promise<unknown> => {
  const until = performance.now() + time * 1000
  return Promise.all(Array.from({ length: connections }, (_, place) => client(until, place, next)))
}

async function watchMemory(time: number): Promise<Memory[]> {
  const seen: Memory[] = []
  for (let at = 0; at <= time - STEP; at += STEP) {
    seen.push(await memoryAt(at))
    await sleep(STEP * 1000)
  }
  return seen
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN

try {
  const next = values.mixed ? await mixedRequests() : () => kept
  await load(WARM, next)
  times.reset()
  unexpected.clear()
  answers = 0
  const began = performance.now()
  const used = process.cpuUsage()
  const [, memory] = await Promise.all([load(seconds, next), watchMemory(seconds)])
  const took = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(used)
  const errors = unexpected.values().reduce((sum, count) => sum + count, 0)
  const at = (percent: number): string => (times.percentile(percent) / 1000).toFixed(1)
  const quarter = memory.length >> 2
  const [early, late] = [memory.slice(quarter, 2 * quarter), memory.slice(-quarter)].map((part) =>
    median(part.map(({ resident }) => resident)),
  ) as [number, number]
  const isFlat = quarter < 3 || late <= early * GROWTH
  const mib = (figure: number): string => figure.toFixed(0).padStart(6)
  process.stdout.write(
    [
      'second  resident MiB  heap MiB  kept MiB',
      ...memory.map(
        (one) => `${String(one.second).padStart(6)}  ${mib(one.resident)}        ${mib(one.heap)}    ${mib(one.kept)}`,
      ),
      `${(answers / took).toFixed(0)} requests/s, ${errors} errors, ${connections} connections, ${took.toFixed(0)} s`,
      ...Array.from(unexpected, ([what, count]) => `  ${count} × ${what}`),
      `p50 ${at(50)} ms, p99 ${at(99)} ms, longest ${(times.max / 1000).toFixed(1)} ms`,
      quarter < 3
        ? 'too short to say whether memory stays flat'
        : `resident memory: ${early.toFixed(0)} MiB in the second quarter, ${late.toFixed(0)} MiB in the last: ${isFlat ? 'flat' : 'IT GROWS'}`,
      `the client itself used ${((user + system) / 1e6).toFixed(1)} s of CPU; ${cpus().length} CPUs in all`,
      '',
    ].join('\n'),
  )
  process.exitCode = errors === 0 && isFlat ? 0 : 1
} finally {
  server.kill('SIGTERM')
  await once(server, 'exit')
  rmSync(cwd, { recursive: true, force: true })
}
