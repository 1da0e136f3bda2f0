import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { diffCommits } from '../../src/pipeline/audit/diff.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { readState } from '../../src/pipeline/state/committed-state.ts'
import { whatIf } from '../../src/pipeline/what-if.ts'
import { supportJob } from '../../src/systems/support/job.ts'
import { objectsOf } from '../../src/terminal/text/rows.ts'

const sample = folderStore(join(import.meta.dirname, '..', '..', 'examples', 'data', 'support'))

async function committed() {
  const out = memoryStore()
  await runPipeline(supportJob, { data: sample, out })
  return out
}

/** The month of an instant on a wall, found by another way than the library's. */
function monthIn(zone: string, at: unknown): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit' })
  return parts.format(new Date(String(at))).slice(0, 7)
}

describe('whatIf', () => {
  it('says what a run with the other option changes, and changes nothing itself', async () => {
    const out = await committed()
    const before = (await out.list('')).map(({ name, size }) => `${name} ${size}`)
    const [found] = (await whatIf(supportJob, { out, options: { timeZone: 'UTC' } })).outputs
    expect((await out.list('')).map(({ name, size }) => `${name} ${size}`)).toEqual(before)
    await runPipeline(supportJob, { data: sample, out, timeZone: 'UTC' })
    // what a run does is seen in the report before and after it: a diff makes both with the options of now
    const after = objectsOf(await (await readState(supportJob, { out })).loadOutput('support_report'))
    const lines = objectsOf(found?.after as never)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(after).toContainEqual(line)
    expect((await diffCommits(supportJob, { out })).tables.find(({ kind }) => kind === 'table')?.changed).toBe(0)
  })

  it('names every row that another line would count, with both lines', async () => {
    const out = await committed()
    const rows = objectsOf(await (await readState(supportJob, { out })).loadTable('interactions'))
    const moved = rows.filter(({ interaction_start: at }) => monthIn('America/New_York', at) !== monthIn('UTC', at))
    expect(moved.length).toBeGreaterThan(0)
    const [found] = (await whatIf(supportJob, { out, options: { timeZone: 'UTC' } })).outputs
    expect(found?.moved?.total).toBe(rows.length)
    const told = objectsOf(found?.moved?.rows as never)
    expect(told.map((row) => row.interaction_id)).toEqual(moved.map((row) => row.interaction_id))
    for (const [at, { interaction_start: start }] of moved.entries()) {
      expect(found?.moved?.from[at]?.month).toBe(monthIn('America/New_York', start))
      expect(found?.moved?.to[at]?.month).toBe(monthIn('UTC', start))
    }
  })

  it('adds up: what leaves and comes to lines is what their figures differ by', async () => {
    const out = await committed()
    for (const options of [
      { timeZone: 'Asia/Kolkata' },
      { monthFrom: 'timestamp' },
      { monthFrom: 'interaction_end' },
    ]) {
      const [found] = (await whatIf(supportJob, { out, options })).outputs
      const { removed = 0, before, after, moved } = found ?? {}
      const change = new Map<string, number>()
      const add = (line: object | null, by: number) => {
        if (line !== null) change.set(Object.values(line).join(), (change.get(Object.values(line).join()) ?? 0) + by)
      }
      for (const line of moved?.from ?? []) add(line, -1)
      for (const line of moved?.to ?? []) add(line, 1)
      const figures = new Map<string, number>()
      const sum = (rows: object[], by: number) => {
        for (const row of rows as Record<string, unknown>[]) {
          const line = [row.month, row.contact_center_name, row.department].join()
          figures.set(line, (figures.get(line) ?? 0) + by * Number(row.total_interactions))
        }
      }
      sum(objectsOf(before as never), -1)
      sum(objectsOf(after as never), 1)
      const differing = (map: Map<string, number>) => [...map].filter(([, by]) => by !== 0).toSorted()
      expect(removed).toBeGreaterThanOrEqual(0)
      expect(differing(change)).toEqual(differing(figures))
    }
  })

  it('refuses options that are none of the job, that cannot be, or that count already', async () => {
    const out = await committed()
    const refusal = (options: object) => whatIf(supportJob, { out, options: options as never })
    await expect(refusal({ timezone: 'UTC' })).rejects.toThrow('did you mean "timeZone"?')
    await expect(refusal({ timeZone: 'Mars' })).rejects.toMatchObject({ code: 'time_zone_unknown' })
    await expect(refusal({ timeZone: 'America/New_York' })).rejects.toThrow('those that count now')
    await expect(refusal({})).rejects.toThrow('those that count now')
  })
})
