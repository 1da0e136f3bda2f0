/** One suite for every place that gives rows: whatever implements `RowSource` passes it. */
import { describe, expect, it } from 'vitest'
import type { RowBatch, RowSource } from '../../src/connect/index.ts'

async function batchesOf(source: RowSource, since: string | null): Promise<RowBatch[]> {
  const batches: RowBatch[] = []
  for await (const batch of source.read(since)) batches.push(batch)
  return batches
}

const cellsOf = ({ rows }: RowBatch) => Array.from(rows.columns, ([name, column]) => [name, [...column]])

/** Declares the suite for a place that has at least three batches. */
export function describeRowSource(kind: string, open: () => RowSource | Promise<RowSource>): void {
  describe(`${kind} as a RowSource`, () => {
    it('gives the columns of its contract, in its order', async () => {
      const source = await open()
      const names = Object.keys(source.contract.columns)
      for (const { rows } of await batchesOf(source, null)) expect([...rows.columns.keys()]).toEqual(names)
    })

    it('gives watermarks that rise', async () => {
      const marks = (await batchesOf(await open(), null)).map(({ watermark }) => watermark)
      expect(marks.length).toBeGreaterThanOrEqual(3)
      expect(marks).toEqual([...new Set(marks)].sort())
    })

    it('goes on behind any watermark, and has nothing behind the last', async () => {
      const source = await open()
      const all = await batchesOf(source, null)
      for (const [at, { watermark }] of all.entries()) {
        const rest = await batchesOf(source, watermark)
        expect(rest.map(cellsOf)).toEqual(all.slice(at + 1).map(cellsOf))
      }
    })

    it('gives the same when read again', async () => {
      const source = await open()
      const first = await batchesOf(source, null)
      expect((await batchesOf(source, null)).map(cellsOf)).toEqual(first.map(cellsOf))
    })

    it('can be left in the middle', async () => {
      const source = await open()
      for await (const _ of source.read(null)) break
      expect((await batchesOf(source, null)).length).toBeGreaterThanOrEqual(3)
    })
  })
}
