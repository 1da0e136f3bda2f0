/** The published conformance suite: its files are what the library gives, and an independent model gives the same rows. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AuthoredCase, CASES, COLUMNS, randomCases } from '../tools/conformance/cases.ts'
import { expectedOf, type PublishedCase, suiteFiles } from '../tools/conformance/main.ts'
import { pageWith } from '../tools/conformance/page.ts'
import { applyChanges, type Change, type ModelPolicies, type Row, type Rows } from './transform/delta-model.ts'

const root = join(import.meta.dirname, '..')
const published = (name: string): PublishedCase[] =>
  JSON.parse(readFileSync(join(root, 'conformance', name), 'utf8')) as PublishedCase[]

/** What the model knows: plain changes, in the order of the rows, with the four policies of its own. */
function modelRows({ base, deltas, policies = {} }: AuthoredCase): readonly (readonly unknown[])[][] {
  const { nulls, defaultAction, contract: _, columnAliases = {}, ...own } = policies
  const isKept = (name: string): boolean =>
    nulls === 'keep' || (typeof nulls === 'object' && nulls.keep?.includes(name) === true)
  let rows: Rows = base.rows.map((row) => Object.fromEntries(base.columns.map((name, at) => [name, row[at] ?? null])))
  return deltas.map((delta) => {
    const changes = delta.rows.map((cells): Change => {
      const named = Object.fromEntries(
        delta.columns.map((name, at) => [columnAliases[name] ?? name, cells[at] ?? null]),
      )
      const { action: word = defaultAction ?? null, ...rest } = named
      const action = String(word).trim().toLowerCase() === 'insert' ? 'add' : String(word).trim().toLowerCase()
      const kept = Object.entries(rest).filter(
        ([name, cell]) => COLUMNS.includes(name as 'id') && !(action === 'update' && cell === null && isKept(name)),
      )
      const row = Object.fromEntries(
        kept.map(([name, cell]) => [
          name,
          name === 'minutes' && typeof cell === 'string' && action !== 'delete' ? Number(cell) : cell,
        ]),
      )
      return { action: action as Change['action'], row: row as Row }
    })
    rows = applyChanges(rows, changes, COLUMNS, own as ModelPolicies).rows
    return rows.map((row) => COLUMNS.map((name) => row[name] ?? null))
  })
}

describe('the conformance suite', () => {
  it.each(Object.entries(suiteFiles()))('has %s as `node tools/conformance/main.ts` writes it', (name, text) => {
    expect(readFileSync(join(root, 'conformance', name), 'utf8')).toBe(text)
  })

  it('is shown by its page as it was measured, the reference right in every case', () => {
    const results = JSON.parse(readFileSync(join(root, 'conformance', 'results.json'), 'utf8'))
    const page = readFileSync(join(root, 'docs', 'conformance.md'), 'utf8')
    expect(pageWith(page, results)).toBe(page)
    const ids = [...published('decisions.json'), ...published('laws.json')].map(({ id }) => id)
    for (const { verdicts } of Object.values(results) as { verdicts: object }[])
      expect(Object.keys(verdicts)).toEqual(ids)
    expect(new Set(Object.values(results['support-etl'].verdicts))).toEqual(new Set(['same', 'refused']))
  })

  it('has every case once, and says of each what is expected', () => {
    const all = [...published('decisions.json'), ...published('laws.json')]
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const { id, expected, error } of all) expect([expected === undefined, error === undefined], id).toContain(true)
    for (const { id, expected, error } of all) expect(expected === undefined, id).toBe(error !== undefined)
  })

  const modelled = [...CASES, ...randomCases(25)].filter(
    ({ error, policies }) => error === undefined && policies?.sequenceBy === undefined,
  )
  it.each(modelled.map((each) => [each.id, each] as const))('%s: the model gives the same rows', (_, each) => {
    expect(modelRows(each)).toEqual(expectedOf(each))
  })

  it('holds the laws: at once is one after the other, and twice is once', () => {
    for (const each of randomCases(25)) {
      const last = (expectedOf(each) as unknown[]).at(-1)
      const [columns, rows] = [each.deltas[0]?.columns ?? [], each.deltas.flatMap((delta) => delta.rows)]
      const atOnce = expectedOf({ ...each, deltas: [{ columns, rows }] }) as unknown[][]
      const byKey = (found: unknown) => [...(found as unknown[])].map((row) => JSON.stringify(row)).sort()
      // rows that a later delta deletes and adds again are placed alike either way
      expect(atOnce.at(-1), each.id).toEqual(last)
      const twice = expectedOf({ ...each, deltas: each.deltas.flatMap((delta) => [delta, delta]) }) as unknown[][]
      expect(byKey(twice.at(-1)), each.id).toEqual(byKey(last))
    }
  })
})
