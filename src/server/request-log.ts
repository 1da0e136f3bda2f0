/**
 * The log of a server: one JSON line a request and a warning, with ids and without secrets. Queries, bodies and keys are not in it.
 * @module
 */
import { type DestinationStream, destination, type Level, type LevelWithSilent, pino } from 'pino'
import type { Logger } from '../pipeline/effects.ts'

/** A request that was answered, or whose client went away. */
export interface HandledRequest {
  readonly id: string
  readonly method: string
  /** The path as it is declared, such as `/api/v1/rooms/{room_id}`; null for an unknown address. */
  readonly route: string | null
  readonly status: number
  readonly milliseconds: number
  /** The id of the key or token. */
  readonly caller: string | null
  /** Whether the answer was kept from an earlier request. */
  readonly isKept: boolean
  /** Whether the client went away before it had the answer. */
  readonly isAborted: boolean
  /** What went wrong; null for an answer. */
  readonly fault: unknown
}

/** The log of a server. */
export interface RequestLog extends Logger {
  handled(request: HandledRequest): void
  /** Writes what is left. */
  flush(): void
}

function faultOf(fault: unknown): Record<string, unknown> {
  if (!(fault instanceof Error)) return { error: String(fault) }
  const { cause } = fault
  return {
    ...('code' in fault && { code: fault.code }),
    error: fault.message,
    ...(cause instanceof Error && { cause: cause.message }),
  }
}

/** The level of a request's line: what only the server can mend is an error. */
function levelOf({ status }: HandledRequest): Level {
  return status === 500 ? 'error' : status > 500 ? 'warn' : 'info'
}

/** Lines are written when so many bytes wait, or when a second is over. */
const BUFFER = 4096
const FLUSH = 1000

/** Returns a log of a level that writes to a stream, by default to stderr. */
export function requestLog(level: LevelWithSilent, stream: DestinationStream | null = null): RequestLog {
  const own = stream === null ? destination({ dest: 2, sync: false, minLength: BUFFER }) : null
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream ?? (own as DestinationStream),
  )
  const timer = own === null ? null : setInterval(() => own.flush(), FLUSH).unref()
  return {
    debug: (message, details) => logger.debug(details ?? {}, message),
    info: (message, details) => logger.info(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    handled(request) {
      const at = levelOf(request)
      if (!logger.isLevelEnabled(at)) return
      const { id, method, route, status, milliseconds, caller, isKept, isAborted, fault } = request
      logger[at](
        {
          ...{ id, method, route, status, ms: Math.round(milliseconds * 100) / 100 },
          ...(caller !== null && { caller }),
          ...(isKept && { kept: true }),
          ...(isAborted && { aborted: true }),
          ...(fault !== null && status >= 500 ? faultOf(fault) : {}),
          ...(status === 500 && fault instanceof Error && { stack: fault.stack }),
        },
        'request',
      )
    },
    flush() {
      if (timer !== null) clearInterval(timer)
      own?.flushSync()
    },
  }
}
