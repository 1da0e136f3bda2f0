/** Whole worlds through the job: counts and faults as the ground truth says, in any order of deliveries. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/index.ts'
import { readState, readStatus } from '../../../../src/pipeline/index.ts'
import { complaintsJob } from '../../../../src/systems/complaints/job/complaints-job.ts'
import { expectCounts, expectEnds } from '../ground-truth.ts'
import { contentOfLake, copyOf, objectsOf, placeOf, rowsOf, run, worldOf } from '../worlds.ts'

describe('a faithful world', () => {
  const { files, truth } = worldOf({ days: 2, customers: 1000 })

  it('is accepted whole, with the counts of its ground truth', async () => {
    const out = memoryStore()
    const { quarantined, notes } = await run(placeOf(files), out)
    expect([quarantined, notes, truth.faults]).toEqual([0, [], []])
    await expectCounts(out, truth.files, truth.agents)
    const customers = await rowsOf(out, 'customers')
    const counts = (name: string) =>
      Object.fromEntries(
        Map.groupBy(customers, (row) => String(row[name] ?? 'none'))
          .entries()
          .map(([value, rows]) => [value, rows.length]),
      )
    expect([counts('email_rule'), counts('region')]).toEqual([truth.emailRules, truth.regions])
    for (const table of ['call_logs', 'social_media', 'web_forms']) {
      expect((await rowsOf(out, table)).filter(({ remarks }) => remarks !== null)).toEqual([])
    }
  })
})

describe.each([1, 2])('an adversarial world of seed %i', (seed) => {
  const { files, truth } = worldOf({ customers: 1000, profile: 'adversarial', seed })
  const base = memoryStore()

  it('has every planted fault end where its ground truth says', async () => {
    const { notes } = await run(placeOf(files), base)
    await expectCounts(base, truth.files, truth.agents)
    await expectEnds(base, truth.files, truth.faults)
    expect(notes.filter(({ code }) => code === 'day_missing').map(({ message }) => message)).toEqual(
      truth.missing.map(({ table, day }) => `table ${table} has no file of ${day}`),
    )
  })

  it('takes later deliveries in: a corrected day replaces its day, a late one is added', async () => {
    const out = await copyOf(base)
    const { applied, notes } = await run(placeOf(files, ...truth.later.map(({ folder }) => folder)), out)
    expect(applied.map(({ name }) => name).sort()).toEqual(truth.later.map(({ file }) => file.file).sort())
    expect(notes.filter(({ code }) => code === 'day_missing')).toEqual([])
    const renewed = new Map(truth.later.map(({ file }) => [file.file, file]))
    const before = truth.files.filter(({ file }) => !renewed.has(file))
    await expectCounts(out, [...before, ...renewed.values()], truth.agents)
    const faults = truth.faults.filter(({ file }) => !renewed.has(file))
    await expectEnds(
      out,
      [...before, ...renewed.values()],
      [...faults, ...truth.later.flatMap((later) => later.faults)],
    )
  })

  it.each(truth.refused)('refuses $folder with $code, and nothing is changed', async ({ folder, code }) => {
    const out = await copyOf(base)
    const before = await contentOfLake(out)
    await expect(run(placeOf(files, folder), out)).rejects.toMatchObject({ code })
    expect([await contentOfLake(out), (await readStatus({ out })).commit]).toEqual([before, 1])
  })
})

describe('deliveries', () => {
  const { files, truth } = worldOf({ customers: 1000, profile: 'adversarial', seed: 3 })

  it('make the same lake day by day, in one range and in reverse order', async () => {
    const lakeOf = async (groups: readonly (readonly string[])[]) => {
      const out = memoryStore()
      for (const days of groups) await run(placeOf(files), out, { days })
      return contentOfLake(out)
    }
    const once = await lakeOf([truth.days])
    expect(await lakeOf(truth.days.map((day) => [day]))).toEqual(once)
    expect(await lakeOf(truth.days.toReversed().map((day) => [day]))).toEqual(once)
  })

  it('of other days wait while a run names its days', async () => {
    const out = memoryStore()
    const { skipped } = await run(placeOf(files), out, { days: truth.days.slice(0, 1) })
    const waiting = truth.files.filter(({ day }) => day !== null && day !== truth.days[0]).map(({ file }) => file)
    expect(
      skipped
        .filter(({ reason }) => reason === 'not_selected')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(waiting.sort())
    const { skipped: missing } = await run(placeOf(files), out, { days: ['2025-12-24'] })
    expect(missing.filter(({ reason }) => reason === 'missing')).toHaveLength(3)
  })

  it('of agents are compared with the sheet before, and refused when the sheet has an id twice', async () => {
    const out = memoryStore()
    const days = truth.days.slice(0, 1)
    await run(placeOf(files), out, { days })
    const data = placeOf(files)
    const sheetWith = (...values: readonly unknown[][]) =>
      data.write('sheet/agents.json', [new TextEncoder().encode(JSON.stringify({ values }))])
    const { values } = JSON.parse(new TextDecoder().decode(files.get('sheet/agents.json'))) as { values: unknown[][] }
    const [header = [], first = [], ...others] = values
    await sheetWith(header, first, ...others, first)
    await expect(run(data, out, { days })).rejects.toMatchObject({ code: 'base_duplicate_key' })
    await sheetWith(header, [first[0], 'Ada  Wong', 'MID LEVEL'], ...others, [], [''])
    const { applied } = await run(data, out, { days })
    expect(applied.map(({ summary: { updated, unchanged } }) => [updated, unchanged])).toEqual([[1, 99]])
    const agents = objectsOf(await (await readState(complaintsJob, { out })).loadTable('agents'))
    expect(agents[0]).toEqual({ agent_id: '1000', name: 'Ada Wong', experience: 'Mid-level', state: null })
  })
})
