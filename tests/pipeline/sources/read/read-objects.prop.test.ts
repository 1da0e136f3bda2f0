import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ObjectsReader } from '../../../../src/pipeline/sources/read/read-objects.ts'
import { defineTable, float64, key, nullable, string } from '../../../../src/table/contract.ts'
import { columnOf } from '../../../../src/table/frame.ts'

const calls = defineTable('calls', { call_id: key(string()), minutes: nullable(float64()), note: nullable(string()) })
const bytesOf = (text: string) => new TextEncoder().encode(text)

function read(texts: readonly string[]) {
  const reader = new ObjectsReader(calls)
  for (const text of texts) reader.add(bytesOf(text))
  const { frame, files, issues, counts } = reader.end()
  const [ids, minutes, notes] = ['call_id', 'minutes', 'note'].map((name) => [...columnOf(frame, name)])
  const rows = Array.from(files, (file, row) => [file, ids?.[row], minutes?.[row], notes?.[row]])
  return { rows, issues: issues.map(({ file, code }) => [file, code]), counts: counts.length }
}

/** What a file is by the language's own parser: its row, or null where it is no object of the table. */
function modelOf(text: string): (string | number | null)[] | null {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { call_id: id, minutes = null, note = null, ...others } = value as Record<string, unknown>
  if (typeof id !== 'string' || Object.keys(others).length > 0) return null
  if (minutes !== null && typeof minutes !== 'number') return null
  if (note !== null && typeof note !== 'string') return null
  return [id, minutes, note]
}

function expectModel(texts: readonly string[]): void {
  const { rows, issues, counts } = read(texts)
  const model = texts.map(modelOf)
  expect(rows).toEqual(model.flatMap((row, file) => (row === null ? [] : [[file, ...row]])))
  const bad = new Set(issues.map(([file]) => file))
  expect([...bad].sort((a, b) => Number(a) - Number(b))).toEqual(
    model.flatMap((row, file) => (row === null ? file : [])),
  )
  expect(counts).toBe(texts.length)
}

describe('objects that are read many at once', () => {
  it('are the values of their own files, whatever the files beside them hold', () => {
    const good = fc
      .record({
        id: fc.string(),
        minutes: fc.integer({ min: -9, max: 9 }),
        note: fc.option(fc.string()),
        space: fc.nat(3),
      })
      .map(({ id, minutes, note, space }) => JSON.stringify({ call_id: `C${id}`, minutes, note }, null, space))
    const bad = fc.constantFrom(
      ...['', ' \n\t', '{', '}', '{}', '[]', '{"call_id":"A"', '"note":"x"}', '{"call_id":"A"},{"call_id":"B"}'],
      ...['{"call_id":"A"}{"call_id":"B"}', '{"call_id":"A"}\n{"call_id":"B"}', '{"call_id":null}', 'null', ',', ']'],
      ...['{"call_id":"A","note":"two\nlines"}', '{"call_id":"A","other":1}', '{"call_id":"A","minutes":"x"}'],
    )
    fc.assert(fc.property(fc.array(fc.oneof(good, bad), { maxLength: 40 }), expectModel), { numRuns: 150 })
  })

  it('are in the order of their files where there are more than are parsed together', () => {
    const bad = new Set([0, 1, 1998, 1999, 2000, 2001, 3999, 4000, 4499])
    const texts = Array.from({ length: 4500 }, (_, at) =>
      bad.has(at) ? '{"call_id":' : `{"note":"N${at}",\r\n"minutes":${at / 4},"call_id":"C${at}"}\n`,
    )
    expectModel(texts)
  })

  it('may be long: a few make a batch', () => {
    const texts = Array.from({ length: 5 }, (_, at) => JSON.stringify({ call_id: `C${at}`, note: 'x'.repeat(5 << 20) }))
    expect(read([...texts, '{']).rows.map(([file, id]) => [file, id])).toEqual(texts.map((_, at) => [at, `C${at}`]))
  })

  it('wait where a text has a line break that JSON does not allow', () => {
    expect(read(['{"call_id":"A","note":"two\nlines"}', '{\n"call_id":\n"B"\n}'])).toEqual({
      rows: [[1, 'B', null, null]],
      issues: [[0, 'json_invalid']],
      counts: 2,
    })
  })

  it('may begin with a byte order mark', () => {
    expect(read(['{"call_id":"A"}', '\ufeff{"call_id":"B"}']).rows.map(([, id]) => id)).toEqual(['A', 'B'])
  })
})
