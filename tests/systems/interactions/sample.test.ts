import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import { readQuarantine, readState, runPipeline } from '../../../src/pipeline/index.ts'
import { interactionsJob } from '../../../src/systems/interactions/job/interactions-job.ts'
import {
  type InteractionFilesOptions,
  interactionFiles,
} from '../../../src/systems/interactions/sample/interaction-files.ts'
import { toArquero } from '../../../src/table/arquero/arquero.ts'

const filesOf = (options: InteractionFilesOptions): Record<string, Buffer> =>
  Object.fromEntries(interactionFiles(options).map(({ name, chunks }) => [name, Buffer.concat([...chunks()])]))

describe('interactionFiles', () => {
  it('makes the sample that the package ships', () => {
    const folder = join(import.meta.dirname, '../../../examples/data/interactions')
    for (const [name, bytes] of Object.entries(filesOf({ interactions: 600, customers: 30, seed: 7 }))) {
      expect(readFileSync(join(folder, name)).equals(bytes), name).toBe(true)
    }
  })

  it('gives the same bytes for the same seed, and others for another', () => {
    const one = filesOf({ interactions: 500, seed: 3 })
    expect(filesOf({ interactions: 500, seed: 3 })).toEqual(one)
    expect(filesOf({ interactions: 500, seed: 4 })['interactions.csv']).not.toEqual(one['interactions.csv'])
  })

  it('plants what its ground truth lists, and the job finds it', async () => {
    const files = filesOf({ interactions: 1000, seed: 5 })
    const truth = JSON.parse(String(files['interactions_ground_truth.json']))
    const out = memoryStore()
    const { tables } = await runPipeline(interactionsJob, { data: memoryStore(files), out })
    expect(tables).toEqual({ customers: 100, interactions: 999, products: 25 })
    expect((await readQuarantine({ out })).rows).toMatchObject([{ row: truth.rejected_row, found: '12in' }])
    const rows = toArquero(await (await readState(interactionsJob, { out })).loadTable('interactions')).objects() as {
      started_on: Date
      channel: string
      customer_id: number
    }[]
    const days = rows.map(({ started_on }) => started_on.toISOString().slice(0, 10))
    expect(new Set(rows.flatMap(({ customer_id: id }) => (id > 100 ? [id] : [])))).toEqual(
      new Set(truth.unknown_customers),
    )
    expect(days.filter((day) => day === truth.busy_day).length).toBeGreaterThanOrEqual(25)
    const late = rows.flatMap(({ channel }, at) => (channel === truth.new_channel.channel ? [days[at]] : []))
    expect(late.toSorted()[0]).toBe(truth.new_channel.since)
    expect(days.toSorted().at(-1)?.slice(0, 7)).toBe('2024-12')
  })

  it.each([
    [{ interactions: 99 }, /^interactions is 99, expected a whole number from 100/],
    [{ interactions: 100, customers: 9 }, /^customers is 9/],
    [{ interactions: 100, seed: -1 }, /^seed is -1/],
    [{ interactions: 100, sead: 1 } as never, /no option "sead"/],
  ])('refuses %o', (options, message) => {
    expect(() => interactionFiles(options)).toThrow(message)
  })
})
