/**
 * Deliveries of an adversarial world that come later, and those that no run may apply.
 * @module
 */
import type { ErrorCode } from '../../../errors.ts'
import { formatDay, parseDay } from '../../../time/instant.ts'
import { dayTruth, type FileFacts } from './ground-truth.ts'
import type { ComplaintPlan, Edition } from './made-complaints.ts'
import type { ComplaintTable, WorldFile } from './shapes.ts'
import { deliveryName, encoded } from './source-files.ts'

/** Files that come after the first run, and what becomes of them. */
export interface LaterDelivery extends FileFacts {
  /** The folder whose files are laid over the world. */
  readonly folder: string
  /** Why it comes: `corrected`, the day was there with other content; `late`, the day was missing. */
  readonly kind: 'corrected' | 'late'
}

/** Files that a run refuses. */
export interface RefusedDelivery {
  readonly folder: string
  readonly code: ErrorCode
}

/** Makes the file of a day. */
type DayFile = (table: ComplaintTable, day: number, edition?: Edition) => WorldFile

const below = (folder: string, { name, chunks }: WorldFile): WorldFile => ({ name: `${folder}/${name}`, chunks })

/** The files of later deliveries. */
export function laterFiles(plan: ComplaintPlan, dayFile: DayFile) {
  const corrected: Edition = { changedEach: 50, more: 3 }
  return [
    {
      files: [below('later/corrected', dayFile('raw_call_logs', 1, corrected))],
      delivery: (): LaterDelivery => {
        return { folder: 'later/corrected', kind: 'corrected', ...dayTruth(plan, 'raw_call_logs', 1, corrected) }
      },
    },
    {
      files: [below('later/late', dayFile('raw_social_media', 1))],
      delivery: (): LaterDelivery => ({ folder: 'later/late', kind: 'late', ...dayTruth(plan, 'raw_social_media', 1) }),
    },
  ]
}

function bytesOf({ chunks }: WorldFile): Uint8Array {
  const all = [...chunks()]
  const bytes = new Uint8Array(all.reduce((size, { length }) => size + length, 0))
  let at = 0
  for (const chunk of all) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

const textOf = (file: WorldFile): string => new TextDecoder().decode(bytesOf(file))

/** A file with other text. */
const withText = ({ name, chunks }: WorldFile, change: (text: string) => string): WorldFile => ({
  name,
  chunks: () => encoded([change(textOf({ name, chunks }))]),
})

/** The file without its last bytes: the end of a record is missing. */
function cut(file: WorldFile): WorldFile {
  return {
    name: file.name,
    *chunks() {
      const bytes = bytesOf(file)
      const line = bytes.lastIndexOf(10, Math.floor(bytes.length * 0.98))
      yield bytes.subarray(0, line + 40)
    },
  }
}

/** The file with a byte that UTF-8 does not have, in a cell of its middle. */
function damaged(file: WorldFile): WorldFile {
  return {
    name: file.name,
    *chunks() {
      const bytes = bytesOf(file)
      bytes[bytes.indexOf(44, Math.floor(bytes.length / 2)) + 3] = 0xff
      yield bytes
    },
  }
}

/** Leaves every tenth cell of a column out. */
function withGaps(text: string): string {
  const columns = JSON.parse(text) as Record<string, Record<string, unknown>>
  const cells = Object.entries(columns.media_channel ?? {}).filter((_, at) => at % 10 !== 0)
  return JSON.stringify({ ...columns, media_channel: Object.fromEntries(cells) })
}

const withoutHalf = (text: string): string => {
  const lines = text.split('\n')
  return `${lines.slice(0, lines.length >> 1).join('\n')}\n`
}

/** The files of deliveries that are refused, each kind alone in its folder. */
export function refusedFiles({ days }: ComplaintPlan, dayFile: DayFile) {
  const last = days.at(-1) ?? ''
  const next = formatDay(parseDay(last) + 1)
  const [calls, social, forms] = (['raw_call_logs', 'raw_social_media', 'raw_web_forms'] as const).map((table) =>
    dayFile(table, 2),
  )
  if (calls === undefined || social === undefined || forms === undefined) throw new Error('a world has three tables')
  const cases: readonly (readonly [kind: string, code: ErrorCode, file: WorldFile])[] = [
    ['cut', 'record_truncated', cut(calls)],
    ['encoding', 'encoding_invalid', damaged(calls)],
    ['smaller', 'input_shrunk', withText(forms, withoutHalf)],
    [
      'renamed',
      'day_mismatch',
      { ...dayFile('raw_call_logs', 0, { more: 1 }), name: deliveryName('raw_call_logs', next) },
    ],
    [
      'drift_new',
      'column_extra',
      withText(forms, (text) => text.replace('Column1,', 'Column1,Priority,').replaceAll(/\n(\d)/g, '\n2,$1')),
    ],
    ['drift_gone', 'column_missing', withText(calls, (text) => text.replace('resolutionstatus', 'outcome'))],
    ['gaps', 'json_invalid', withText(social, withGaps)],
  ]
  return cases.map(([kind, code, file]) => {
    const folder = `refused/${kind}`
    return { files: [below(folder, file)], delivery: { folder, code } satisfies RefusedDelivery }
  })
}
