import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder, supportEtlHere as supportEtl } from '../../../cli/command-line.ts'

/** The published exercise's files; not part of this repository. */
const EXERCISE = join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'data', 'support-challenge')

describe.skipIf(!existsSync(EXERCISE))('the published exercise (needs its files beside the repository)', () => {
  it('is answered as it should be', async () => {
    const out = emptyFolder()
    const ran = await supportEtl(['run', '--data', EXERCISE, '--out', out, '--mode', 'strict', '--json'])
    expect(JSON.parse(ran.stdout)).toMatchObject({
      tables: { interactions: 28, agents: 10, contact_centers: 3, service_categories: 9 },
      quarantined: 0,
    })
    expect(readFileSync(join(out, 'support_report.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(1 + 25)

    const { stdout } = await supportEtl(['answers', '--out', out])
    expect(stdout).toMatch(/Boston MA NE +13\n +Atlanta GA SE +8\n +Richmond VA E +7\n/)
    expect(stdout).toContain(
      '2. The month with the most interactions in 2025-Q1 (2025-01 to 2025-03): 2025-02, with 10 interactions\n',
    )
    expect(stdout).toContain(
      '3. The longest average call in 2025-Q1 (2025-01 to 2025-03): Boston MA NE, 12.73 minutes\n',
    )
    expect(stdout).toMatch(/Boston MA NE +11 +140 +12\.73 +10\.00 +6 +5\.00 +6\n/)
    expect(stdout).toContain('Richmond VA E 12.40, Atlanta GA SE 10.80, Boston MA NE 10.00.')
    expect(stdout).toContain('The ranking reverses: Boston MA NE is first of 3 by call length and last by handle time;')
    expect(stdout).toContain('Answer 2 changes: the busiest month would be 2025-03, with 10 interactions.\n')
  })

  it.each([
    ['UTC', '2025-03'],
    ['EST', '2025-02'],
    ['America/New_York', '2025-02'],
  ])('has its busiest month in %s in %s', async (zone, month) => {
    const out = emptyFolder()
    await supportEtl(['run', '--data', EXERCISE, '--out', out, '--time-zone', zone])
    expect(JSON.parse((await supportEtl(['answers', '--out', out, '--json'])).stdout).busiestMonth.month).toBe(month)
  })
})
