/** Declared formats on the command line: the file beside the data, the flags, and what counts. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SAMPLE as sample, supportEtlHere as supportEtl } from './command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-formats-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const zoned = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d):(\d\d)Z$/

/** Minutes as `hh:mm:ss`. */
function clock(minutes: number): string {
  const seconds = Math.round(minutes * 60_000) / 1000
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const rest = seconds % 60
  const whole = two(rest)
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${rest === Math.floor(rest) ? whole : whole + String((rest % 1).toFixed(3)).slice(1)}`
}

/** The sample as a German spreadsheet would have it: semicolons, Latin-1, days first, decimal commas, durations by the clock. */
function rewritten(name: string): string {
  const place = join(folder, name)
  cpSync(sample, place, { recursive: true })
  for (const file of readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.csv'))) {
    const [header = '', ...lines] = readFileSync(join(place, file), 'utf8')
      .replace(/^\ufeff/, '')
      .trimEnd()
      .split(/\r?\n/)
    const names = header.split(',')
    const cells = lines.map((line) =>
      line
        .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
        .map((cell, at) => {
          const [, year, month, day, time, second] = zoned.exec(cell) ?? []
          if (year !== undefined) return `${day}/${month}/${year} ${time}:${second}`
          if (names[at] === 'call_duration_minutes' && cell !== '') return clock(Number(cell))
          return cell
        })
        .join(';'),
    )
    writeFileSync(join(place, file), Buffer.from(`${[names.join(';'), ...cells].join('\r\n')}\r\n`, 'latin1'))
  }
  return place
}

const DECLARED = {
  tables: {
    '*': { delimiter: ';', encoding: 'latin1', timestamps: { form: 'dd/MM/yyyy HH:mm:ss' }, decimal: ',' },
    interactions: {
      delimiter: ';',
      encoding: 'latin1',
      timestamps: { form: 'dd/MM/yyyy HH:mm:ss' },
      durations: { call_duration_minutes: { form: 'hh:mm:ss', unit: 'minutes' } },
    },
  },
}

describe('declared formats on the command line', () => {
  it('give the report the same bytes as the files they were made of', async () => {
    const plain = join(folder, 'plain')
    await supportEtl(['run', '--data', sample, '--out', plain])
    const data = rewritten('german')
    writeFileSync(join(data, 'support-etl.json'), JSON.stringify(DECLARED))
    const out = join(folder, 'declared')
    expect(await supportEtl(['run', '--data', data, '--out', out])).toMatchObject({ status: 0 })
    for (const copy of ['support_report.csv', 'interactions.csv', 'agents.csv']) {
      expect(readFileSync(join(out, copy), 'utf8')).toBe(readFileSync(join(plain, copy), 'utf8'))
    }
    // nothing to do, and status knows that as well
    expect((await supportEtl(['run', '--data', data, '--out', out])).stdout).toContain('nothing to do')
    expect((await supportEtl(['status', '--data', data, '--out', out, '--json'])).stdout).toContain('"pending": []')
    // the file is named as well as found
    rmSync(join(data, 'support-etl.json'))
    const config = join(folder, 'formats.json')
    writeFileSync(config, JSON.stringify(DECLARED))
    expect((await supportEtl(['run', '--data', data, '--out', out, '--config', config])).stdout).toContain(
      'nothing to do',
    )
    // without it, the files would be read otherwise
    const refused = await supportEtl(['run', '--data', data, '--out', out])
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('the declared format of')
  })

  it('are proposed by inspect, which names all of it, and read the files when pasted', async () => {
    const data = rewritten('inspected')
    const tables: Record<string, unknown> = {}
    for (const table of ['interactions', 'agents', 'contact_centers', 'service_categories']) {
      const args = ['inspect', join(data, 'initial', `${table}.csv`), '--table', table, '--json']
      const { declaration, comparison } = JSON.parse((await supportEtl(args)).stdout)
      expect(comparison).toEqual({ table, missing: [], extra: [] })
      tables[table] = declaration
    }
    expect(tables.interactions).toEqual({
      delimiter: ';',
      timestamps: { form: 'dd/MM/yyyy HH:mm:ss' },
      durations: { call_duration_minutes: { form: 'hh:mm:ss', unit: 'minutes' } },
    })
    writeFileSync(join(data, 'support-etl.json'), JSON.stringify({ tables }))
    const out = join(folder, 'pasted')
    expect(await supportEtl(['run', '--data', data, '--out', out])).toMatchObject({ status: 0 })
    const report = readFileSync(join(out, 'support_report.csv'), 'utf8')
    expect(report).toBe(readFileSync(join(folder, 'plain', 'support_report.csv'), 'utf8'))
    const told = (await supportEtl(['inspect', join(data, 'initial', 'interactions.csv')])).stdout
    expect(told).toContain('CSV in utf-8, line ends CRLF, cells between ";"')
    expect(told).toMatch(/dd\/MM\/yyyy HH:mm:ss \(\d+ fit, \d+ only it\)/)
    expect(told).toContain('timestamps name no zone')
    const wrong = await supportEtl(['inspect', join(data, 'initial', 'agents.csv'), '--table', 'agnts'])
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('did you mean "agents"?') })
    expect(await supportEtl(['inspect', join(data, 'nope.csv')])).toMatchObject({ status: 1 })
  })

  it('are flags for a file or two, which count before the declaration', async () => {
    const data = join(folder, 'flags')
    mkdirSync(join(data, 'initial'), { recursive: true })
    for (const table of ['agents', 'contact_centers', 'service_categories', 'interactions']) {
      const text = readFileSync(join(sample, 'initial', `${table}.csv`), 'utf8')
      writeFileSync(join(data, 'initial', `${table}.csv`), text.replaceAll(',', '|'))
    }
    writeFileSync(join(data, 'support-etl.json'), '{"tables":{"*":{"delimiter":";"}}}')
    expect((await supportEtl(['check', '--data', data])).status).not.toBe(0)
    expect((await supportEtl(['check', '--data', data, '--delimiter', '|'])).stdout).not.toContain(
      'a run would stop at',
    )
    const wrong = await supportEtl(['check', '--data', data, '--delimiter', '|', '--timestamps', 'dd/MM/YYYY'])
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('has "YYYY", expected yyyy') })
    const encoding = await supportEtl(['check', '--data', data, '--encoding', 'utf8'])
    expect(encoding).toMatchObject({ status: 2, stderr: expect.stringContaining('windows-1252') })
  })

  it('are refused with file and path where they cannot be', async () => {
    const config = join(folder, 'wrong.json')
    writeFileSync(config, '{"tables":{"agents":{"delimeter":";"}}}')
    const wrong = await supportEtl(['run', '--data', sample, '--out', join(folder, 'x'), '--config', config])
    expect(wrong).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${config}: tables.agents has "delimeter"`),
    })
    const missing = await supportEtl([
      'run',
      '--data',
      sample,
      '--out',
      join(folder, 'x'),
      '--config',
      join(folder, 'wrng.json'),
    ])
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('there is no such file (did you mean') })
  })
})
