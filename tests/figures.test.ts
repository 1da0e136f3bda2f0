import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blockOf, KINDS, otherSkips, sectionsOf, type Told } from './figures.ts'

const told = (file: string, names: string[], figures = {}, state: Told['state'] = 'passed'): Told => ({
  file,
  names,
  state,
  figures,
})

describe('the block of figures', () => {
  it('adds up what tests of a kind counted, and keeps the slowest', () => {
    const sections = sectionsOf([
      told('hardening/a.test.ts', ['x'], { planted: 20, 'slowest, ms (varies)': 7, kind: 'a' }),
      told('hardening/b.test.ts', ['y'], { planted: 12, 'slowest, ms (varies)': 3, kind: 'b' }),
    ])
    expect(sections).toEqual([
      {
        heading: 'hardening',
        tests: 2,
        failed: 0,
        figures: { planted: 32, 'slowest, ms (varies)': 7, kind: 'a; b' },
        skipped: [],
      },
    ])
  })

  it('names what did not run, a whole suite at once, and says what failed', () => {
    const sections = sectionsOf([
      told('connect/s3-server.platform.test.ts', ['moto', 'one'], {}, 'skipped'),
      told('connect/s3-server.platform.test.ts', ['moto', 'two'], {}, 'skipped'),
      told('connect/files.test.ts', ['folder', 'three'], { places: 1234 }),
      told('connect/files.test.ts', ['folder', 'four'], {}, 'skipped'),
      told('connect/files.test.ts', ['folder', 'five'], {}, 'failed'),
    ])
    expect(blockOf(sections)).toBe(
      [
        '  stores (5 tests, 1 FAILED)',
        '    places  1,234',
        '    skipped: moto: all 2 tests',
        '    skipped: folder > four',
      ].join('\n'),
    )
  })

  it('names the skipped tests of other files, too', () => {
    const tests = [
      told('dashboard/page.platform.test.ts', ['in Chromium', 'one'], {}, 'skipped'),
      told('dashboard/page.platform.test.ts', ['in Chromium', 'two'], {}, 'skipped'),
      told('connect/files.test.ts', ['folder', 'four'], {}, 'skipped'),
      told('table/key.test.ts', ['x']),
    ]
    expect(otherSkips(tests)).toEqual(['in Chromium: all 2 tests'])
  })

  it('leaves other tests alone', () => {
    expect(sectionsOf([told('table/key.test.ts', ['x'], { keys: 1 })])).toEqual([])
  })

  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'reliability.md'), 'utf8')
  const table = page.slice(page.indexOf('<!-- figures: begin -->'), page.indexOf('<!-- figures: end -->'))

  it('stands in docs/reliability.md, every kind with its figures', () => {
    const [, ...headings] = [...table.matchAll(/^\| (\w[^|]*) \| /gm)].map(([, heading]) => heading)
    expect(headings).toEqual(KINDS.map(({ heading }) => heading))
  })

  it('gives no part that is larger than its whole', () => {
    const rows = [...table.matchAll(/^\| [^|]* \| ([^|]+) \| ([\d.,]+) \|$/gm)]
    let [whole, parts] = [Number.NaN, 0]
    for (const [, name = '', figure = ''] of rows) {
      const count = Number(figure.replaceAll(',', ''))
      if (!/^(\w+: )?of (them|these) /.test(name)) whole = count
      else {
        parts += 1
        expect(count, name).toBeLessThanOrEqual(whole)
      }
    }
    expect(parts).toBeGreaterThan(5)
  })
})
