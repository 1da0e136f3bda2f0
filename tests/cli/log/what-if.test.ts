import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../../systems/calls/places.ts'
import { SAMPLE } from '../command-line.ts'

const out = mkdtempSync(join(tmpdir(), 'support-etl-what-if-'))
beforeAll(async () => {
  expect(await commandLine('run', '--data', SAMPLE, '--out', out)).toMatchObject({ status: 0 })
})
afterAll(() => rmSync(out, { recursive: true, force: true }))

const whatIf = (...words: string[]) => commandLine('what-if', '--out', out, ...words)

describe('support-etl what-if', () => {
  it('shows the figures that differ and the rows that move', async () => {
    const { status, stdout } = await whatIf('--time-zone', 'UTC')
    expect(status).toBe(0)
    expect(stdout.replace(out, 'OUT')).toMatchInlineSnapshot(`
      "OUT, version 1: with timeZone UTC instead of America/New_York

      support_report: 2 rows added, 0 removed, 6 changed

      change   month    contact_center_name  department  cells
      -------  -------  -------------------  ----------  ---------------------------------------------------------------------------
      changed  2025-01  Savannah GA          Network     total_interactions: 3 → 2; total_calls: 3 → 2; total_call_duration: 28 → 19
      changed  2025-02  Portland ME          Network     total_interactions: 3 → 2; total_calls: 3 → 2; total_call_duration: 36 → 22
      changed  2025-02  Savannah GA          Network     total_interactions: 1 → 2; total_calls: 1 → 2; total_call_duration: 10 → 19
      changed  2025-02  Tampa FL             New Energy  total_interactions: 7 → 6; total_calls: 5 → 4; total_call_duration: 52 → 40
      changed  2025-03  Portland ME          Network     total_interactions: 1 → 2; total_calls: 1 → 2; total_call_duration: 14 → 28
      changed  2025-03  Savannah GA          Network     total_interactions: 3 → 2; total_calls: 3 → 2; total_call_duration: 31 → 19
      added    2025-03  Tampa FL             New Energy  total_interactions: 1; total_calls: 1; total_call_duration: 12
      added    2025-04  Savannah GA          Network     total_interactions: 1; total_calls: 1; total_call_duration: 12

      4 of 68 rows of interactions count in another line

      interaction_id  month now  month then
      --------------  ---------  ----------
      0201            2025-01    2025-02
      0301            2025-02    2025-03
      0302            2025-02    2025-03
      0324            2025-03    2025-04
      "
    `)
  })

  it('gives the same to a machine', async () => {
    const found = JSON.parse((await whatIf('--time-zone', 'UTC', '--json')).stdout)
    expect(found.options).toEqual({ timeZone: { now: 'America/New_York', other: 'UTC' } })
    const [{ moved, rows, changed, added, removed }] = found.outputs
    expect(rows).toHaveLength(changed + added + removed)
    expect(moved.rows[0]).toMatchObject({
      key: { interaction_id: expect.any(String) },
      from: { month: expect.any(String) },
    })
  })

  it('says which options there are, where none is given', async () => {
    const { status, stderr } = await whatIf()
    expect(status).toBe(2)
    expect(stderr).toContain('give another value of an option of job support: there are --time-zone, --month-from')
  })
})
