/**
 * The dashboard over HTTP, for this machine only: the pages without any route of a system.
 * @module
 */
import { type Effects, nodeEffects } from '../pipeline/effects.ts'
import { LIMITS } from '../server/http-server.ts'
import type { RequestLog } from '../server/request-log.ts'
import { startServer } from '../server/start-server.ts'
import type { DashboardData } from './data.ts'
import type { PageFile } from './page-files.ts'
import { servedSite } from './served-site.ts'

export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly page: readonly PageFile[]
  readonly data: DashboardData
  /** Called with an error that occurred while a request was answered. */
  readonly onError: (error: unknown) => void
}

export interface Serving {
  /** `http://127.0.0.1:8787/` */
  readonly address: string
  close(): Promise<void>
}

/** The one reader sits at this machine and may wait for a large table; nobody is kept waiting when the server ends. */
const READER = { answerTimeout: 600_000, idleTimeout: 600_000, closeTimeout: 0 }

/** Tells the reader what the server could not do, and nothing else. */
function logOf(onError: ServeOptions['onError']): RequestLog {
  return {
    ...{ debug() {}, info() {}, flush() {} },
    warn: (message) => onError(new Error(message)),
    handled({ status, fault }) {
      if (status >= 500) onError(fault)
    },
  }
}

/**
 * Serves the pages and their data on the loopback address, only to requests that use this
 * machine's own names. Nobody needs a key.
 * @throws ConnectError io_failed - the port is taken
 */
export async function serveDashboard(
  { port, page, data, onError }: ServeOptions,
  effects: Effects = nodeEffects(),
): Promise<Serving> {
  const log = logOf(onError)
  const server = await startServer({
    api: { title: 'dashboard', version: '' },
    systems: [],
    pages: servedSite(() => page, data),
    places: async () => [],
    newPlace: () => {
      throw new Error('the dashboard only reads')
    },
    ...{ host: '127.0.0.1', port, names: [], keys: null, token: null, rateLimit: null, log },
    limits: { ...LIMITS, ...READER },
    interval: 2 ** 31 - 1,
    effects: { ...effects, logger: log },
  })
  return { address: `${server.address}/`, close: () => server.close() }
}
