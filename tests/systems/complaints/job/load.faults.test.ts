/** A lake in a warehouse: an embedded database takes what a server takes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/index.ts'
import { followCommits } from '../../../../src/pipeline/destinations/follow-commits.ts'
import { type CurrentIndex, deliverState, pglite } from '../../../../src/pipeline/index.ts'
import { warehouseAt } from '../../../../src/systems/complaints/commands/load.ts'
import { complaintsJob } from '../../../../src/systems/complaints/job/complaints-job.ts'
import { textOf } from '../../../pipeline/phone-job.ts'
import { placeOf, run, worldOf } from '../worlds.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-load-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('complaints load', () => {
  const { files } = worldOf({ customers: 1000, days: 4, profile: 'adversarial', seed: 4 })
  const out = memoryStore()
  const destinations = [warehouseAt(`pglite:${folder}/warehouse`, 'lake')]

  it('brings every table of the commit into the schema, and only changes the second time', {
    timeout: 120_000,
  }, async () => {
    await run(placeOf(files), out, { days: ['2025-11-20'] })
    const [first] = await deliverState(complaintsJob, { out, destinations })
    expect(first?.commit).toBe(1)
    await run(placeOf(files), out)
    const [second] = await deliverState(complaintsJob, { out, destinations })
    expect(second?.status).toBe('changes')
    expect(Object.keys(second?.rows ?? {})).not.toContain('customers')
    const again = await deliverState(complaintsJob, { out, destinations })
    expect(again).toEqual([{ name: 'warehouse', status: 'current', commit: 2, rows: {} }])
    const follower = await followCommits(
      complaintsJob,
      pglite({ folder: `${folder}/warehouse`, schema: 'lake', name: 'warehouse' }),
      { out },
    )
    const { tables } = JSON.parse(await textOf(out, 'current.json')) as CurrentIndex
    for (const [name, { rows }] of Object.entries(tables)) {
      const [counted] = await follower.query(`SELECT count(*) AS rows FROM lake."${name}"`)
      expect(Number(counted?.rows), name).toBe(rows)
    }
    await follower.stop()
  })
})
