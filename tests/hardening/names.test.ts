/** Names and ids that mean something to JavaScript's objects are ordinary, everywhere. */
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../src/connect/index.ts'
import { csvChunks } from '../../src/format/csv/write/write.ts'
import {
  type ChangedRows,
  extractsAndDeltas,
  type Job,
  type JobState,
  type RollupCells,
  readState,
  readStatus,
  runPipeline,
  verifyState,
} from '../../src/pipeline/index.ts'
import { DictionaryColumn, NumberColumn } from '../../src/table/column.ts'
import { defineTable, int32, key, measure, nullable, reference, string } from '../../src/table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../src/table/frame.ts'
import { contentOf, textOf } from '../pipeline/phone-job.ts'

const IDS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']

const facts = defineTable('constructor', {
  valueOf: key(string()),
  toString: reference('toString', nullable(string())),
  hasOwnProperty: nullable(measure(int32())),
})
const dimension = defineTable('toString', { constructor: key(string()), isPrototypeOf: nullable(string()) })

const tables = {
  constructor: { contract: facts, source: extractsAndDeltas() },
  toString: { contract: dimension, source: extractsAndDeltas() },
}

const job: Job = {
  name: 'constructor',
  options: {},
  tables,
  derived: {},
  rollups: {
    valueOf: {
      table: 'constructor',
      build: (rows: Frame): RollupCells => ({
        cells: rows,
        metadata: { constructor: 'built', ['__proto__']: 'built' },
      }),
      update: (_: RollupCells, { after }: ChangedRows): RollupCells => ({
        cells: after,
        metadata: { constructor: 'updated' },
      }),
    },
  },
  outputs: {
    hasOwnProperty: {
      contract: defineTable('hasOwnProperty', { toString: key(string()), valueOf: measure(int32()) }),
      reads: ['valueOf', 'toString'],
      build: (state: JobState) => {
        const ids = [...columnOf(state.table('toString'), 'constructor')].map(String)
        const rows = state.rollup('valueOf').cells.rows
        return frameOf([
          ['toString', new DictionaryColumn(Int32Array.from(ids.keys()), ids)],
          ['valueOf', new NumberColumn('int32', new Int32Array(ids.length).fill(rows))],
        ])
      },
    },
  },
}

const source = () =>
  memoryStore({
    'initial/constructor.csv': `valueOf,toString,hasOwnProperty\n${IDS.map((id, at) => `${id},${id},${at}\n`).join('')}`,
    'initial/toString.csv': `constructor,isPrototypeOf\n${IDS.map((id) => `${id},${id}\n`).join('')}`,
    'delta/constructor_delta_202502.csv':
      'valueOf,toString,hasOwnProperty,action\n__proto__,constructor,10,update\nconstructor,,,delete\npropertyIsEnumerable,__proto__,3,add\n',
    'delta/toString_delta_202503.csv': 'constructor,isPrototypeOf,action\n__proto__,changed,update\ntoString,,delete\n',
  })

async function copiesOf(out: FileStore) {
  return Object.fromEntries(Object.entries(await contentOf(out)).filter(([name]) => !name.startsWith('.')))
}

describe('names and ids such as __proto__', () => {
  it('are kept through a whole run, month by month, and a rebuild', async ({ task }) => {
    const [monthly, once] = [memoryStore(), memoryStore()]
    await runPipeline(job, { data: source(), out: monthly, months: ['2025-02'] })
    await runPipeline(job, { data: source(), out: monthly, months: ['2025-03'] })
    await runPipeline(job, { data: source(), out: once })
    expect(await textOf(once, 'constructor.csv')).toBe(
      'valueOf,toString,hasOwnProperty\n__proto__,constructor,10\ntoString,toString,2\nhasOwnProperty,hasOwnProperty,3\nvalueOf,valueOf,4\npropertyIsEnumerable,__proto__,3\n',
    )
    expect(await textOf(once, 'toString.csv')).toContain('__proto__,changed\n')
    for (const name of ['constructor.csv', 'toString.csv'])
      expect(await textOf(monthly, name)).toBe(await textOf(once, name))
    await runPipeline(job, { data: source(), out: once, apply: 'rebuild' })
    const { damages } = await verifyState(job, { out: once })
    expect(damages).toEqual([])
    expect(Object.keys(await copiesOf(once))).toEqual(['constructor.csv', 'hasOwnProperty.csv', 'toString.csv'])
    task.meta.figures = { 'names of JavaScript as ids': IDS.length }
  })

  it('are read from the state and its past', async () => {
    const out = memoryStore()
    await runPipeline(job, { data: source(), out })
    expect((await readStatus({ out })).tables).toEqual({ constructor: 5, toString: 4 })
    const past = await readState(job, { out, asOf: '2025-02' })
    expect([...columnOf(await past.loadTable('toString'), 'isPrototypeOf')]).toContain('__proto__')
    expect([...columnOf(await past.loadOutput('hasOwnProperty'), 'toString')]).toEqual(IDS)
  })

  it('are not found where nobody put them', async () => {
    const out = memoryStore()
    const plain = defineTable('plain', { id: key(string()) })
    const small: Job = {
      ...job,
      name: 'small',
      tables: { plain: { contract: plain, source: extractsAndDeltas() } },
      rollups: {},
      outputs: {},
    }
    await runPipeline(small, { data: memoryStore({ 'initial/plain.csv': 'id\n1\n' }), out })
    const state = await readState(small, { out })
    for (const name of ['constructor', 'toString', '__proto__']) {
      await expect(state.loadTable(name), name).rejects.toMatchObject({ code: 'invalid_option' })
      await expect(state.loadRollup(name), name).rejects.toMatchObject({ code: 'invalid_option' })
      await expect(state.loadOutput(name), name).rejects.toMatchObject({ code: 'invalid_option' })
    }
  })

  it('leave the prototype of objects alone', () => {
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as Record<string, unknown>).changed).toBeUndefined()
  })
})

describe('text that a spreadsheet would run', () => {
  it('is escaped on request', () => {
    const values = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', 'plain', "=cmd|' /C calc'!A0"]
    const text = frameOf([['note', new DictionaryColumn(Int32Array.from(values.keys()), values)]])
    const written = (formulas: 'keep' | 'escape') => Buffer.concat([...csvChunks(text, { formulas })]).toString()
    const cells = written('escape').split('\n').slice(1, -1)
    expect(cells).toContain(`"'=1+1"`)
    expect(cells).toContain(`"'=cmd|' /C calc'!A0"`)
    expect(cells).toContain('plain')
    for (const start of ['=', '+', '-', '@', '\t', '\r'])
      expect(written('escape')).not.toMatch(new RegExp(`(^|\\n)"?\\${start}`))
    expect(written('keep')).toContain('\n=1+1\n')
  })
})
