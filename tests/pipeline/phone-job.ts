/** A small job of its own, for tests of the pipeline: calls of teams, counted by team. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FilePort, type FileStore, folderStore, memoryStore, nodeFiles } from '../../src/connect/index.ts'
import { defineJob } from '../../src/pipeline/job/define-job.ts'
import type { RollupCells } from '../../src/pipeline/job/job.ts'
import { textOption, zoneOption } from '../../src/pipeline/job/job-options.ts'
import { extractsAndDeltas, sourceName } from '../../src/pipeline/sources/extracts-and-deltas.ts'
import { DictionaryColumn, NumberColumn } from '../../src/table/column.ts'
import {
  defineTable,
  float64,
  int32,
  key,
  measure,
  nullable,
  reference,
  string,
  timestamp,
} from '../../src/table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../src/table/frame.ts'

export const calls = defineTable('calls', {
  call_id: key(string()),
  started_at: timestamp(),
  team_id: nullable(reference('teams', string())),
  minutes: nullable(measure(float64())),
})

export const teams = defineTable('teams', { team_id: key(string()), team_name: nullable(string()) })

const report = defineTable('call_report', { team_name: key(string()), total_calls: measure(int32()) })

function countsOf(counts: ReadonlyMap<string, number>): RollupCells {
  const held = [...counts].filter(([, count]) => count !== 0).sort(([a], [b]) => (a < b ? -1 : 1))
  const names = held.map(([name]) => name)
  const cells = frameOf([
    ['team_id', new DictionaryColumn(Int32Array.from(names.keys()), names)],
    [
      'total_calls',
      new NumberColumn(
        'int32',
        Int32Array.from(held, ([, count]) => count),
      ),
    ],
  ])
  return { cells, metadata: {} }
}

function add(counts: Map<string, number>, rows: Frame, sign: number): Map<string, number> {
  for (const team of columnOf(rows, 'team_id')) {
    const name = String(team ?? '')
    counts.set(name, (counts.get(name) ?? 0) + sign)
  }
  return counts
}

function mapOf({ cells }: RollupCells): Map<string, number> {
  const names = [...columnOf(cells, 'team_id')]
  return new Map(Array.from(columnOf(cells, 'total_calls'), (count, row) => [String(names[row]), Number(count)]))
}

const source = extractsAndDeltas()

export const phoneJob = defineJob({
  name: 'phone',
  options: {
    timeZone: zoneOption('UTC', { help: 'of the months' }),
    monthFrom: textOption('started_at', { help: 'decides the month' }),
  },
  tables: { calls: { contract: calls, source }, teams: { contract: teams, source } },
  rollups: {
    team_counts: {
      table: 'calls',
      uses: ['timeZone', 'monthFrom'],
      build: (rows) => countsOf(add(new Map(), rows, 1)),
      update: (before, touched) => countsOf(add(add(mapOf(before), touched.before, -1), touched.after, 1)),
    },
  },
  outputs: {
    call_report: {
      contract: report,
      reads: ['team_counts', 'teams'],
      build(state) {
        const dimension = state.table('teams')
        const ids = [...columnOf(dimension, 'team_id')]
        const names = [...columnOf(dimension, 'team_name')]
        const counts = mapOf(state.rollup('team_counts'))
        const known = Array.from(counts.keys(), (id) => String(names[ids.indexOf(id)] ?? 'Unknown'))
        return frameOf([
          ['team_name', new DictionaryColumn(Int32Array.from(known.keys()), known)],
          ['total_calls', new NumberColumn('int32', Int32Array.from(counts.values()))],
        ])
      },
    },
  },
})

const HEADERS: Readonly<Record<string, string>> = {
  calls: 'call_id,started_at,team_id,minutes',
  teams: 'team_id,team_name',
}

/** `{ 'calls 2025-02': ['c1,…,add'] }` as files of a source; extracts have no month. Extracts that are left out are short. */
export function filesOf(rows: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const all = {
    calls: ['c1,2025-01-02T10:00Z,t1,5', 'c2,2025-01-03T10:00Z,t2,'],
    teams: ['t1,Red', 't2,Blue'],
    ...rows,
  }
  return Object.fromEntries(
    Object.entries(all).map(([unit, lines]) => {
      const [table = '', month = null] = unit.split(' ')
      const header = month === null ? HEADERS[table] : `${HEADERS[table]},action`
      return [sourceName(table, month), `${[header, ...lines].join('\n')}\n`]
    }),
  )
}

/** The source that {@link filesOf} describes, in memory. */
export function sourceOf(rows: Readonly<Record<string, readonly string[]>> = {}): FileStore {
  return memoryStore(filesOf(rows))
}

/** Three months in which every kind of change occurs. */
export const threeMonths = {
  'calls 2025-02': ['c3,2025-02-01T10:00Z,t3,7.5,add', 'c1,2025-01-02T10:00Z,t2,6,update', 'c2,,,,delete'],
  'calls 2025-03': ['c2,2025-03-03T10:00Z,t1,1,add', 'c3,2025-02-01T10:00Z,t3,8,update'],
  'teams 2025-03': ['t3,Green,add', 't2,Navy,update'],
} as const

/** Text of a file of a place. */
export async function textOf(store: FileStore, name: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** The names of everything a place holds but the log, with the bytes; equal places have equal contents. */
export async function contentOf(store: FileStore): Promise<Record<string, string>> {
  const content: Record<string, string> = {}
  for (const { name } of await store.list('')) {
    if (!name.startsWith('.support-etl/log/')) content[name] = await textOf(store, name)
  }
  return content
}

/** Folders of a test file, removed by its `afterAll`. */
export function testFolders(label: string) {
  // memory where there is a file system for it: thousands of runs are no test of the disk
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const base = mkdtempSync(join(parent, `support-etl-${label}-`))
  // an empty folder's name is flushed before anything goes into it: with something in it all runs make the same calls
  mkdirSync(join(base, '0'))
  let count = 0
  return {
    next: () => join(base, String(++count)),
    remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** A place that is a folder, opened as the pipeline opens it. */
export function stateFolder(folder: string, port: FilePort = nodeFiles): FileStore {
  return folderStore(folder, { temporaryFolder: '.support-etl/data', port })
}

/** The file system without its flushes, for tests that make thousands of runs: nobody pulls the plug here. */
export const unflushed: FilePort = { ...nodeFiles, sync: async () => {} }

/** Every file of a folder with its bytes and the time of its last change. */
export function snapshot(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, `${statSync(join(folder, name)).mtimeMs} ${readFileSync(join(folder, name), 'latin1')}`]),
  )
}
