import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = join(import.meta.dirname, '../../src')
const script = `
  import { localMonthCodes, localWallTimes } from '${src}/time/local.ts'
  import { parseInstant } from '${src}/time/instant.ts'
  import { zoneOf } from '${src}/time/zone.ts'
  const values = Float64Array.from(
    ['2025-03-01T01:30:00', '2025-03-09T07:30:00', '1969-12-31T23:30', '2025-11-02T01:30:00-04:00', '2025-07-01T00:00Z'],
    parseInstant,
  )
  for (const zone of ['America/New_York', 'EST', 'Asia/Kathmandu']) {
    const { codes, months } = localMonthCodes({ values, unit: 'ms' }, zoneOf(zone))
    console.log(...Array.from(codes, (code) => months[code]), ...localWallTimes({ values, unit: 'ms' }, zoneOf(zone)))
  }
  console.log(zoneOf('America/New_York').instant(Date.UTC(2025, 1, 28, 20, 30)))
`
const run = (TZ: string) =>
  execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    env: { ...process.env, TZ },
    encoding: 'utf8',
  })

describe("the process's own time zone", () => {
  it('never matters', () => {
    const [first, ...others] = ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Europe/London'].map(run)
    expect(first).toContain('2025-02 2025-03 1969-12 2025-11 2025-06')
    for (const other of others) expect(other).toBe(first)
  })
})
