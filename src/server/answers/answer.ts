/**
 * Answers as bytes: the media type that a client accepts, the body, its tag, and the headers.
 * @module
 */
import { createHash } from 'node:crypto'
import { parseAccept } from 'hono/utils/accept'
import { isRecord } from '../../arguments.ts'
import { ServerError } from '../../errors.ts'
import { csvChunks } from '../../format/csv/write/write.ts'
import { frameOf } from '../../table/frame.ts'
import { inferColumn } from '../../table/infer.ts'
import type { Route, RouteCsv } from '../route.ts'
import type { Answer, AnswerKind } from './exchange.ts'

const TYPES: Readonly<Record<AnswerKind, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
}
const MEDIA: Readonly<Record<AnswerKind, string>> = { json: 'application/json', csv: 'text/csv' }

/** The kinds in which a route answers, the usual one first. */
export function kindsOf(route: Route): readonly AnswerKind[] {
  return route.csv === undefined ? ['json'] : ['json', 'csv']
}

/** How much a client wants a media type: the most specific range counts. */
function qualityOf(media: string, accepted: ReturnType<typeof parseAccept>): number {
  const [group] = media.split('/')
  for (const range of [media, `${group}/*`, '*/*']) {
    const found = accepted.find(({ type }) => type.toLowerCase() === range)
    if (found !== undefined) return found.q
  }
  return 0
}

/**
 * Returns the kind of answer that a client wants most of those that a route has.
 * @throws ServerError not_acceptable - it accepts none of them
 */
export function acceptedKind(route: Route, accept: string | undefined): AnswerKind {
  const kinds = kindsOf(route)
  if (accept === undefined || accept.trim() === '') return 'json'
  const accepted = parseAccept(accept)
  const wanted = kinds
    .map((kind) => ({ kind, quality: qualityOf(MEDIA[kind], accepted) }))
    .toSorted((a, b) => b.quality - a.quality)[0]
  if (wanted !== undefined && wanted.quality > 0) return wanted.kind
  const offered = kinds.map((kind) => MEDIA[kind]).join(' and ')
  throw new ServerError('not_acceptable', `the answer comes as ${offered}, and the Accept header allows neither`)
}

/** Returns the tag of a body: the same bytes have the same tag, whichever commit they come from. */
export function tagOf(body: Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

function csvBytes({ columns, rows }: RouteCsv<unknown>, value: unknown): Buffer {
  const listed = rows(value)
  const names = typeof columns === 'function' ? columns(value) : columns
  const cells = names.map(
    (name) =>
      [
        name,
        inferColumn(
          listed.map((row) => row[name] ?? null),
          name,
        ),
      ] as const,
  )
  return Buffer.concat([...csvChunks(frameOf(cells, listed.length))])
}

/** The pages that an answer leads to, as the header Link has them. */
function linkHeader(value: unknown): string | null {
  if (!isRecord(value) || !isRecord(value.links)) return null
  const links = Object.entries(value.links).flatMap(([name, address]) =>
    typeof address === 'string' && name !== 'self' ? [`<${address}>; rel="${name}"`] : [],
  )
  return links.length === 0 ? null : links.join(', ')
}

/** Returns what a route's handler made as the bytes that a client gets. */
export function answerOf(route: Route, value: unknown, kind: AnswerKind): Answer {
  const body =
    kind === 'csv' && route.csv !== undefined ? csvBytes(route.csv, value) : Buffer.from(`${JSON.stringify(value)}\n`)
  return { body, type: TYPES[kind], etag: tagOf(body), varies: kindsOf(route).length > 1, link: linkHeader(value) }
}

/** Whether a client that sent `If-None-Match` has the answer already. Weak tags of proxies count. */
export function isKnown(answer: Pick<Answer, 'etag'>, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === answer.etag)
}

/** The headers of an answer. A client asks again each time, and gets no bytes where nothing changed. */
export function answerHeaders(answer: Answer): Record<string, string> {
  return {
    etag: answer.etag,
    'cache-control': 'private, no-cache',
    ...(answer.varies && { vary: 'accept' }),
    ...(answer.link !== null && { link: answer.link }),
  }
}
