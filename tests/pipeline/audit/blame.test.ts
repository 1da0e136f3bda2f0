import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import { blameRow } from '../../../src/pipeline/audit/blame.ts'
import { defineJob } from '../../../src/pipeline/job/define-job.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { extractsAndDeltas } from '../../../src/pipeline/sources/extracts-and-deltas.ts'
import { csv } from '../../../src/pipeline/sources/formats/csv-format.ts'
import { snapshots } from '../../../src/pipeline/sources/snapshots.ts'
import { defineTable, key, nullable, string } from '../../../src/table/contract.ts'

const halls = defineTable('halls', { id: key(string()), name: nullable(string()), town: nullable(string()) })
const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })
const deltaOf = (month: number) => `delta/halls_delta_2025${String(month).padStart(2, '0')}.csv`

interface Change {
  readonly action: 'add' | 'update' | 'delete'
  readonly id: string
  readonly name: string
  readonly town: string
}

type Written = Record<'id' | 'name' | 'town', readonly [value: string, file: string, line: number]>

/** Who wrote what, kept by hand: months in order, the last change of a key in a month counts. */
function ledgerOf(first: readonly Change[], months: readonly (readonly Change[])[]) {
  const rows = new Map<string, Written>()
  const removed = new Map<string, string>()
  const put = (change: Change, file: string, line: number) => {
    const { id, action } = change
    if (action === 'delete') {
      if (rows.has(id) && !removed.has(id)) removed.set(id, file)
      return
    }
    const before = removed.has(id) ? undefined : rows.get(id)
    removed.delete(id)
    const cell = (name: keyof Written): Written[typeof name] => {
      const old = before?.[name]
      return old !== undefined && old[0] === change[name] ? old : [change[name], file, line]
    }
    rows.set(id, { id: cell('id'), name: cell('name'), town: cell('town') })
  }
  for (const [at, row] of first.entries()) put(row, 'initial/halls.csv', at + 2)
  for (const [at, changes] of months.entries()) {
    const last = new Map(changes.map((change, line) => [change.id, [change, line + 2] as const]))
    for (const [change, line] of last.values()) put(change, deltaOf(at + 1), line)
  }
  return { rows, removed }
}

const word = fc.constantFrom('a', 'b', 'c')
const change = fc.record({
  action: fc.constantFrom('add' as const, 'update' as const, 'delete' as const),
  id: fc.constantFrom('H1', 'H2', 'H3'),
  name: word,
  town: word,
})
const extract = fc.uniqueArray(
  fc.record({ action: fc.constant('add' as const), id: fc.constantFrom('H1', 'H2'), name: word, town: word }),
  {
    minLength: 1,
    selector: ({ id }) => id,
  },
)
// one change a key and month: how several are folded is the delta's own matter
const month = fc.uniqueArray(change, { minLength: 1, selector: ({ id }) => id })

describe('blameRow', () => {
  it('names the record that gave each cell its value, through updates, deletes and new rows', async () => {
    await fc.assert(
      fc.asyncProperty(extract, fc.array(month, { maxLength: 4 }), async (first, months) => {
        const text = (rows: readonly Change[]) => rows.map(({ id, name, town }) => `${id},${name},${town}\n`).join('')
        const files: Record<string, string> = { 'initial/halls.csv': `id,name,town\n${text(first)}` }
        for (const [at, changes] of months.entries()) {
          const lines = changes.map(({ id, name, town, action }) => `${id},${name},${town},${action}\n`)
          files[deltaOf(at + 1)] = `id,name,town,action\n${lines.join('')}`
        }
        const [data, out] = [memoryStore(files), memoryStore()]
        await runPipeline(job, { data, out })
        const { rows, removed } = ledgerOf(first, months)
        for (const [id, written] of rows) {
          const found = await blameRow(job, { data, out, table: 'halls', key: [id] })
          expect(found.removed === null).toBe(!removed.has(id))
          const told = found.cells.map(({ column, value, origin }) => [column, value, origin.file, origin.source?.line])
          expect(told).toEqual(Object.entries(written).map(([column, by]) => [column, ...by]))
        }
      }),
      { numRuns: 25 },
    )
  })

  it('gives one record for all cells of a table without deltas', async () => {
    const source = snapshots({ file: 'halls.csv', format: csv() })
    const whole = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
    const [data, out] = [memoryStore({ 'halls.csv': 'id,name,town\nH1,North,Oslo\nH2,South,Bergen\n' }), memoryStore()]
    await runPipeline(whole, { data, out })
    const { cells } = await blameRow(whole, { data, out, table: 'halls', key: ['H2'] })
    expect(cells.map(({ column, value, origin }) => [column, value, origin.file, origin.row])).toEqual([
      ['id', 'H2', 'halls.csv', 2],
      ['name', 'South', 'halls.csv', 2],
      ['town', 'Bergen', 'halls.csv', 2],
    ])
  })

  it('says that a file has changed since, and refuses what never was', async () => {
    const [data, out] = [memoryStore({ 'initial/halls.csv': 'id,name,town\nH1,North,Oslo\n' }), memoryStore()]
    await runPipeline(job, { data, out })
    await data.write('initial/halls.csv', [new TextEncoder().encode('id,name,town\nH1,Other,Oslo\n')])
    const { unread } = await blameRow(job, { data, out, table: 'halls', key: ['H1'] })
    expect(unread).toEqual([{ file: 'initial/halls.csv', reason: 'changed' }])
    const refusal = (query: object) => blameRow(job, { data, out, table: 'halls', key: ['H1'], ...query } as never)
    await expect(refusal({ key: ['H9'] })).rejects.toThrow('never had a row with this id')
    await expect(refusal({ key: [] })).rejects.toThrow('a list with a text for each of id')
    await expect(refusal({ table: 'hall' })).rejects.toMatchObject({ code: 'invalid_option' })
  })
})
