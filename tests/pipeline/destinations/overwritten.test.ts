import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type FilePort, folderStore, memoryStore, nodeFiles } from '../../../src/connect/index.ts'
import { defineJob, extractsAndDeltas, runPipeline, verifyState } from '../../../src/pipeline/index.ts'
import { defineTable, float64, key, measure, string } from '../../../src/table/contract.ts'

const root = mkdtempSync(join(tmpdir(), 'support-etl-overwritten-'))
afterAll(() => rmSync(root, { recursive: true }))

/** So many rows that a column is written out of its own memory. */
const ROWS = 300_000

const loads = defineTable('loads', { load_id: key(string({ encoding: 'plain' })), tons: measure(float64()) })
const source = extractsAndDeltas()
const job = defineJob({
  name: 'loads',
  tables: { loads: { contract: loads, source } },
})

const idOf = (row: number) => `load ${String(row).padStart(7, '0')}`
const lines = (header: string, rows: number, line: (row: number) => string) =>
  `${[header, ...Array.from({ length: rows }, (_, row) => line(row))].join('\n')}\n`
const extract = lines('load_id,tons', ROWS, (row) => `${idOf(row)},${row / 4}`)
// every row behind the first ones moves
const deletes = lines('load_id,tons,action', 1000, (row) => `${idOf(row * 3)},,delete`)
const updates = lines('load_id,tons,action', ROWS * 0.6, (row) => `${idOf(row)},${-row},update`)

/** A disk that looks at the bytes late, as a busy one does, and later for each file. */
function slowPort() {
  const counted = { writes: 0 }
  const files = new Map<number, number>()
  let made = 0
  const port: FilePort = {
    ...nodeFiles,
    open: (path, flags) => {
      const file = nodeFiles.open(path, flags)
      if (flags === 'wx') files.set(file, ++made)
      return file
    },
    async writeLater(file, bytes) {
      counted.writes++
      await new Promise((resolve) => setTimeout(resolve, 20 * (files.get(file) ?? 0)))
      return nodeFiles.write(file, bytes)
    },
  }
  return { port, counted }
}

describe('a table that is written over its own memory', () => {
  it.each([
    ['its extract', { 'delta/loads_delta_202502.csv': deletes }],
    [
      'its extract and a snapshot',
      { 'delta/loads_delta_202502.csv': updates, 'delta/loads_delta_202503.csv': deletes },
    ],
  ])('waits until the disk has taken %s', async (name, deltas) => {
    const { port, counted } = slowPort()
    const out = folderStore(join(root, name), { port })
    const data = memoryStore({ 'initial/loads.csv': extract, ...deltas })
    const { tables } = await runPipeline(job, { data, out, publish: ['loads'] })
    expect(tables).toEqual({ loads: ROWS - 1000 })
    expect(counted.writes).toBeGreaterThan(3)
    const { damages } = await verifyState(job, { out })
    expect(damages).toEqual([])
  })
})
