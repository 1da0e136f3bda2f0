/**
 * Figures of a server for Prometheus: requests, times, the data that is served, and the process.
 * @module
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { HandledRequest } from './request-log.ts'

/** What the server is asked when its figures are. */
export interface MetricSources {
  /** Requests that are being answered. */
  readonly inFlight: () => number
  /** Memory of answers that are kept, in bytes. */
  readonly keptBytes: () => number
  /** Whether each database answers, by system. */
  readonly databases: () => ReadonlyMap<string, boolean>
}

/** The figures of a server. */
export interface Metrics {
  handled(request: HandledRequest): void
  /** The figures as text. */
  text(): Promise<string>
  readonly type: string
}

/** Seconds; a kept answer takes less than one thousandth. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Returns the figures of a server; each server has its own. */
export function serverMetrics({ inFlight, keptBytes, databases }: MetricSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
  const labelNames = ['method', 'route', 'status'] as const
  const requests = new Counter({
    ...{ name: 'support_etl_http_requests_total', help: 'Requests that were answered.', labelNames, registers },
  })
  const seconds = new Histogram({
    ...{ name: 'support_etl_http_request_seconds', help: 'Seconds until a request was answered.', registers },
    ...{ labelNames: ['route'] as const, buckets: BUCKETS },
  })
  const kept = new Counter({
    ...{ name: 'support_etl_http_kept_answers_total', help: 'Requests answered from what was kept.', registers },
  })
  new Gauge({
    ...{ name: 'support_etl_http_requests_in_flight', help: 'Requests that are being answered.', registers },
    collect() {
      this.set(inFlight())
    },
  })
  new Gauge({
    ...{ name: 'support_etl_http_kept_bytes', help: 'Memory of answers that are kept, in bytes.', registers },
    collect() {
      this.set(keptBytes())
    },
  })
  new Gauge({
    ...{ name: 'support_etl_database_up', help: 'Whether the database of a system answers.', registers },
    labelNames: ['system'] as const,
    collect() {
      for (const [system, isUp] of databases()) this.set({ system }, isUp ? 1 : 0)
    },
  })
  return {
    handled({ method, route, status, milliseconds, isKept }) {
      // what a client makes up is no label: every other value would be a series of its own
      const known = route ?? 'unknown'
      requests.inc({ method: METHODS.has(method) ? method : 'other', route: known, status })
      seconds.observe({ route: known }, milliseconds / 1000)
      if (isKept) kept.inc()
    },
    text: () => registry.metrics(),
    type: registry.contentType,
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
