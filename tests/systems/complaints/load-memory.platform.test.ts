/** The memory of `complaints load` grows neither with the days that it brings nor with the rows of a day that is delivered again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { supportEtlSource } from '../../cli/command-line.ts'
import { findPrograms, suiteServer } from '../../postgres-server.ts'

const programs = findPrograms()

describe.skipIf(programs === null)('complaints load (apt-get install postgresql)', () => {
  const suite = suiteServer(programs)
  let folder = ''
  let peak = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'support-etl-load-memory-'))
    // the command itself does not tell its memory
    peak = join(folder, 'peak.mjs')
    writeFileSync(peak, "process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS / 1024))\n")
  })
  afterAll(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })

  const command = (args: readonly string[]) => {
    const ended = supportEtlSource(['complaints', ...args], { nodeOptions: ['--import', pathToFileURL(peak).href] })
    expect(ended.status, ended.stderr).toBe(0)
    return { ...ended, peakMemory: Number(/peak ([\d.]+)/.exec(ended.stderr)?.[1]) }
  }
  /** Loads a lake, and returns rows written by table and peak memory in MiB. */
  const load = (name: string) => {
    const place = ['--out', join(folder, name), '--warehouse', suite.server.url, '--schema', name]
    const { stdout, peakMemory } = command(['load', ...place, '--json'])
    const rows = JSON.parse(stdout).rows as Readonly<Record<string, number>>
    return { rows, peakMemory }
  }
  const land = (name: string) => command(['run', '--data', join(folder, `world-${name}`), '--out', join(folder, name)])
  const make = (name: string, customers: number, days: number): void => {
    const size = ['--customers', String(customers), '--days', String(days)]
    command(['generate', ...size, '--out', join(folder, `world-${name}`)])
    land(name)
  }
  /** Lands every file in CSV once more, without its last record. */
  const correct = (name: string): void => {
    const world = join(folder, `world-${name}`)
    const files = readdirSync(world, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.csv'))
    for (const file of files.map((each) => join(world, each))) {
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
      // an address has two lines
      writeFileSync(file, `${lines.slice(0, file.includes('customers') ? -2 : -1).join('\n')}\n`)
    }
    land(name)
  }

  it('takes no more for 40 days than for 10, at first and when all of them are delivered again', {
    timeout: 1_800_000,
  }, () => {
    const [first, again] = [10, 40].map((days) => {
      const name = `days_${days}`
      make(name, 24_000, days)
      const anew = load(name)
      correct(name)
      const corrected = load(name)
      expect(corrected.rows).toMatchObject({ call_logs: days, web_forms: days, customers: 1 })
      return { rows: anew.rows, anew: anew.peakMemory, corrected: corrected.peakMemory }
    }) as [Measured, Measured]
    expect(again.rows.call_logs).toBeGreaterThan(3 * Number(first.rows.call_logs))
    expect(again.anew / first.anew).toBeLessThan(1.1)
    expect(again.corrected / first.corrected).toBeLessThan(1.1)
  })

  it('takes no more for a day of 400,000 rows that is delivered again than for one of 100,000', {
    timeout: 1_800_000,
  }, () => {
    const [few, many] = [100_000, 400_000].map((customers) => {
      const name = `customers_${customers}`
      make(name, customers, 1)
      load(name)
      correct(name)
      const { rows, peakMemory } = load(name)
      expect(rows).toMatchObject({ raw_customers: 1, customers: 1 })
      return peakMemory
    }) as [number, number]
    expect(many / few).toBeLessThan(1.25)
  })
})

interface Measured {
  readonly rows: Readonly<Record<string, number>>
  readonly anew: number
  readonly corrected: number
}
