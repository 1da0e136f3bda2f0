/** The same bytes from the same files, wherever and whenever a process runs. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder, SAMPLE, supportEtl } from '../cli/command-line.ts'

const ZONES = ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Europe/London']
/** Turkish has another lower case for I, and writes numbers with commas. */
const LOCALES = ['C', 'tr_TR.UTF-8']
const YEARS = [0, -30, 20]

/** Moves the clock of a process. */
function clockMovedBy(years: number): string[] {
  if (years === 0) return []
  const script = `const Real = Date, shift = ${years * 365.25 * 86_400_000}
    globalThis.Date = class extends Real {
      constructor(...given) { super(...(given.length === 0 ? [Real.now() + shift] : given)) }
      static now() { return Real.now() + shift }
    }`
  return [`--import=data:text/javascript,${encodeURIComponent(script)}`]
}

/** Everything but the log, which tells the time, and what the run said. */
function runUnder(zone: string, locale: string, years: number) {
  const folder = emptyFolder()
  const { status, stdout, stderr } = supportEtl(['run', '--data', SAMPLE, '--out', 'output'], {
    cwd: folder,
    env: { TZ: zone, LC_ALL: locale, LANG: locale, LANGUAGE: locale },
    nodeOptions: clockMovedBy(years),
  })
  expect([status, stderr]).toEqual([0, ''])
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile() && !name.includes('log'))
    .sort()
  const files = names.map((name) => [name, readFileSync(join(folder, name), 'latin1')])
  const [commit = ''] = readdirSync(join(folder, 'output', '.support-etl', 'log'))
  const record = JSON.parse(readFileSync(join(folder, 'output', '.support-etl', 'log', commit), 'utf8'))
  return { stdout, files, committedAt: String(record.committedAt) }
}

describe('a run in a process of its own', () => {
  it('writes the same bytes under five time zones, two locales and a moved clock', ({ task }) => {
    const { stdout, files, committedAt } = runUnder('UTC', 'C', 0)
    expect(files.length).toBeGreaterThan(15)
    const years = new Set([committedAt.slice(0, 4)])
    let processes = 1
    for (const [zoneAt, zone] of ZONES.entries()) {
      for (const [localeAt, locale] of LOCALES.entries()) {
        const moved = YEARS[(zoneAt + localeAt) % YEARS.length] ?? 0
        const other = runUnder(zone, locale, moved)
        expect({ stdout: other.stdout, files: other.files }, `${zone} ${locale} ${moved}`).toEqual({ stdout, files })
        years.add(other.committedAt.slice(0, 4))
        processes += 1
      }
    }
    // the clock did move
    expect(years.size).toBe(YEARS.length)
    task.meta.figures = {
      'time zones': ZONES.length,
      locales: LOCALES.length,
      clocks: years.size,
      'processes with the same bytes': processes,
      'files compared in each': files.length,
    }
  }, 120_000)
})
