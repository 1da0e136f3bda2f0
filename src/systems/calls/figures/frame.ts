/**
 * Turns calls of a set back into a table.
 * @module
 */
import { DateColumn, DictionaryColumn, NumberColumn, TimestampColumn, Utf8Column } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { takeColumn } from '../../../table/take.ts'
import type { CallSet, MemberCodes, TextBytes } from './call-set.ts'

function members(
  { codes, members: labels }: MemberCodes,
  texts: readonly (string | null)[] = labels,
): DictionaryColumn {
  const none = texts.indexOf(null)
  if (none < 0) return new DictionaryColumn(codes, texts as readonly string[])
  const isNull = Uint8Array.from(texts, (text) => (text === null ? 1 : 0))
  return new DictionaryColumn(
    codes.map((code) => (isNull[code] === 1 ? -1 : code)),
    texts.map((text) => text ?? ''),
  )
}

const texts = ({ bytes, offsets, valid }: TextBytes) => new Utf8Column(bytes, offsets, valid)

/** Epoch microseconds, the unit of the curated table. */
const moments = (milliseconds: Float64Array) =>
  new TimestampColumn(
    milliseconds.map((value) => Math.round(value * 1000)),
    { unit: 'us' },
  )

/** Returns the given rows of a set as the curated table of calls, in that order. */
export function callFrame(set: CallSet, rows: Int32Array): Frame {
  const { region, issue, agent, resolution, hour } = set.dimensions
  const rated = Uint8Array.from(set.rating, (rating) => (Number.isNaN(rating) ? 0 : 1))
  const columns = [
    ['call_id', texts(set.callId)],
    ['agent_id', members(agent)],
    ['agent_name', new DictionaryColumn(agent.codes, set.agentNames)],
    ['region', members(region)],
    ['customer_id', texts(set.customerId)],
    ['start_time', moments(set.start)],
    ['end_time', moments(set.end)],
    ['call_duration_minutes', new NumberColumn('float64', set.minutes)],
    ['issue_type', members(issue)],
    ['resolution', members(resolution)],
    ['rating', new NumberColumn('float64', set.rating, rated)],
    ['call_date', new DateColumn(set.day)],
    ['hour_of_day', new NumberColumn('int32', hour.codes)],
  ] as const
  return frameOf(
    columns.map(([name, column]) => [name, takeColumn(column, rows)] as const),
    rows.length,
  )
}
