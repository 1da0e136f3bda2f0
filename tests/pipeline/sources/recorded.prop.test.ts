/** Recorded columns of mirrored tables, held against an independent model: a map of keys to cells and times. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import {
  checkSource,
  csv,
  defineJob,
  json,
  objects,
  readState,
  runPipeline,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { defineTable, key, nullable, recorded, string } from '../../../src/table/contract.ts'
import { columnOf } from '../../../src/table/frame.ts'
import { textOf } from '../phone-job.ts'

const times = { created_at: recorded('created'), updated_at: recorded('updated') }
const machines = defineTable('machines', { machine_id: key(string()), hall: nullable(string()), ...times })
const halls = defineTable('halls', { hall: key(string()), name: string(), ...times })
const job = defineJob({
  name: 'workshop',
  tables: {
    machines: { contract: machines, source: objects({ prefix: 'machines/', name: '*.json', format: json() }) },
    halls: { contract: halls, source: snapshots({ file: 'halls.csv', format: csv() }) },
  },
  rollups: {
    // made again from changed rows alone, whose times have to be known by then
    latest: {
      table: 'machines',
      build: (rows) => ({ cells: rows, metadata: { latest: String(latestOf([...columnOf(rows, 'updated_at')])) } }),
      update: ({ cells, metadata }, { after }) => {
        const latest = Math.max(Number(metadata.latest), latestOf([...columnOf(after, 'updated_at')]))
        return { cells, metadata: { latest: String(latest) } }
      },
    },
  },
})

function latestOf(found: readonly unknown[]): number {
  return Math.max(0, ...found.map(Number))
}

/** A file of one machine; null is a file that cannot be read. */
type MachineFile = { readonly id: string; readonly hall: string } | null
type Cells = ReadonlyMap<string, string>
/** What the model knows of a row. */
interface Known {
  readonly cells: string
  readonly created: number
  readonly updated: number
}

const textOfFile = (file: MachineFile): string =>
  file === null ? '{' : JSON.stringify({ machine_id: file.id, hall: file.hall })

/** The rows of files: of two with one key, that of the first name. */
function machinesOf(files: ReadonlyMap<string, MachineFile>): Cells {
  const rows = new Map<string, string>()
  for (const name of [...files.keys()].sort()) {
    const file = files.get(name)
    if (file && !rows.has(file.id)) rows.set(file.id, file.hall)
  }
  return rows
}

/** The rule: a row that was there keeps the time of its creation, and that of its change where its cells are the same. */
function next(before: ReadonlyMap<string, Known>, rows: Cells, now: number): Map<string, Known> {
  return new Map(
    Array.from(rows, ([id, cells]) => {
      const was = before.get(id)
      const updated = was?.cells === cells ? was.updated : now
      return [id, { cells, created: was?.created ?? now, updated }]
    }),
  )
}

async function recordedIn(out: FileStore, table: string): Promise<unknown[]> {
  const rows = await (await readState(job, { out })).loadTable(table)
  const [ids, cells, created, updated] = [...Object.keys(job.tables[table]?.contract.columns ?? {})].map((name) => [
    ...columnOf(rows, name),
  ])
  return Array.from(ids ?? [], (id, row) => [id, cells?.[row], Number(created?.[row]), Number(updated?.[row])])
}

const listed = (rows: ReadonlyMap<string, Known>) =>
  Array.from(rows, ([id, { cells, created, updated }]) => [id, cells, created, updated])

const START = Date.UTC(2025, 0, 1)

class Workshop {
  readonly data = memoryStore({ 'machines/z.json': textOfFile({ id: 'Z', hall: 'H' }) })
  readonly out = memoryStore()
  now = START
  async run(options: Parameters<typeof runPipeline>[1] = {}) {
    const accepted = { acceptWithdrawals: ['machines', 'halls'], maxQuarantined: 1 }
    return runPipeline(job, { data: this.data, out: this.out, ...accepted, ...options }, { now: () => this.now })
  }
}

const hallsText = (rows: Cells) => ['hall,name', ...Array.from(rows, (row) => row.join()), ''].join('\n')

describe('recorded columns of mirrored tables', () => {
  it('are those of the model, whatever files come, change, vanish and return', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const file = fc.option(fc.record({ id: fc.constantFrom('K', 'L', 'M', 'N'), hall: fc.constantFrom('H1', 'H2') }))
    const hallRows = fc
      .uniqueArray(fc.tuple(fc.constantFrom('H1', 'H2', 'H3'), fc.constantFrom('North', 'South')), {
        selector: ([id]) => id,
      })
      .map((rows): Cells => new Map(rows))
    const step = fc.record({
      files: fc.array(fc.tuple(name, fc.option(file, { nil: undefined })), { maxLength: 3 }),
      halls: fc.option(hallRows),
      isRebuild: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        const workshop = new Workshop()
        const files = new Map<string, MachineFile>([['z', { id: 'Z', hall: 'H' }]])
        let [machineRows, hallsKnown, hallCells] = [
          new Map<string, Known>(),
          new Map<string, Known>(),
          new Map() as Cells,
        ]
        await workshop.data.write('halls.csv', [new TextEncoder().encode(hallsText(hallCells))])
        for (const [at, { files: changes, halls: rows, isRebuild }] of steps.entries()) {
          workshop.now = START + at * 60_000
          for (const [key, content] of changes) {
            const path = `machines/${key}.json`
            if (content === undefined) {
              files.delete(key)
              await workshop.data.remove(path)
            } else {
              files.set(key, content)
              await workshop.data.write(path, [new TextEncoder().encode(textOfFile(content))])
            }
          }
          if (rows !== null) {
            hallCells = rows
            await workshop.data.write('halls.csv', [new TextEncoder().encode(hallsText(rows))])
          }
          await workshop.run(isRebuild ? { apply: 'rebuild' } : {})
          machineRows = next(machineRows, machinesOf(files), workshop.now)
          hallsKnown = next(hallsKnown, hallCells, workshop.now)
          // the table is in order of files, the model in order of the files that count
          expect(await recordedIn(workshop.out, 'machines')).toEqual(listed(machineRows))
          expect(await recordedIn(workshop.out, 'halls')).toEqual(listed(hallsKnown))
        }
        expect((await verifyState(job, { out: workshop.out })).damages).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('change with their rows alone, in a table of many files', async () => {
    const workshop = new Workshop()
    await workshop.data.write('halls.csv', [new TextEncoder().encode(hallsText(new Map()))])
    const write = (at: number, hall: string) =>
      workshop.data.write(`machines/${at}.json`, [new TextEncoder().encode(textOfFile({ id: `M${at}`, hall }))])
    for (let at = 0; at < 2500; at++) await write(at, 'H1')
    await workshop.run()
    workshop.now += 60_000
    for (const at of [0, 1999, 2000, 2499]) await write(at, 'H2')
    await workshop.data.remove('machines/7.json')
    await write(3000, 'H1')
    await workshop.run()
    const rows = (await recordedIn(workshop.out, 'machines')) as [string, string, number, number][]
    expect(rows).toHaveLength(2501)
    const late = rows.filter(([, , , updated]) => updated !== START)
    expect(late.map(([id]) => id).sort()).toEqual(['M0', 'M1999', 'M2000', 'M2499', 'M3000'])
    expect(rows.filter(([, , created]) => created !== START).map(([id]) => id)).toEqual(['M3000'])
    const state = await readState(job, { out: workshop.out })
    expect((await state.loadRollup('latest')).metadata.latest).toBe(String(workshop.now))
  })

  it('are in the copies, and a file that gives them itself is refused', async () => {
    const workshop = new Workshop()
    await workshop.data.write('halls.csv', [new TextEncoder().encode(hallsText(new Map([['H1', 'North']])))])
    await workshop.run()
    const instant = new Date(START).toISOString().replace('.000', '')
    expect(await textOf(workshop.out, 'halls.csv')).toBe(
      `hall,name,created_at,updated_at\nH1,North,${instant},${instant}\n`,
    )
    await workshop.data.write('halls.csv', [new TextEncoder().encode('hall,name,created_at\nH1,North,2020-01-01\n')])
    await expect(workshop.run()).rejects.toMatchObject({ code: 'column_extra' })
  })

  it('are known to a check, which writes nothing', async () => {
    const workshop = new Workshop()
    await workshop.data.write('halls.csv', [new TextEncoder().encode(hallsText(new Map([['H1', 'North']])))])
    const { findings, tables } = await checkSource(job, { data: workshop.data })
    expect([findings, tables]).toEqual([[], { machines: 1, halls: 1 }])
  })
})
