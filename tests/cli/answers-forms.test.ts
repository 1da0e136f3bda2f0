import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../systems/calls/places.ts'
import { SAMPLE } from './command-line.ts'

const root = mkdtempSync(join(tmpdir(), 'support-etl-answers-'))
const [out, big, made] = ['out', 'big', 'made'].map((name) => join(root, name)) as [string, string, string]
beforeAll(async () => {
  expect(await commandLine('run', '--data', SAMPLE, '--out', out)).toMatchObject({ status: 0 })
  expect(await commandLine('generate', '--interactions', '2000', '--out', made)).toMatchObject({ status: 0 })
  expect(await commandLine('run', '--data', made, '--out', big)).toMatchObject({ status: 0 })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const answers = async (place: string, ...words: string[]) =>
  (await commandLine('answers', '--out', place, ...words)).stdout

describe('answers --evidence', () => {
  it.each(['2024-Q2', '2024-Q4', '2025-Q1', 'all'])(
    'lists as many calls of %s as the sentence says',
    async (quarter) => {
      for (const place of [out, big]) {
        const found = JSON.parse(await answers(place, '--quarter', quarter, '--evidence', '--json'))
        const name = found.longestAverageCall?.contact_center_name
        const winner = found.calls.find((row: { contact_center_name: string }) => row.contact_center_name === name)
        const rows: { minutes_after_resolution: number; file: string; row: number }[] = found.evidence ?? []
        expect(rows).toHaveLength(winner?.calls_after_resolution ?? 0)
        const minutes = rows.reduce((sum, row) => sum + row.minutes_after_resolution, 0)
        if (rows.length > 0) expect(minutes / rows.length).toBeCloseTo(winner.average_minutes_after_resolution, 9)
        for (const row of rows) expect([/\.csv$/.test(row.file), row.row > 0]).toEqual([true, true])
      }
    },
  )

  it('shows them below the answers', async () => {
    const text = await answers(out, '--evidence')
    expect(text).toContain('Evidence: 14 calls of Portland ME that go on after the agent has resolved them')
    expect(text).toMatch(/\n {3}0206 {2,}2025-02-06T13:50:00Z .* delta\/interactions_delta_202502\.csv/)
    expect(await answers(out)).not.toContain('Evidence')
  })
})

describe('answers --format', () => {
  it('gives Markdown with every table and sentence', async () => {
    const text = await answers(out, '--format', 'md')
    expect(text.match(/^## /gm)).toHaveLength(3)
    expect(text).toContain('| Portland ME | 22 |\n')
    expect(text).toContain('| contact center | interactions |\n| --- | --: |\n')
    expect(text).toContain('The ranking reverses: Portland ME is first of 4')
  })

  it('gives a page that needs nothing else, with the same figures', async () => {
    const text = await answers(out, '--format', 'html', '--evidence')
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(text).not.toMatch(/<script|src=|href=/)
    for (const name of ['table', 'thead', 'tbody', 'tr', 'td', 'th', 'h2', 'p']) {
      const count = (mark: RegExp) => text.match(mark)?.length ?? 0
      expect(count(new RegExp(`<${name}[ >]`, 'g')), name).toBe(count(new RegExp(`</${name}>`, 'g')))
    }
    expect(text).toContain('<td>Portland ME</td><td class="right">22</td>')
    expect(text.match(/<tr>/g)).toHaveLength(4 + 4 + 3 + 4 + 14)
  })

  it('refuses a limit where every row is given', async () => {
    const { status, stderr } = await commandLine('answers', '--out', out, '--format', 'md', '--limit', '3')
    expect([status, stderr.includes('--format md has every row')]).toEqual([2, true])
  })
})
