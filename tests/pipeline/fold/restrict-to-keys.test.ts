import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type FilePort, folderStore, nodeFiles } from '../../../src/connect/index.ts'
import { restrictToKeys } from '../../../src/pipeline/fold/restrict-to-keys.ts'
import { readState, runPipeline } from '../../../src/pipeline/index.ts'
import type { Job } from '../../../src/pipeline/job/job.ts'
import { type Column, NumberColumn } from '../../../src/table/column.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { everyColumn, lazyRows } from '../../../src/table/lazy-rows.ts'
import { codeTexts } from '../../../src/table/utf8.ts'
import { phoneJob, sourceOf, threeMonths } from '../phone-job.ts'

const root = mkdtempSync(join(tmpdir(), 'support-etl-narrow-'))
afterAll(() => rmSync(root, { recursive: true }))

const texts = (values: readonly string[]) => codeTexts(values, values.length)
const rowsOf = (ids: readonly string[], others: Readonly<Record<string, Column>>): Frame =>
  frameOf([['id', texts(ids)], ...Object.entries(others)], ids.length)
const inputOf = (frame: Frame) => ({ name: 'delta.csv', month: '2025-02', frame, quarantined: 0 })
const names = (frame: Frame | undefined) => [...(frame?.columns.keys() ?? [])]

describe('restrictToKeys', () => {
  const table = rowsOf(['a', 'b', 'c'], { team: texts(['x', 'y', 'z']), _file: texts(['f', 'f', 'f']) })
  const committed = { snapshot: lazyRows(table), later: [{ name: 'jan.csv', rows: lazyRows(table) }], rows: 3 }
  const delta = inputOf(rowsOf(['b', 'd'], { team: texts(['w', 'w']), _file: texts(['g', 'g']) }))

  it.each([
    ['what is compared', () => false, ['team']],
    ['the key too, where somebody asks for it', (name: string) => name === 'id', ['id', 'team']],
    ['everything, where somebody asks for all', everyColumn, ['id', 'team', '_file']],
  ])('picks of the touched rows of the snapshot %s', (_, isAsked, expected) => {
    const { committed: narrow, narrowing } = restrictToKeys(committed, [delta], ['id'], isAsked)
    expect(names(narrow.snapshot.all())).toEqual(expected)
    expect(narrow.snapshot.rows).toBe(1)
    // what was applied since is compiled as a delta: with its key, and where it came from
    expect(names(narrow.later[0]?.rows.all())).toEqual(['id', 'team', '_file'])
    expect(names(narrowing?.schema)).toEqual(['id', 'team', '_file'])
    expect(narrow.rows).toBe(3)
  })

  it('leaves a table whole of which a column may get another kind, metadata included', () => {
    const whole = new NumberColumn('int32', Int32Array.of(1, 2, 3))
    const half = new NumberColumn('float64', Float64Array.of(0.5))
    for (const name of ['loose', '_loose']) {
      const loose = { snapshot: lazyRows(rowsOf(['a', 'b', 'c'], { [name]: whole })), later: [], rows: 3 }
      const found = restrictToKeys(loose, [inputOf(rowsOf(['a'], { [name]: half }))], ['id'], () => false)
      expect(found).toEqual({ committed: loose, narrowing: null })
    }
  })
})

describe('a month that needs touched rows alone', () => {
  const { team_counts: rollup } = phoneJob.rollups as { team_counts: NonNullable<Job['rollups'][string]> }
  const job: Job = { ...phoneJob, rollups: { team_counts: { ...rollup, columns: ['team_id'] } } }

  it('ends where one run ends, also with inputs behind the snapshot', async () => {
    const data = sourceOf(threeMonths)
    const [once, monthly] = [folderStore(join(root, 'once')), folderStore(join(root, 'monthly'))]
    await runPipeline(job, { data, out: once, publish: ['call_report'] })
    for (const month of ['202502', '202503']) {
      await runPipeline(job, { data, out: monthly, months: [month], publish: ['call_report'] })
    }
    const [expected, found] = [await readState(job, { out: once }), await readState(job, { out: monthly })]
    for (const table of ['calls', 'teams']) {
      expect(await found.loadTable(table)).toEqual(await expected.loadTable(table))
    }
    expect(await found.loadRollup('team_counts')).toEqual(await expected.loadRollup('team_counts'))
  })

  it('has no file open any more when it is refused while keys are being read', async () => {
    const many = Array.from(
      { length: 160_000 },
      (_, row) => `call ${String(row).padStart(8, '0')},2025-01-02T10:00Z,t1,5`,
    )
    const place = join(root, 'refused')
    await runPipeline(job, { data: sourceOf({ calls: many }), out: folderStore(place), publish: [] })
    let open = 0
    let reads = 0
    const port: FilePort = {
      ...nodeFiles,
      open: (path, flags) => {
        open++
        return nodeFiles.open(path, flags)
      },
      close: (file) => {
        open--
        nodeFiles.close(file)
      },
      async readLater(file, into, at) {
        reads++
        await new Promise((resolve) => setTimeout(resolve, 50))
        return nodeFiles.read(file, into, at)
      },
    }
    const data = sourceOf({ calls: many, 'calls 2025-02': ['call 00000001,never,t2,6,update'] })
    const refused = runPipeline(job, { data, out: folderStore(place, { port }), mode: 'strict' })
    await expect(refused).rejects.toMatchObject({ code: 'type_mismatch' })
    expect([reads > 0, open]).toEqual([true, 0])
  })
})
