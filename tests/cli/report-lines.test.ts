import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../systems/calls/places.ts'
import { SAMPLE } from './command-line.ts'
import { typed } from './typed.ts'

const out = mkdtempSync(join(tmpdir(), 'support-etl-lines-'))
beforeAll(async () => {
  expect(await commandLine('run', '--data', SAMPLE, '--out', out)).toMatchObject({ status: 0 })
})
afterAll(() => rmSync(out, { recursive: true, force: true }))

const report = (...words: string[]) => commandLine('report', '--out', out, ...words)
type Line = Readonly<Record<string, string | number>>
const rowsOf = async (...words: string[]): Promise<Line[]> => JSON.parse((await report(...words, '--json')).stdout).rows

describe('a folder where nothing is', () => {
  it.each(['answers', 'dashboard'])('is told by %s, with the one that was meant', async (command) => {
    const folder = join(out, 'places')
    mkdirSync(join(folder, 'output'), { recursive: true })
    const site = command === 'dashboard' ? ['--export', join(folder, 'site')] : []
    const { stderr } = await commandLine(command, '--out', join(folder, 'outptu'), ...site)
    expect(stderr).toContain(`(did you mean ${join(folder, 'output')}?)`)
  })
})

describe('the lines of the report', () => {
  it('are those of the month, contact center and department that are named', async () => {
    const all = await rowsOf()
    const of = (cells: Line) => all.filter((row) => Object.entries(cells).every(([name, value]) => row[name] === value))
    const [month, center, department] = ['2025-02', 'Portland ME', 'Network']
    expect(await rowsOf('--month', month)).toEqual(of({ month }))
    expect(await rowsOf('--month', '202502')).toEqual(of({ month }))
    expect(await rowsOf('--contact-center', center)).toEqual(of({ contact_center_name: center }))
    const named = await rowsOf('--month', month, '--contact-center', center, '--department', department)
    expect(named).toEqual(of({ month, contact_center_name: center, department }))
    expect(named).toHaveLength(1)
    const csv = await report('--format', 'csv', '--month', month)
    expect(csv.stdout.trimEnd().split('\n')).toHaveLength(1 + of({ month }).length)
  })

  it.each([
    [
      ['--contact-center', 'Portland'],
      '--contact-center: there is no contact center "Portland": did you mean "Portland ME"?',
    ],
    [['--department', 'Netwrk'], '--department: there is no department "Netwrk": did you mean "Network"?'],
    [['--month', '2031-07'], '--month: there is no month "2031-07": there are "2025-01"'],
    [['--limit', '3', '--json'], '--limit "3": expected a table; --json has every row'],
    [['--limit', '3', '--format', 'csv'], '--limit "3": expected a table; --format csv has every row'],
    [['--limit', '3', '--all'], '--limit "3": expected either --limit or --all'],
    [['--limit', 'few'], '--limit "few": expected a whole number'],
  ])('refuses %j', async (words, message) => {
    const { status, stderr } = await report(...words)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  it('warns where every name is there, and no line has all of them', async () => {
    const { status, stderr } = await report('--month', '2025-01', '--contact-center', 'Tampa FL')
    expect(status).toBe(0)
    expect(stderr).toBe('warning: the report has no line for "2025-01", "Tampa FL" together\n')
  })

  it('are whole in a pipe, and as many as asked for anywhere', async () => {
    const count = ({ stdout }: { readonly stdout: string }) =>
      stdout.split('\n').filter((line) => /^20/.test(line)).length
    expect(count(await report())).toBe((await rowsOf()).length)
    const few = await report('--limit', '3')
    expect([count(few), few.stdout.trimEnd().split('\n').at(-1)]).toEqual([
      3,
      '25 rows, 3 shown; --all shows every row',
    ])
    expect(count(await typed(80, ['report', '--out', out, '--limit', '3']))).toBe(3)
  })
})
