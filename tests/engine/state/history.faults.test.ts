/** What was before: late and changed files, earlier months and commits, differences and garbage, with DuckDB as without it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import {
  collectGarbage,
  diffCommits,
  explainFigure,
  readHistory,
  readQuarantine,
  readState,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { supportJob } from '../../../src/systems/support/index.ts'
import { contentOf, supportState } from './same-state.ts'
import { trapData } from './trap-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-history-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const given = { timeZone: 'Europe/Berlin', format: 'csv', maxQuarantined: 1 } as const

/** The files but for those of some deltas. */
const without = (files: Readonly<Record<string, string>>, pattern: RegExp) =>
  memoryStore(Object.fromEntries(Object.entries(files).filter(([name]) => !pattern.test(name))))

/** A state that met a late file, then a changed one. */
async function troubled(files: Readonly<Record<string, string>>, out: FileStore): Promise<void> {
  await runPipeline(supportJob, { data: without(files, /202502/), out, ...given })
  await expect(runPipeline(supportJob, { data: memoryStore(files), out })).rejects.toMatchObject({ code: 'late_file' })
  await runPipeline(supportJob, { data: memoryStore(files), out, apply: 'rebuild' })
  const [name = ''] = Object.keys(files).filter((each) => /delta\/interactions/.test(each))
  const changed = { ...files, [name]: (files[name] ?? '').replaceAll(/,(?:U|Modify|update)\n/g, ',delete\n') }
  expect(changed).not.toEqual(files)
  await expect(runPipeline(supportJob, { data: memoryStore(changed), out })).rejects.toMatchObject({
    code: 'file_changed',
  })
  await runPipeline(supportJob, { data: memoryStore(changed), out, apply: 'rebuild', monthFrom: 'timestamp' })
}

const rowsOf = ({ columns }: { readonly columns: ReadonlyMap<string, Iterable<unknown>> }) =>
  [...columns].map(([name, cells]) => [name, ...cells])

/** Everything that can be asked of what was before. */
async function pastOf(data: FileStore, out: FileStore) {
  const past: unknown[] = []
  for (const asOf of ['2025-01', '2025-02', 'commit:1', 'commit:2'] as const) {
    const state = await readState(supportJob, { out, asOf })
    for (const name of Object.keys(supportJob.tables)) past.push([asOf, name, rowsOf(await state.loadTable(name))])
    past.push([asOf, rowsOf(await state.loadOutput('support_report'))])
  }
  past.push(rowsOf(await readHistory(supportJob, { out, table: 'agents' })))
  past.push((await readQuarantine({ out })).rows)
  const { tables } = await diffCommits(supportJob, { out, from: 1, to: 3 })
  past.push(tables.map(({ before, after, ...table }) => ({ ...table, before: rowsOf(before), after: rowsOf(after) })))
  const report = await (await readState(supportJob, { out })).loadOutput('support_report')
  const cell = (name: string): string => String(report.columns.get(name)?.at(0))
  const cells = { month: cell('month'), contact_center_name: cell('contact_center_name') }
  const { origins, rows } = await explainFigure(supportJob, { out, data, output: 'support_report', cells })
  past.push(origins, rowsOf(rows))
  return past
}

describe('a state in DuckDB', () => {
  it.for([3, 8, 14])('has the same past as one in files, after a late and a changed file (seed %i)', async (seed) => {
    const { files } = trapData(seed)
    const data = memoryStore(files)
    const reference = memoryStore()
    await troubled(files, reference)
    const out = supportState({ out: join(folder, `${seed}`), engine: 'duckdb' })
    await troubled(files, out)
    expect(await contentOf(out)).toEqual(await contentOf(reference))
    expect(await pastOf(data, out)).toEqual(await pastOf(data, reference))
    expect((await verifyState(supportJob, { out })).damages).toEqual([])

    const garbage = await collectGarbage({ out, action: 'remove', keepVersions: 1, graceDays: 0 })
    expect(garbage.files.length).toBeGreaterThan(0)
    expect((await verifyState(supportJob, { out })).damages).toEqual([])
    await expect(readState(supportJob, { out, asOf: 'commit:1' })).rejects.toMatchObject({ code: 'commit_collected' })
    expect(await contentOf(out)).toEqual(await contentOf(reference))
    await out.close()
  })
})
