/** Presets: each reads a made-up sample of its product's documented shape into the rows beside it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCsv, PRESETS, type PresetName, readJson, readJsonLines } from '../../src/format/index.ts'
import { boolean, date, defineTable, float64, key, nullable, string, timestamp } from '../../src/table/contract.ts'

const folder = join(import.meta.dirname, '..', 'fixtures', 'presets')
const names = Object.keys(PRESETS) as PresetName[]

/** What a preset of a way of writing is tried on: a sheet with the columns of its sample. */
function sheetOf(header: string) {
  const [id = '', day = '', at = '', amount = '', open = '', note = ''] = header.split(';')
  return defineTable('sheet', {
    [id]: key(string()),
    [day]: nullable(date()),
    [at]: timestamp(),
    [amount]: float64(),
    [open]: boolean(),
    [note]: string(),
  })
}

describe('the presets', () => {
  it('have a sample each', () => {
    expect(readdirSync(folder).sort()).toEqual([...names].sort())
  })

  it.each(names)('%s reads its sample', (name) => {
    const { format, dialect, contract, sequenceBy, source } = PRESETS[name]
    const file = readdirSync(join(folder, name)).find((one) => one.startsWith('input')) ?? ''
    const bytes = readFileSync(join(folder, name, file))
    const table = contract ?? sheetOf(bytes.toString('latin1').split('\r\n')[0] ?? '')
    const read = {
      csv: () => checkCsv(bytes, table, dialect),
      json: () => readJson(bytes, table, dialect),
      json_lines: () => readJsonLines(bytes, table, dialect),
    }[format]()
    const rows = 'issues' in read ? read.table.objects() : read.objects()
    if ('issues' in read) expect(read.issues).toEqual([])
    const expected = readFileSync(join(folder, name, 'expected.json'), 'utf8')
    const shown = rows.map((row) =>
      JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    )
    expect(`[\n${shown.join(',\n')}\n]\n`).toBe(expected)
    if (sequenceBy !== null) expect(Object.keys(table.columns)).toContain(sequenceBy)
    expect(source).toMatch(/^https:|Guide/)
  })

  it('name only columns of their contracts', () => {
    for (const { contract, dialect } of Object.values(PRESETS)) {
      const known = Object.keys(contract?.columns ?? {})
      if (contract === null) continue
      for (const column of [...Object.values(dialect.columnAliases ?? {}), ...Object.keys(dialect.durations ?? {})]) {
        expect(known).toContain(column)
      }
    }
  })
})
