/**
 * Pages of the ledger: the inputs of a commit that are too many for its record, in files that are named by their content.
 * @module
 */
import { compareNames } from '../../connect/file-name.ts'
import type { FileStore } from '../../connect/file-store.ts'
import type { Effects } from '../effects.ts'
import { compareMonths } from '../job/month.ts'
import { dataDamaged, readStored } from '../state/data-files.ts'
import { bigintAsText, type Commit, type CommitRecord, type InputRecord, type StoredFile } from './commit-record.ts'

/** Up to so many inputs are in the record itself. */
const INLINE = 200
/** A page ends where these bits of an input's hash are 0, about every 512 inputs: a change in one page does not move others. */
const BOUNDARY = 511
/** No page is longer than this. */
const LONGEST = 4096

/** Returns inputs in the order of the ledger: month, the job's tables, unit. */
export function orderInputs(inputs: readonly InputRecord[], tables: readonly string[]): InputRecord[] {
  const place = new Map(tables.map((name, at) => [name, at]))
  return [...inputs].sort(
    (a, b) =>
      compareMonths(a.month, b.month) ||
      (place.get(a.table) ?? 0) - (place.get(b.table) ?? 0) ||
      (a.position ?? 0) - (b.position ?? 0) ||
      compareNames(a.unit, b.unit),
  )
}

/** A hash of a text that is the same everywhere (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  // its low bits depend on the last characters alone
  return (hash ^ (hash >>> 15)) >>> 0
}

/**
 * Returns the inputs that go into pages; those after them, 200 at most, stay in the record. Where a page ends depends on its
 * last input, so that a page stays the same file while inputs elsewhere come, change or go.
 */
export function paged(inputs: readonly InputRecord[]): readonly (readonly InputRecord[])[] {
  if (inputs.length <= INLINE) return []
  const pages: InputRecord[][] = []
  let page: InputRecord[] = []
  for (const input of inputs) {
    page.push(input)
    const isBoundary = (hashOf(`${input.table} ${input.unit}`) & BOUNDARY) === 0
    if (!isBoundary && page.length < LONGEST) continue
    pages.push(page)
    page = []
  }
  if (page.length > INLINE) pages.push(page)
  return pages
}

/**
 * Returns the pages of the last commit that hold the very same inputs, by their first one: they need not be written again.
 * Inputs that a run leaves alone are the same objects as those it read.
 */
export function pagesOf({ pages, inputs }: Pick<CommitRecord, 'pages' | 'inputs'>) {
  const known = new Map<InputRecord, { readonly file: StoredFile; readonly inputs: readonly InputRecord[] }>()
  let start = 0
  for (const file of pages) {
    const of = inputs.slice(start, start + file.rows)
    start += file.rows
    const [first] = of
    if (first !== undefined) known.set(first, { file, inputs: of })
  }
  return (page: readonly InputRecord[]): StoredFile | null => {
    const [first] = page
    const found = first === undefined ? undefined : known.get(first)
    if (found === undefined || found.inputs.length !== page.length) return null
    return found.inputs.every((input, at) => input === page[at]) ? found.file : null
  }
}

/** Returns a page as lines of JSON. */
export function encodePage(inputs: readonly InputRecord[]): Uint8Array {
  // only samples of a summary can hold such an integer, and it takes twice as long to look for one
  const lines = inputs.map((input) => `${JSON.stringify(input, input.summary === null ? undefined : bigintAsText)}\n`)
  return new TextEncoder().encode(lines.join(''))
}

async function readPage(
  out: FileStore,
  page: StoredFile,
  { newHash }: Pick<Effects, 'newHash'>,
): Promise<InputRecord[]> {
  const bytes = await readStored(out, page)
  const hash = newHash()
  hash.update(bytes)
  if (hash.digest() !== page.sha256)
    throw dataDamaged(out, page.name, 'does not have the content that its hash promises')
  const lines = new TextDecoder().decode(bytes).trimEnd()
  // its hash says that encodePage wrote it; one array is parsed in half the time of its lines
  return JSON.parse(`[${lines.replaceAll('\n', ',')}]`) as InputRecord[]
}

/** Returns a commit with all of its inputs. @throws PipelineError data_damaged - a page is gone, or a byte of it differs */
export async function withPages(
  out: FileStore,
  { record, sha256 }: Commit,
  effects: Pick<Effects, 'newHash'>,
): Promise<Commit> {
  if (record.pages.length === 0) return { record, sha256 }
  const inputs: InputRecord[] = []
  for (const page of record.pages) inputs.push(...(await readPage(out, page, effects)))
  return { record: { ...record, inputs: [...inputs, ...record.inputs] }, sha256 }
}
