/**
 * What `serve` does under load, with keys, over real sockets.
 *
 * `node --conditions=support-etl-source bench/http.ts [--seconds 10] [--connections 50]` asks for one kept answer again and again:
 * answers in a second, and how long each takes. `--mix` asks for everything that callers ask for, with several keys: every route of
 * every system, filters, CSV, tags that are known, answers that must be made anew, customers that are not there, requests and keys
 * that are wrong, the pages and their data. `--database ADDRESS` has the interactions in a Postgres server instead of the embedded
 * one. Both print the server's memory over time, and fail where an answer has another status than expected, or where memory keeps
 * growing: where the last quarter of the time has more than 1.05 times the resident memory of the second one.
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
    mix: { type: 'boolean', default: false },
    database: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const connections = Number(values.connections)
/** Until compiled code, pools and kept answers are there. */
const WARM = Math.min(60, Math.max(2, seconds / 10))
/** Seconds between two looks at the memory. */
const STEP = Math.max(1, seconds / 40)
/** How much the last quarter may be above the second one. */
const GROWTH = 1.05
/** Callers, each with a key of its own. */
const KEYS = 5

const root = join(import.meta.dirname, '..')
const program = ['--conditions=support-etl-source', join(root, 'src', 'cli', 'main.ts')]
const cwd = mkdtempSync(join(tmpdir(), 'support-etl-http-'))
const run = (...args: string[]): string =>
  execFileSync(process.execPath, [...program, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

run('run', '--data', join(root, 'examples', 'data', 'support'))
const databaseArgs = values.database === undefined ? [] : ['--database', values.database]
if (values.mix) {
  run('calls', 'generate', '--calls', '2_000')
  run('calls', 'clean')
  run('transcripts', 'generate', '--num-calls', '100', '--out', 'talks')
  run('transcripts', 'run', '--data', 'talks')
  run('interactions', 'generate', '--interactions', '2_000', '--out', 'files')
  run('interactions', 'import', '--data', 'files', ...databaseArgs)
}
const keys = Array.from({ length: KEYS }, (_, place) => {
  const { key } = JSON.parse(run('keys', 'create', `bench-${place}`, '--json')) as { key: string }
  return `Bearer ${key}`
})

const server = spawn(
  process.execPath,
  [...program, 'serve', '--port', '0', '--json', '--log-level', 'warn', ...databaseArgs],
  {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
const [told] = (await once(server.stdout, 'data')) as [Buffer]
const { address } = JSON.parse(String(told)) as { address: string }
const { hostname, port } = new URL(address)
const [authorization = ''] = keys

/** MiB of the server by its own figures. */
interface Memory {
  readonly second: number
  readonly resident: number
  readonly heap: number
  /** Bytes outside V8's heap that its values hold, such as buffers. */
  readonly external: number
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
    external: figure('nodejs_external_memory_bytes'),
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

/** Every route of every system, with filters; each is kept after its first answer. */
const ROUTES = [
  ...['report/support', 'report/support?month=2025-02&month=2025-03', 'calls/summary', 'calls/summary?period=28d'],
  ...['transcripts/agents', 'transcripts/teams', 'transcripts/days', 'interactions', 'interactions?per_page=200'],
  ...['interactions?channel=Email', 'interactions?group_by=month,channel', 'interactions?group_by=type,product,topic'],
  ...['interactions?group_by=customer,channel,product&per_page=200', 'interactions/products', 'interactions/1'],
  ...['stats/customers', 'stats/interactions', 'stats/products', 'anomalies', 'anomalies?start_date=2024-01-01'],
].map((path) => `/api/v1/${path}`)
/** What the pages read, and watch every few seconds. */
const PAGES = ['interactions.json', 'interactions-commit.json', 'support.json', 'calls-glance.json', 'places.json'].map(
  (name) => `/data/${name}`,
)
/** Those that also answer as rows for a spreadsheet. */
const CSV = [
  '/api/v1/report/support',
  '/api/v1/interactions?per_page=200',
  '/api/v1/interactions?group_by=month,channel',
]

/** What a caller asks for, one after the other; of twenty requests one is new to the server, so that it makes an answer. */
async function mixedRequests(): Promise<(turn: number, authorization: string) => Asked> {
  const tagOf = async (path: string): Promise<string> => {
    const reply = await fetch(address + path, { headers: { authorization } })
    await reply.arrayBuffer()
    if (reply.status !== 200) throw new Error(`${path} answers ${reply.status}; the mix expects 200`)
    return String(reply.headers.get('etag'))
  }
  const tags = new Map<string, string>()
  for (const path of [...ROUTES, ...PAGES]) tags.set(path, await tagOf(path))
  const othersOf = (key: string): readonly Asked[] => {
    const authorized = { authorization: key }
    return [
      ...[...ROUTES, ...PAGES].map((path) => asked(path, 200, authorized)),
      ...CSV.map((path) => asked(path, 200, { ...authorized, accept: 'text/csv' })),
      ...Array.from(tags, ([path, tag]) => asked(path, 304, { ...authorized, 'if-none-match': tag })),
      ...['interactions/2147483647', 'nothing'].map((path) => asked(`/api/v1/${path}`, 404, authorized)),
      ...['channel=Fax', 'page=0', 'start_date=2020-9-30'].map((query) =>
        asked(`/api/v1/interactions?${query}`, 400, authorized),
      ),
      asked('/api/v1/interactions', 401, { authorization: `${key}x` }),
      ...['/api/v1/interactions', '/data/interactions.json'].map((path) => asked(path, 401, {})),
      asked('/openapi.json', 200, authorized),
      ...['/healthz', '/readyz', '/openapi.json', '/docs'].map((path) => asked(path, 200, {})),
    ]
  }
  const others = new Map(keys.map((key) => [key, othersOf(key)]))
  let made = 0
  /** An address of its own: more of them than the kept answers have room for. */
  const another = (): string => {
    const at = made++
    const day = new Date(Date.UTC(1000 + (at % 8000), 0, 1 + (at % 365))).toISOString().slice(-24, -14)
    const forms = [
      `interactions?per_page=200&page=${1 + (at % 10)}&start_date=${day}`,
      `interactions/${1 + (at % 150)}?start_date=${day}`,
      `interactions?group_by=month,channel&start_date=${day}`,
      `interactions/products?start_date=${day}`,
      `anomalies?start_date=${day}`,
    ]
    return `/api/v1/${forms[at % forms.length]}`
  }
  return (turn, key) => {
    if (turn % 20 === 0) return asked(another(), 200, { authorization: key })
    const all = others.get(key) ?? []
    return all[turn % all.length] as Asked
  }
}

const times = createHistogram()
const unexpected = new Map<string, number>()
let answers = 0

/** The request of a turn, with the key of a caller. */
type Next = (turn: number, authorization: string) => Asked

/** Connections that the server closed between two requests, because the client was silent for too long; others took their place. */
let renewed = 0

/** Sends one request after the other over a connection until the time is over. Returns the turn that is next. */
async function connection(until: number, first: number, own: string, next: Next): Promise<number> {
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  await once(socket, 'connect')
  let turn = first
  let waiting = ''
  let sent = 0
  let request: Asked
  await new Promise<void>((resolve, reject) => {
    let isOver = false
    const send = (): void => {
      if (performance.now() >= until) {
        isOver = true
        socket.destroy()
        resolve()
        return
      }
      request = next(turn, own)
      sent = performance.now()
      socket.write(request.text)
    }
    const ended = (error: Error): void => {
      if (isOver) return
      isOver = true
      // before the first byte of an answer, a connection that was used before may be closed; then the request is sent again
      if (waiting !== '' || turn === first) {
        reject(error)
        return
      }
      renewed++
      resolve()
    }
    socket.on('error', ended)
    socket.on('close', () => ended(new Error('the server closed a connection')))
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
      turn++
      answers++
      times.record(Math.max(1, Math.round((performance.now() - sent) * 1000)))
      send()
    })
    send()
  })
  return turn
}

/** Asks until the time is over. */
async function client(until: number, first: number, next: Next): Promise<void> {
  const own = keys[first % keys.length] as string
  let turn = first
  while (performance.now() < until) turn = await connection(until, turn, own, next)
}

const load = (time: number, next: Next): Promise<unknown> => {
  const until = performance.now() + time * 1000
  return Promise.all(Array.from({ length: connections }, (_, place) => client(until, place, next)))
}

/** The longest time in which kept answers are filled, in seconds. */
const FILL = 150

/** Asks for new answers until the server keeps no more: while they fill, memory grows as it may. */
async function fillKept(): Promise<void> {
  let made = 0
  const another: Next = (_, key) => {
    const day = new Date(Date.UTC(1000 + (made++ % 8000), 6, 1 + (made % 28))).toISOString().slice(-24, -14)
    return asked(`/api/v1/interactions?per_page=200&start_date=${day}`, 200, { authorization: key })
  }
  const began = performance.now()
  let before = -1
  let now = (await memoryAt(0)).kept
  while (now > before && performance.now() - began < FILL * 1000) {
    before = now
    await load(5, another)
    now = (await memoryAt(0)).kept
  }
  process.stdout.write(`${now.toFixed(1)} MiB of kept answers when the time begins\n`)
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

/** The median of each figure in a quarter of the time: garbage that waits makes single figures jump. */
function quarterOf(memory: readonly Memory[], at: number): Memory {
  const part = memory.slice(Math.floor((at * memory.length) / 4), Math.floor(((at + 1) * memory.length) / 4))
  const of = (name: keyof Memory): number => median(part.map((one) => one[name]))
  return { second: at, resident: of('resident'), heap: of('heap'), external: of('external'), kept: of('kept') }
}

try {
  const next = values.mix ? await mixedRequests() : () => kept
  if (values.mix) await fillKept()
  await load(WARM, next)
  times.reset()
  unexpected.clear()
  answers = 0
  renewed = 0
  const began = performance.now()
  const used = process.cpuUsage()
  const [, memory] = await Promise.all([load(seconds, next), watchMemory(seconds)])
  const took = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(used)
  const errors = unexpected.values().reduce((sum, count) => sum + count, 0)
  const at = (percent: number): string => (times.percentile(percent) / 1000).toFixed(1)
  const isLong = memory.length >= 12
  const quarters = [0, 1, 2, 3].map((at) => quarterOf(memory, at))
  const [early, late] = [quarters[1]?.resident ?? 0, quarters[3]?.resident ?? 0]
  const isFlat = !isLong || late <= early * GROWTH
  const mib = (figure: number): string => figure.toFixed(0).padStart(8)
  const line = (name: string, { resident, heap, external, kept: answered }: Memory): string =>
    [name.padEnd(16), ...[resident, heap, external, answered].map(mib)].join('')
  process.stdout.write(
    [
      'MiB             resident    heap  buffers  kept',
      ...memory.map((one) => line(`second ${one.second}`, one)),
      ...(isLong ? quarters.map((one, at) => line(`quarter ${at + 1}`, one)) : []),
      `${(answers / took).toFixed(0)} requests/s, ${errors} errors, ${connections} connections, ${took.toFixed(0)} s`,
      ...(renewed === 0 ? [] : [`  ${renewed} connections were renewed after the client was silent`]),
      ...Array.from(unexpected, ([what, count]) => `  ${count} × ${what}`),
      `p50 ${at(50)} ms, p99 ${at(99)} ms, longest ${(times.max / 1000).toFixed(1)} ms`,
      isLong
        ? `resident memory: ${early.toFixed(0)} MiB in the second quarter, ${late.toFixed(0)} MiB in the last, ${(late / early).toFixed(2)} times as much: ${isFlat ? 'flat' : 'IT GROWS'}`
        : 'too short to say whether memory stays flat',
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
