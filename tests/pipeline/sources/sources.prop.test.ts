import fc from 'fast-check'
import { describe } from 'vitest'
import {
  appends,
  csv,
  defineJob,
  extractsAndDeltas,
  json,
  objects,
  partitions,
  snapshots,
} from '../../../src/pipeline/index.ts'
import type { RollupCells } from '../../../src/pipeline/job/job.ts'
import { concatFrames } from '../../../src/pipeline/sources/read/concat-frames.ts'
import { NumberColumn } from '../../../src/table/column.ts'
import { defineTable, int32, key, nullable, string } from '../../../src/table/contract.ts'
import { columnOf, type Frame, frameOf } from '../../../src/table/frame.ts'
import { type Files, type SourceSubject, type Step, testSource, withDerived } from '../../conformance/source.ts'

const machines = defineTable('machines', { id: key(string()), hall: nullable(string()), hours: nullable(int32()) })

/** The hours of all machines, so that what changed is looked at by a rollup. */
const sum = (rows: Frame): number => Array.from(columnOf(rows, 'hours'), Number).reduce((all, hours) => all + hours, 0)
const cells = (hours: number): RollupCells => ({
  cells: frameOf([['hours', new NumberColumn('int32', Int32Array.of(hours))]]),
  metadata: {},
})
const rollups = {
  hours: {
    table: 'machines',
    columns: ['hours'],
    build: (rows: Frame) => cells(sum(rows)),
    update: (before: RollupCells, { before: was, after }: { readonly before: Frame; readonly after: Frame }) =>
      cells(sum(before.cells) - sum(was) + sum(after)),
  },
}

interface Machine {
  readonly id: string
  readonly hall: string | null
  readonly hours: number | null
}
const machine = fc.record({
  id: fc.constantFrom('M1', 'M2', 'M3', '\u{1F600}', '\uFF5E'),
  hall: fc.constantFrom('North', 'South', null),
  hours: fc.option(fc.integer({ min: 0, max: 9 })),
})
const line = ({ id, hall, hours }: Machine): string => `${id},${hall ?? ''},${hours ?? ''}\n`
const copyOf = (rows: readonly Machine[]): string => `id,hall,hours\n${rows.map(line).join('')}`
const pending = (files: Files): Step => ({ files, apply: 'pending' })

describe('objects', () => {
  const source = objects({ prefix: 'in/', name: '*.json', format: json() })
  const content = fc.oneof(
    { weight: 5, arbitrary: machine.map((row) => JSON.stringify(row)) },
    { weight: 1, arbitrary: machine.map((row) => JSON.stringify(row, null, 2)) },
    { weight: 1, arbitrary: fc.constantFrom('', '{', '[]', '{"id":"M1","hours":"many"}', '{"hall":"North"}') },
  )
  const name = fc.constantFrom('in/a.json', 'in/b.json', 'in/c d.json', 'in/\u{1F600}.json', 'in/\uFF5E.json')
  const place = fc
    .dictionary(name, content, { maxKeys: 5 })
    .map((files) => ({ 'in/always.json': '{"id":"M0"}', ...files }))
  const subject: SourceSubject = {
    job: defineJob({ name: 'machines', tables: { machines: { contract: machines, source } }, rollups }),
    histories: fc.array(place.map(pending), { minLength: 1, maxLength: 4 }),
    model(files) {
      const names = Object.keys(files).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      const rows = new Map<string, Machine>()
      for (const text of names.map((file) => files[file] ?? '')) {
        let row: Machine
        try {
          row = { hall: null, hours: null, ...JSON.parse(text) }
        } catch {
          continue
        }
        const fits = typeof row.id === 'string' && (row.hours === null || typeof row.hours === 'number')
        if (fits && !rows.has(row.id)) rows.set(row.id, row)
      }
      return { machines: copyOf([...rows.values()]) }
    },
  }
  testSource(subject)
  testSource(withDerived(subject, 'hours'))
})

describe('snapshots', () => {
  const source = snapshots({ file: 'machines.csv', format: csv() })
  const table = fc.uniqueArray(machine, { selector: ({ id }) => id, maxLength: 5 })
  const subject: SourceSubject = {
    job: defineJob({ name: 'machines', tables: { machines: { contract: machines, source } }, rollups }),
    histories: fc.array(
      table.map((rows) => pending({ 'machines.csv': copyOf(rows) })),
      { minLength: 1, maxLength: 4 },
    ),
    model: (files) => ({ machines: files['machines.csv'] ?? '' }),
  }
  testSource(subject)
  testSource(withDerived(subject, 'hours'))
})

describe.each(['all', 'newest'] as const)('partitions of which %s count', (counts) => {
  const readings = defineTable('readings', { day: string(), id: key(string()), hours: nullable(int32()) })
  const source = partitions({ prefix: 'in/', name: '{day}.csv', format: csv(), counts })
  const days = ['2025-02-28', '2025-03-01', '2025-03-02', '2025-03-04']
  const nameOf = (day: string): string => `in/${day}.csv`
  const reading = fc.record({
    id: fc.constantFrom('M1', 'M2', 'M3', '\u{1F600}', '\uFF5E', ''),
    hours: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }).map(String) },
      { weight: 1, arbitrary: fc.constantFrom('', 'many') },
    ),
  })
  // two days never have the same bytes: each row has its day
  const textOf = (day: string, rows: readonly { readonly id: string; readonly hours: string }[]): string =>
    `day,id,hours\n${rows.map(({ id, hours }) => `${day},${id},${hours}\n`).join('')}`
  const step = fc
    .record({
      present: fc.subarray(days),
      rows: fc.array(fc.array(reading, { maxLength: 5 }), { minLength: 4, maxLength: 4 }),
      withdrawn: fc.subarray(days),
    })
    .map(({ present, rows, withdrawn }): Step => {
      const files = present.map((day) => [nameOf(day), textOf(day, rows[days.indexOf(day)] ?? [])])
      return {
        files: { 'in/2025-03-03.csv': textOf('2025-03-03', [{ id: 'M0', hours: '1' }]), ...Object.fromEntries(files) },
        apply: 'pending',
        withdraw: withdrawn.filter((day) => !present.includes(day)),
      }
    })
  testSource({
    job: defineJob({
      name: 'machines',
      tables: { readings: { contract: readings, source } },
      rollups: {
        total: {
          table: 'readings',
          build: (rows: Frame) => cells(sum(rows)),
          merge: (parts) => cells(parts.reduce((all, part) => all + sum(part.cells), 0)),
        },
      },
      outputs: {
        hours: {
          contract: defineTable('hours', { hours: key(int32()) }),
          reads: ['total'],
          build: (state) => state.rollup('total').cells,
        },
        all_readings: {
          contract: readings,
          reads: ['readings'],
          async build(state) {
            const frames: Frame[] = []
            for (const { load } of state.partitions('readings')) frames.push(await load())
            return concatFrames(frames, readings)
          },
        },
      },
    }),
    histories: fc.array(step, { minLength: 1, maxLength: 4 }),
    keep(counted, { files, withdraw = [] }) {
      const all = Object.entries({ ...counted, ...files })
      return Object.fromEntries(all.filter(([name]) => !withdraw.some((day) => nameOf(day) === name)))
    },
    model(files) {
      const names = Object.keys(files).sort()
      const lines: string[] = []
      for (const name of counts === 'newest' ? names.slice(-1) : names) {
        const seen = new Set<string>()
        for (const text of (files[name] ?? '').split('\n').slice(1, -1)) {
          const [, id = '', hours = ''] = text.split(',')
          if (id === '' || hours === 'many' || seen.has(id)) continue
          seen.add(id)
          lines.push(text)
        }
      }
      const total = lines.reduce((all, text) => all + Number(text.split(',')[2]), 0)
      return {
        all_readings: `day,id,hours\n${lines.map((text) => `${text}\n`).join('')}`,
        hours: `hours\n${total}\n`,
      }
    },
  })
})

describe('extracts and deltas', () => {
  const change = fc.tuple(machine, fc.constantFrom('add', 'update', 'delete'))
  const delta = fc.array(change, { maxLength: 4 })
  const months = ['202502', '202503', '202504']
  const textOf = (rows: readonly (readonly [Machine, string])[]): string =>
    `id,hall,hours,action\n${rows.map(([row, action]) => `${line(row).trimEnd()},${action}\n`).join('')}`
  const history = fc
    .record({
      extract: fc.uniqueArray(machine, { selector: ({ id }) => id, maxLength: 4 }),
      deltas: fc.tuple(delta, delta, delta),
      /** The order in which months arrive; one before an applied one is late. */
      order: fc.shuffledSubarray([0, 1, 2], { minLength: 1 }),
      /** A month that comes again with other content. */
      corrected: fc.option(fc.tuple(fc.constantFrom(0, 1, 2), delta)),
    })
    .map(({ extract, deltas, order, corrected }): Step[] => {
      let files: Files = { 'initial/machines.csv': copyOf(extract) }
      const steps: Step[] = [pending(files)]
      let latest = -1
      for (const month of order) {
        files = { ...files, [`delta/machines_delta_${months[month]}.csv`]: textOf(deltas[month] ?? []) }
        steps.push({ files, apply: month < latest ? 'rebuild' : 'pending' })
        latest = Math.max(latest, month)
      }
      if (corrected !== null && order.includes(corrected[0])) {
        files = { ...files, [`delta/machines_delta_${months[corrected[0]]}.csv`]: textOf(corrected[1]) }
        steps.push({ files, apply: 'rebuild' })
      }
      return steps
    })
  const subject: SourceSubject = {
    job: defineJob({
      name: 'machines',
      tables: { machines: { contract: machines, source: extractsAndDeltas() } },
      rollups,
    }),
    histories: history,
    model(files) {
      const rows = new Map<string, string>()
      for (const file of Object.keys(files)
        .sort()
        .reverse()
        .sort((a, b) => Number(b.startsWith('initial')) - Number(a.startsWith('initial')) || (a < b ? -1 : 1))) {
        for (const text of (files[file] ?? '').split('\n').slice(1, -1)) {
          const [id = '', hall, hours, action = 'add'] = text.split(',')
          // a row that is there keeps its place
          if (action === 'delete') rows.delete(id)
          else rows.set(id, `${id},${hall},${hours}\n`)
        }
      }
      return { machines: `id,hall,hours\n${[...rows.values()].join('')}` }
    },
  }
  testSource(subject)
  testSource(withDerived(subject, 'hours'))
})

describe('appends', () => {
  const log = defineTable('log', { id: key(string()), hall: nullable(string()), at: int32() })
  const source = appends({ prefix: 'log/', name: '*.csv', format: csv(), sequenceBy: 'at' })
  const change = fc.record({
    id: fc.constantFrom('M1', 'M2', 'M3'),
    hall: fc.constantFrom('North', 'South', ''),
    at: fc.integer({ min: 0, max: 6 }),
    action: fc.constantFrom('add', 'update', 'delete'),
  })
  const piece = fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map(
      (rows) =>
        `id,hall,at,action\n${rows.map(({ id, hall, at, action }) => `${id},${hall},${at},${action}\n`).join('')}`,
    )
  const history = fc
    .tuple(fc.array(piece, { minLength: 1, maxLength: 4 }), fc.option(fc.nat(3)))
    .map(([pieces, copied]): Step[] => {
      const steps: Step[] = []
      let files: Files = {}
      for (const [at, text] of pieces.entries()) {
        files = { ...files, [`log/p${at}.csv`]: text }
        steps.push(pending(files))
      }
      // a copy of a piece, under a later name
      const copy = copied === null ? undefined : pieces[copied]
      return copy === undefined ? steps : [...steps, pending({ ...files, 'log/q.csv': copy })]
    })
  const subject: SourceSubject = {
    job: defineJob({ name: 'log', tables: { log: { contract: log, source } } }),
    histories: history,
    model(files) {
      const best = new Map<string, number>()
      const rows = new Map<string, string>()
      for (const text of new Set(
        Object.keys(files)
          .sort()
          .map((name) => files[name] ?? ''),
      )) {
        for (const record of text.split('\n').slice(1, -1)) {
          const [id = '', hall, at, action] = record.split(',')
          if (Number(at) < (best.get(id) ?? 0)) continue
          best.set(id, Number(at))
          if (action === 'delete') rows.delete(id)
          else rows.set(id, `${id},${hall},${at}\n`)
        }
      }
      return { log: `id,hall,at\n${[...rows.values()].join('')}` }
    },
  }
  testSource(subject)
  testSource(withDerived(subject, 'at'))
})
