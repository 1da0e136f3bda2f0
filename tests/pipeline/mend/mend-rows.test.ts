import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import {
  blameRow,
  collectGarbage,
  defineJob,
  eachRow,
  extractsAndDeltas,
  jsonLines,
  mendRows,
  readQuarantine,
  refuseRow,
  rowsToMend,
  runPipeline,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { csv } from '../../../src/pipeline/sources/formats/csv-format.ts'
import { defineTable, float64, key, string } from '../../../src/table/contract.ts'

const halls = defineTable('halls', { id: key(string()), area: float64() })
const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source: extractsAndDeltas() } } })
const FILE = 'initial/halls.csv'
const mended = (row: number, text: string, file = FILE) => ({ table: 'halls', file, row, text })

let data = memoryStore()
let out = memoryStore()
beforeEach(async () => {
  data = memoryStore({ [FILE]: 'id,area\nH1,120.5\nH2,wide\nH3,tall\n' })
  out = memoryStore()
  await runPipeline(job, { data, out })
})

describe('mendRows', () => {
  it('applies the rows that fit now; one that does not waits again with its new text', async () => {
    const { run, rows } = await mendRows(job, { data, out, rows: [mended(2, 'H2,80'), mended(3, 'H3,high')] })
    expect(run).toMatchObject({ status: 'committed', tables: { halls: 2 }, quarantined: 1 })
    expect(rows).toEqual([
      { table: 'halls', file: FILE, row: 2, status: 'applied', problem: null },
      {
        ...{ table: 'halls', file: FILE, row: 3, status: 'waits' },
        problem: { code: 'type_mismatch', column: 'area', expected: 'a decimal number' },
      },
    ])
    expect((await readQuarantine({ out })).rows).toMatchObject([{ row: 3, found: 'high', raw: 'H3,high' }])
    expect(await rowsToMend(job, { data, out })).toMatchObject([{ row: 3, line: 4, text: 'H3,high' }])
    const again = await mendRows(job, { data, out, rows: [mended(2, 'H2,80'), mended(3, 'H3,7')] })
    expect(again.rows.map(({ status }) => status)).toEqual(['unchanged', 'applied'])
    expect((await readQuarantine({ out })).rows).toEqual([])
  })

  it('refuses a row that does not wait, by name, and changes nothing', async () => {
    const names = async () => (await out.list('')).map(({ name }) => name)
    const before = await names()
    for (const [row, message] of [
      [mended(1, 'H1,7'), `${FILE} row 1: no row of table halls waits there; nothing was changed`],
      [mended(9, 'H9,7'), `${FILE} row 9: no row of table halls waits there; nothing was changed`],
      [mended(2, 'H2,7', 'initial/other.csv'), 'initial/other.csv row 2: no row of table halls waits there'],
      [mended(2, ''), `${FILE} row 2: the mended text is empty`],
      [mended(2, 'H2,7\nH4,8'), `${FILE} row 2: the mended text is not one record`],
      [mended(2, 'H2,"7'), `${FILE} row 2: the mended text is not one record`],
    ] as const) {
      const rows = [mended(3, 'H3,1'), row]
      await expect(mendRows(job, { data, out, rows })).rejects.toMatchObject({
        code: 'mend_refused',
        message: expect.stringContaining(message),
      })
    }
    await expect(mendRows(job, { data, out, rows: [mended(2, 'H2,7'), mended(2, 'H2,8')] })).rejects.toThrow('twice')
    expect(await names()).toEqual(before)
  })

  it('refuses rows whose file has changed since, or is gone', async () => {
    const rows = [mended(2, 'H2,80')]
    await data.write(FILE, [new TextEncoder().encode('id,area\nH1,1\nH2,wide\n')])
    await expect(mendRows(job, { data, out, rows })).rejects.toThrow('other content than the one that was applied')
    await data.remove(FILE)
    await expect(mendRows(job, { data, out, rows })).rejects.toThrow('does not have its file any more')
  })

  it('stops at another file that stops a run', async () => {
    await data.write('delta/halls_delta_202502.csv', [new TextEncoder().encode('id,area,action\nH1,1,update\n')])
    await runPipeline(job, { data, out })
    await data.write('delta/halls_delta_202502.csv', [new TextEncoder().encode('id,area,action\nH1,2,update\n')])
    const replay = mendRows(job, { data, out, rows: [mended(2, 'H2,80')] })
    await expect(replay).rejects.toMatchObject({ code: 'file_changed' })
  })

  it('gives way to a corrected delivery of the file, and the run says so', async () => {
    await mendRows(job, { data, out, rows: [mended(2, 'H2,80')] })
    await data.write(FILE, [new TextEncoder().encode('id,area\nH1,120.5\nH2,81\nH3,tall\n')])
    await expect(runPipeline(job, { data, out })).rejects.toMatchObject({ code: 'file_changed' })
    const { notes } = await runPipeline(job, { data, out, apply: 'rebuild' })
    expect(notes.map(({ code, message }) => [code, message])).toContainEqual([
      'mended_superseded',
      `${FILE}: came with other content or is gone; the row that was mended in it does not count any more`,
    ])
    expect((await readQuarantine({ out })).rows).toMatchObject([{ row: 3 }])
    const blamed = await blameRow(job, { data, out, table: 'halls', key: ['H2'] })
    expect(blamed.cells.map(({ value }) => value)).toEqual(['H2', 81])
  })

  it('is shown by blame with the mended line, verified, and kept by garbage collection', async () => {
    await mendRows(job, { data, out, rows: [mended(2, 'H2,80')] })
    const { cells, unread } = await blameRow(job, { data, out, table: 'halls', key: ['H2'] })
    expect(unread).toEqual([])
    expect(cells[1]?.origin.source).toEqual({ line: 3, text: 'H2,80' })
    const garbage = await collectGarbage({ out, graceDays: 0, keepVersions: 1, action: 'remove' })
    expect(garbage.files.filter(({ name }) => name.includes('mended-'))).toEqual([])
    expect((await verifyState(job, { out })).damages).toEqual([])
    expect((await runPipeline(job, { data, out })).status).toBe('nothing_to_do')
  })

  it('refuses formats and sources that are not mended record by record, by name', async () => {
    const lines = snapshots({ file: 'halls.jsonl', format: jsonLines() })
    const kept = snapshots({ file: 'halls.csv', format: csv(), originals: 'keep' })
    const latin = snapshots({ file: 'halls.csv', format: csv({ encoding: 'latin1' }) })
    for (const [source, name, text, message] of [
      [
        lines,
        'halls.jsonl',
        '{"id":"H1","area":"wide"}\n',
        'records of the format json_lines are not replaced one by one',
      ],
      [kept, 'halls.csv', 'id,area\nH1,wide\n', 'table halls keeps its files byte for byte as they came'],
      [latin, 'halls.csv', 'id,area\nH1,wide\n', 'is in latin1: single records are replaced in UTF-8 alone'],
    ] as const) {
      const other = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
      const places = { data: memoryStore({ [name]: text }), out: memoryStore() }
      await runPipeline(other, { ...places, maxQuarantined: 1 })
      const rows = [mended(1, 'H1,7', name)]
      await expect(mendRows(other, { ...places, rows })).rejects.toThrow(message)
    }
  })

  it('refuses a row that waits in a derived table: its record is in the table', async () => {
    const used = defineTable('used', { id: key(string()), area: float64() })
    const derived = {
      used: {
        from: 'halls',
        contract: used,
        rows: eachRow(halls, used, (row) =>
          row.area > 100 ? refuseRow({ code: 'type_mismatch', column: 'area', expected: 'up to 100' }) : row,
        ),
      },
    }
    const other = defineJob({ name: 'halls', tables: job.tables, derived })
    const place = memoryStore()
    await runPipeline(other, { data, out: place })
    const rows = [{ table: 'used', file: FILE, row: 1, text: 'H1,7' }]
    await expect(mendRows(other, { data, out: place, rows })).rejects.toThrow('which is made of another table')
    expect((await rowsToMend(other, { data, out: place })).map(({ row }) => row)).toEqual([2, 3])
  })
})
