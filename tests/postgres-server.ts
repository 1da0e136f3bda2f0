/**
 * A Postgres server of a test's own, on a free port, its files in a temporary folder. Only an `X.platform.test.ts` may need it.
 * @module
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Database } from '../src/connect/postgres/database.ts'
import { connectServer } from '../src/connect/postgres/server.ts'

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The folder of the server's programs; null where there is none. `SUPPORT_ETL_POSTGRES` names another one. */
export function findPrograms(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = isProgram(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []
  const { SUPPORT_ETL_POSTGRES, PATH = '' } = process.env
  const folders = [...(SUPPORT_ETL_POSTGRES ? [SUPPORT_ETL_POSTGRES] : []), ...PATH.split(delimiter), ...versions]
  const found = folders.find((folder) => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'postgres')))
  return found === undefined ? null : dirname(realpathSync(join(found, 'initdb')))
}

/** The server refuses to run as root: then it runs as the user `postgres`. */
function owner(): { readonly uid: number; readonly gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

export interface Server {
  /** The address of its database `postgres`, as its superuser. */
  readonly url: string
  readonly port: number
  /** The folder of its socket, which every user of this machine may enter. */
  readonly sockets: string
  /** Kills it as a crash does; its files stay. */
  kill(): Promise<void>
  /** Starts it again after {@link Server.kill}. */
  restart(): Promise<void>
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/**
 * Starts a server, and resolves when it accepts connections. With `password` it takes users other than its superuser only with
 * their passwords.
 */
export async function startServer(programs: string, login: 'trust' | 'password' = 'trust'): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-postgres-'))
  const as = owner()
  chmodSync(folder, 0o755)
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid)
  const files = join(folder, 'files')
  const initialize = ['-D', files, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C']
  execFileSync(join(programs, 'initdb'), initialize, { ...as, cwd: folder, stdio: 'ignore' })
  if (login === 'password')
    writeFileSync(
      join(files, 'pg_hba.conf'),
      'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
    )
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off']
  const start = async () => {
    const server = spawn(join(programs, 'postgres'), ['-D', files, '-p', String(port), ...settings], {
      ...as,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    await new Promise<void>((resolve, reject) => {
      let said = ''
      server.stderr.on('data', (text) => {
        said += String(text)
        if (said.includes('ready to accept connections')) resolve()
      })
      server.once('exit', () => reject(new Error(`the server ended: ${said}`)))
    })
    return server
  }
  let server = await start()
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    sockets: folder,
    // SIGQUIT: an immediate shutdown, after which it recovers from its log
    kill: () => end('SIGQUIT'),
    async restart() {
      server = await start()
    },
    async stop() {
      // SIGINT: a fast shutdown
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A way to a server that breaks when it is told to. */
export interface ServerProxy {
  readonly port: number
  /** Breaks every connection that there is. */
  cut(): void
  /** Breaks the next connection that sends a COMMIT: when the commit was sent (`sent`), or when its answer came (`answered`). */
  cutAtCommit(when: 'sent' | 'answered'): void
  /** How many connections were broken at a commit. */
  readonly cuts: () => number
  stop(): void
}

export async function startProxy(to: number): Promise<ServerProxy> {
  const open = new Set<Socket>()
  let armed: 'sent' | 'answered' | null = null
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1')
    let isCommitSent = false
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        // what was written still reaches the server
        upstream.end()
      })
    }
    const breakNow = () => {
      armed = null
      cuts++
      client.destroy()
    }
    client.on('data', (bytes) => {
      const isCommit = armed !== null && bytes.includes('COMMIT\0')
      upstream.write(bytes, () => {
        if (isCommit && armed === 'sent') breakNow()
      })
      if (isCommit) isCommitSent = true
    })
    upstream.on('data', (bytes) => {
      if (isCommitSent && armed === 'answered') breakNow()
      else client.write(bytes)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      for (const socket of open) socket.destroy()
    },
    cutAtCommit(when) {
      armed = when
    },
    cuts: () => cuts,
    stop() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}

/** What the tests of a suite share. */
export interface SuiteServer {
  readonly server: Server
  /** A connection of its superuser. */
  readonly database: Database
  readonly proxy: ServerProxy
  /** The address of the server through the proxy. */
  readonly proxiedUrl: string
}

/** Returns a server, with a connection and a proxy, that starts and ends with a suite; call it in the suite. */
export function suiteServer(programs: string | null): SuiteServer {
  let server: Server
  let proxy: ServerProxy
  let database: Database
  beforeAll(async () => {
    server = await startServer(programs ?? '')
    proxy = await startProxy(server.port)
    database = await connectServer(server.url)
  }, 60_000)
  afterAll(async () => {
    await database?.close()
    proxy?.stop()
    await server?.stop()
  }, 60_000)
  return {
    get server() {
      return server
    },
    get database() {
      return database
    },
    get proxy() {
      return proxy
    },
    get proxiedUrl() {
      return server.url.replace(`:${server.port}/`, `:${proxy.port}/`)
    },
  }
}
