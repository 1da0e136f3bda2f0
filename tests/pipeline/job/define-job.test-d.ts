import { describe, expectTypeOf, it } from 'vitest'
import {
  choice,
  defineJob,
  extractsAndDeltas,
  numberOption,
  readState,
  runPipeline,
} from '../../../src/pipeline/index.ts'
import { defineTable, key, string } from '../../../src/table/contract.ts'

const halls = defineTable('halls', { id: key(string()) })
const job = defineJob({
  name: 'halls',
  options: {
    profile: choice('plain', ['plain', 'classic'], { help: 'rules' }),
    limit: numberOption(1, { help: 'rows', least: 0, most: 9 }),
  },
  tables: { halls: { contract: halls, source: extractsAndDeltas() } },
})

describe('the options of a job', () => {
  it('are those of a run, with their types', () => {
    type Options = NonNullable<Parameters<typeof runPipeline<typeof job.options>>[1]>
    expectTypeOf<Options['profile']>().toEqualTypeOf<'plain' | 'classic' | undefined>()
    // @ts-expect-error: not a choice
    runPipeline(job, { profile: 'modern' })
    // @ts-expect-error: the job has no such option
    runPipeline(job, { timeZone: 'UTC' })
  })

  it('stand with those of the run in what a reader is told', async () => {
    const { options } = await readState(job)
    expectTypeOf(options.limit).toEqualTypeOf<number>()
    expectTypeOf(options.format).toEqualTypeOf<'csv' | 'json' | 'parquet'>()
  })

  it('are named by steps by their names', () => {
    defineJob({
      name: 'rooms',
      options: job.options,
      tables: job.tables,
      // @ts-expect-error: the job has no option of that name
      rollups: { sizes: { table: 'halls', uses: ['size'], build: () => null as never, update: () => null as never } },
    })
  })

  it('reach the function of a derived table with their types', () => {
    defineJob({
      name: 'rooms',
      options: job.options,
      tables: job.tables,
      derived: {
        rooms: {
          from: 'halls',
          contract: halls,
          uses: ['limit'],
          rows(rows, { limit }) {
            expectTypeOf(limit).toEqualTypeOf<number>()
            return { frame: rows, parents: new Int32Array(), issues: [] }
          },
        },
      },
    })
  })
})
