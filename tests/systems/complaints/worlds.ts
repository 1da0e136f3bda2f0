/** Made-up worlds in memory, what came of a run over them, and the state of a lake as text. */
import { memoryStore } from '../../../src/connect/index.ts'
import { type RunOptions, readQuarantine, readState, runPipeline } from '../../../src/pipeline/index.ts'
import { complaintsJob } from '../../../src/systems/complaints/job/complaints-job.ts'
import { complaintsWorld, type WorldOptions, type WorldTruth } from '../../../src/systems/complaints/sample/world.ts'
import { columnOf, type Frame } from '../../../src/table/frame.ts'

type Files = ReadonlyMap<string, Uint8Array>

function joined(chunks: Iterable<Uint8Array>): Uint8Array {
  return new Uint8Array(Buffer.concat([...chunks]))
}

/** The files of a world, and its ground truth. */
export function worldOf(options: WorldOptions): { readonly files: Files; readonly truth: WorldTruth } {
  const files = new Map(complaintsWorld(options).map(({ name, chunks }) => [name, joined(chunks())]))
  const truth = JSON.parse(new TextDecoder().decode(files.get('ground_truth.json'))) as WorldTruth
  return { files, truth }
}

/** A place with files, and with those of folders laid over them. */
export function placeOf(files: Files, ...folders: readonly string[]) {
  const laid = new Map([...files].filter(([name]) => !/^(later|refused)\//.test(name)))
  for (const folder of folders) {
    for (const [name, bytes] of files) if (name.startsWith(`${folder}/`)) laid.set(name.slice(folder.length + 1), bytes)
  }
  return memoryStore(Object.fromEntries(laid))
}

/** Runs the job. */
export function run(
  data: ReturnType<typeof memoryStore>,
  out: ReturnType<typeof memoryStore>,
  options: RunOptions = {},
) {
  return runPipeline(complaintsJob, { data, out, format: 'parquet', ...options })
}

/** The rows of a frame as objects. */
export function objectsOf(frame: Frame): Record<string, unknown>[] {
  const columns = [...frame.columns.keys()].map((name) => [name, columnOf(frame, name)] as const)
  return Array.from({ length: frame.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column.at(row)])),
  )
}

/** All rows of a table of days, with the day and file that each came from. */
export async function rowsOf(out: ReturnType<typeof memoryStore>, table: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  for (const { file, load } of (await readState(complaintsJob, { out })).partitions(table)) {
    for (const row of objectsOf(await load())) rows.push({ ...row, file })
  }
  return rows
}

/** All that a lake holds and that does not depend on the clock: files of tables by content, outputs, quarantine. */
export async function contentOfLake(out: ReturnType<typeof memoryStore>): Promise<unknown> {
  const { tables } = JSON.parse(await textOf(out, 'current.json')) as {
    tables: Record<string, { rows: number; files: { day?: string; sha256: string }[] }>
  }
  // versions of agents hold the times of commits
  const timeless = Object.entries(tables).filter(([name]) => name !== 'agent_versions')
  const files = timeless.map(([name, table]) => {
    return [name, table.rows, table.files.map(({ day, sha256 }) => `${day ?? ''} ${sha256}`)]
  })
  return { files, waiting: (await readQuarantine({ out })).rows }
}

/** A place with the same files. */
export async function copyOf(place: ReturnType<typeof memoryStore>): Promise<ReturnType<typeof memoryStore>> {
  const copy = memoryStore()
  for (const { name } of await place.list('')) {
    const chunks: Uint8Array[] = []
    for await (const chunk of place.read(name)) chunks.push(chunk)
    await copy.write(name, chunks)
  }
  return copy
}

async function textOf(store: ReturnType<typeof memoryStore>, name: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part)
  return Buffer.concat(parts).toString()
}
