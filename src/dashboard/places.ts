/**
 * The places of jobs for the page of data: what their last commits hold, from the log alone, and the rows as Parquet. The code of
 * a job makes its outputs; without it their published copies are read.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { EtlError } from '../errors.ts'
import { readByCsvParse } from '../format/csv/read/fallback.ts'
import { csvReader } from '../format/csv/read/reader.ts'
import { jsonFrame } from '../format/json/read.ts'
import { parquetBytes, parquetFrame } from '../format/parquet/parquet.ts'
import { type BrokenPlace, isBroken, type JobPlace, type PlacedTable, type Places } from '../page/places.ts'
import { copiesOf } from '../pipeline/destinations/current-index.ts'
import type { Effects } from '../pipeline/effects.ts'
import { isMadeBy } from '../pipeline/job/fingerprints.ts'
import { contractOf, isPartitioned, type Job } from '../pipeline/job/job.ts'
import { refuseKeptElsewhere } from '../pipeline/keeper.ts'
import { readHead } from '../pipeline/log/commit-log.ts'
import type { Commit, CommitRecord, PublishedFile } from '../pipeline/log/commit-record.ts'
import { readState, stateOf } from '../pipeline/state/committed-state.ts'
import { readIntact } from '../pipeline/state/data-files.ts'
import { jobOfRecord } from '../pipeline/state/logged-job.ts'
import { FILE, ROW, SHA256 } from '../pipeline/state/stored-contract.ts'
import type { TableContract } from '../table/contract.ts'
import { type Frame, selectColumns } from '../table/frame.ts'
import { contractOfDays, joinDays } from './joined-days.ts'

/** The folder of a job's output. */
export interface NamedPlace {
  /** Below the dashboard's own folder; empty for that itself. */
  readonly id: string
  readonly out: FileStore
}

/** What the page of data reads. */
export interface PlacesData {
  /** The places that have a commit, in the order of their names. */
  readPlaces(): Promise<Places>
  /** A table's rows as Parquet; null where there is no such place or table. */
  readTable(file: string): Promise<Uint8Array | null>
}

const FOLDER = 'data/tables/'

function fileOf(id: string, name: string): string {
  return `${FOLDER}${id === '' ? '' : `${id}/`}${name}.parquet`
}

/** Where the rows of a table came from is no part of it for a reader of the page. */
function withoutOrigins(frame: Frame): Frame {
  const origins = [FILE, ROW, SHA256]
  return selectColumns(
    frame,
    [...frame.columns.keys()].filter((name) => !origins.includes(name)),
  )
}

async function copyFrame(out: FileStore, file: PublishedFile, effects: Effects): Promise<Frame> {
  const bytes = await readIntact(out, file, effects.newHash())
  if (file.name.endsWith('.parquet')) return parquetFrame(bytes, { file: file.name, decode: effects.decodeParquet })
  if (file.name.endsWith('.json')) return jsonFrame(bytes, { file: file.name }).frame
  const reader = csvReader({ file: file.name, expectedBytes: bytes.length, foreign: readByCsvParse })
  reader.push(bytes)
  return reader.end().frame
}

/** Returns the readers of places; `jobs` are those whose code is here. */
export function placesData(
  places: () => Promise<readonly NamedPlace[]>,
  jobs: () => Promise<readonly Job[]>,
  effects: Effects,
): PlacesData {
  const jobOf = async (record: CommitRecord): Promise<Job | null> =>
    (await jobs()).find((job) => isMadeBy(record, job, effects)) ?? null

  const placedTables = async ({ id, out }: NamedPlace, record: CommitRecord): Promise<readonly PlacedTable[]> => {
    const job = await jobOf(record)
    const published = copiesOf(record)
    const copies = (name: string) => published.filter(({ output }) => output === name)
    const listed = (name: string, kind: PlacedTable['kind'], contract: TableContract | null, rows: number | null) => ({
      ...{ name, kind, rows, contract },
      file: fileOf(id, name),
      copies: copies(name).map(({ name: copy }) => copy),
    })
    const logged = jobOfRecord(record)
    const tables = Object.entries(record.state).map(([name, { rows }]) => {
      const contract = contractOf(logged, name) ?? null
      const kind = Object.hasOwn(logged.derived, name) ? 'derived' : 'table'
      if (contract === null || !isPartitioned(logged, name)) return listed(name, kind, contract, rows)
      const days = stateOf(out, logged, record, effects).partitions(name)
      return listed(name, kind, contractOfDays(contract, days), rows)
    })
    const isTable = new Set(Object.keys(record.state))
    const names = [...Object.keys(job?.outputs ?? {}), ...published.map(({ output }) => output)]
    const outputs = [...new Set(names)]
      .filter((name) => !isTable.has(name))
      .map((name) => listed(name, 'output', job?.outputs[name]?.contract ?? null, copies(name)[0]?.rows ?? null))
    return [...outputs, ...tables]
  }

  const placeOf = async (place: NamedPlace): Promise<JobPlace | BrokenPlace | null> => {
    const { id, out } = place
    try {
      await refuseKeptElsewhere(out)
      const commit = await readHead(out, effects)
      if (commit === null) return null
      const { record, sha256 } = commit
      const { job, number, committedAt, quarantine } = record
      return {
        ...{ id, job, commit: number, committed_at: committedAt, sha256, quarantined: quarantine?.rows ?? 0 },
        tables: await placedTables(place, record),
      }
    } catch (error) {
      if (!(error instanceof EtlError)) throw error
      return { id, problem: error.code }
    }
  }

  const frameOf = async (out: FileStore, { record }: Commit, table: PlacedTable): Promise<Frame> => {
    if (table.kind !== 'output') {
      const logged = jobOfRecord(record)
      const state = stateOf(out, logged, record, effects)
      const contract = contractOf(logged, table.name)
      if (contract === undefined || !isPartitioned(logged, table.name)) return state.loadTable(table.name)
      return joinDays(state.partitions(table.name), contract)
    }
    const job = await jobOf(record)
    if (job !== null && Object.hasOwn(job.outputs, table.name)) {
      return (await readState(job, { out }, effects)).loadOutput(table.name)
    }
    const [copy] = record.published.filter(({ output }) => output === table.name)
    if (copy === undefined) throw new Error(`${table.name} has no copy`)
    return copyFrame(out, copy, effects)
  }

  return {
    async readPlaces() {
      const found: (JobPlace | BrokenPlace)[] = []
      for (const place of await places()) {
        const told = await placeOf(place)
        if (told !== null) found.push(told)
      }
      return found
    },
    async readTable(file) {
      if (!file.startsWith(FOLDER)) return null
      for (const place of await places()) {
        if (!file.startsWith(place.id === '' ? FOLDER : `${FOLDER}${place.id}/`)) continue
        const told = await placeOf(place)
        const table = told === null || isBroken(told) ? undefined : told.tables.find((one) => one.file === file)
        const commit = table === undefined ? null : await readHead(place.out, effects)
        if (table === undefined || commit === null) continue
        const rows = withoutOrigins(await frameOf(place.out, commit, table))
        return parquetBytes(rows, table.contract === null ? {} : { contract: table.contract })
      }
      return null
    },
  }
}
