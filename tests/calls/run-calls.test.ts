import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { folderStore } from '../../src/connect/files.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { ConnectError } from '../../src/errors.ts'
import { parquetFrame } from '../../src/format/parquet.ts'
import { type CallsEffects, runCalls } from '../../src/jobs/calls.ts'
import { callLog, type GroundTruth } from '../../src/model/call-log.ts'
import { curatedCalls } from '../../src/model/calls.ts'
import { callAnomalies } from '../../src/report/calls-anomalies.ts'
import { callKpis } from '../../src/report/calls-kpis.ts'
import { type CallsManifest, manifestHash } from '../../src/report/calls-manifest.ts'
import { callSet } from '../../src/report/calls-report.ts'
import { selectCalls } from '../../src/report/calls-selection.ts'

const sample = join(import.meta.dirname, '..', '..', 'examples', 'data', 'calls')
const real = '/work/shared/data/calls'
const python = join(import.meta.dirname, '..', '.venv', 'bin', 'python')

const encode = (text: string) => new TextEncoder().encode(text)

async function bytesOf(store: FileStore, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part.slice())
  return Buffer.concat(parts)
}

function filesIn(store: FileStore, log: FileStore = store) {
  return {
    calls: { store: log, name: 'sample_calls.json' },
    agents: { store: log, name: 'agents.csv' },
    output: { store, name: 'cleaned_calls.parquet' },
    manifest: { store, name: 'manifest.json' },
  }
}

const START = { agent_id: 'A1', start_time: '2025-01-01T10:00:00Z', issue_type: 'billing', resolution: 'resolved' }
const line = (row: object) => `${JSON.stringify({ ...START, end_time: '2025-01-01T10:01:00Z', ...row })}\n`

/** A place with a log of the given text and two agents. */
async function placeOf(log: string, agents = 'agent_id,name,region\nA1,Ada,North\nA2,Ben,South\n'): Promise<FileStore> {
  const store = memoryStore()
  await store.write('sample_calls.json', [encode(log)])
  await store.write('agents.csv', [encode(agents)])
  return store
}

const manifestIn = async (store: FileStore) =>
  JSON.parse(new TextDecoder().decode(await bytesOf(store, 'manifest.json'))) as CallsManifest

const folders: string[] = []
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-calls-'))
  folders.push(folder)
  return folder
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('runCalls', () => {
  it('cleans the sample, refusing exactly the lines that are planted in it', async () => {
    const truth = JSON.parse(readFileSync(join(sample, 'ground_truth.json'), 'utf8')) as GroundTruth
    const { summary, rejects, manifest } = await runCalls(filesIn(memoryStore(), folderStore(sample)))
    const refused = Array.from({ length: rejects.rows }, (_, row) => [
      rejects.columns.get('reason')?.at(row),
      rejects.columns.get('line')?.at(row),
    ])
    const planted = Object.entries(truth.rejected).flatMap(([reason, rows]) => rows.map(({ line: at }) => [reason, at]))
    expect(refused.sort()).toEqual(planted.sort())
    expect(new Set(refused.map(([reason]) => reason)).size).toBe(8)
    expect(summary.replaced).toBe(truth.replaced.length)
    expect(manifest.row_count).toBe(truth.lines - refused.length - truth.replaced.length)
  })

  it('loads JSON lines and a JSON array alike', async () => {
    const rows = [line({ call_id: 'c1' }), line({ call_id: 'c2' })]
    const lines = await runCalls(filesIn(await placeOf(rows.join(''))))
    const array = await runCalls(filesIn(await placeOf(`[\n${rows.join(',')}]`)))
    expect(array.summary).toEqual(lines.summary)
    expect(manifestHash(array.manifest)).toBe(manifestHash(lines.manifest))
  })

  it('tells on which line of an array a refused row begins', async () => {
    const store = await placeOf(`[\n${line({ call_id: 'c1' })},\n{\n "call_id": "c2",\n "start_time": ""}]`)
    const { rejects } = await runCalls(filesIn(store))
    expect(rejects.columns.get('line')?.at(0)).toBe(4)
  })

  it('refuses a line that is no JSON object and reads on', async () => {
    const odd = ['{"call_id":"c2"', '[1]', '7', '{"call_id":"\\ud800"}', `${line({ call_id: 'c9' }).trim()} x`]
    const store = await placeOf(`${line({ call_id: 'c1' })}\n${odd.join('\n')}\n${line({ call_id: 'c3' })}`)
    const { summary, rejects } = await runCalls(filesIn(store))
    expect(summary).toMatchObject({ rows: 7, kept: 2, rejected: 5, rejected_by_reason: { json_invalid: 5 } })
    expect([...(rejects.columns.get('line') ?? [])]).toEqual([3, 4, 5, 6, 7])
  })

  it('keeps what half a row says out of the others', async () => {
    const store = await placeOf(
      `{"call_id":"c1","rating":1,"agent_id":"A2",\n${line({ call_id: 'c2', agent_id: undefined })}`,
    )
    await runCalls(filesIn(store))
    const set = callSet(await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet')))
    expect(set.dimensions.agent.members).toEqual([null])
    expect([...set.rating]).toEqual([Number.NaN])
  })

  it('does not round ids that are numbers', async () => {
    const row = line({ call_id: 0 }).replace('"call_id":0', '"call_id":9007199254740993')
    const store = await placeOf(row + row.replace('993}', '992}'))
    const { summary } = await runCalls(filesIn(store))
    expect(summary).toMatchObject({ kept: 2, replaced: 0 })
  })

  it('names both lines of an agent who is in the list twice, quoted line ends counted', async () => {
    const store = await placeOf(
      line({ call_id: 'c1' }),
      'agent_id,name,region\nA1,"Ada\nBrook",North\n\nA1,Ada,South\n',
    )
    await expect(runCalls(filesIn(store))).rejects.toMatchObject({
      code: 'dimension_duplicate_key',
      message: expect.stringContaining('agents.csv lines 2 and 5'),
    })
  })

  it('changes the manifest exactly when the content changes', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    let clock = Date.UTC(2025, 5, 1)
    const effects: Partial<CallsEffects> = { now: () => (clock += 60_000) }
    const first = await runCalls(filesIn(store), {}, effects)
    const before = [await bytesOf(store, 'manifest.json'), await bytesOf(store, 'cleaned_calls.parquet')]

    expect((await runCalls(filesIn(store), {}, effects)).outcome).toBe('unchanged')
    await store.write('sample_calls.json', [encode(`\n${line({ call_id: 'c1' })}{}\n`)])
    const same = await runCalls(filesIn(store), {}, effects)
    expect([same.outcome, same.summary.rejected]).toEqual(['unchanged', 1])
    expect([await bytesOf(store, 'manifest.json'), await bytesOf(store, 'cleaned_calls.parquet')]).toEqual(before)

    await store.write('sample_calls.json', [encode(line({ call_id: 'c1', resolution: 'escalated' }))])
    const other = await runCalls(filesIn(store), {}, effects)
    expect(other.outcome).toBe('written')
    expect(manifestHash(other.manifest)).not.toBe(manifestHash(first.manifest))

    await store.write('sample_calls.json', [encode(line({ call_id: 'c1' }))])
    const back = await runCalls(filesIn(store), {}, effects)
    expect(manifestHash(back.manifest)).toBe(manifestHash(first.manifest))
    expect(back.manifest.generated_at).not.toBe(first.manifest.generated_at)
  })

  it('gives another hash for another time zone, and for nothing but the content', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    const { manifest } = await runCalls(filesIn(store))
    const west = await runCalls(filesIn(store), { timeZone: 'America/Los_Angeles' })
    expect(manifestHash(west.manifest)).not.toBe(manifestHash(manifest))
    const elsewhere = {
      ...manifest,
      path: 'x',
      file_mtime: 'y',
      file_size: 1,
      sha256: '0'.repeat(64),
      generated_at: 'z',
    }
    expect(manifestHash(elsewhere)).toBe(manifestHash(manifest))
  })

  it.each([
    ['missing', null],
    ['cut short', '{"path": "cleaned'],
    ['of another shape', '{"content_hash": 7}'],
    ['no JSON', '\u0000'],
  ])('makes a manifest anew that is %s', async (_, text) => {
    const store = await placeOf(line({ call_id: 'c1' }))
    const { manifest } = await runCalls(filesIn(store))
    if (text === null) await store.remove('manifest.json')
    else await store.write('manifest.json', [encode(text)])
    const again = await runCalls(filesIn(store))
    expect(again.outcome).toBe('written')
    expect(manifestHash(await manifestIn(store))).toBe(manifestHash(manifest))
  })

  it('writes the curated file anew when somebody damaged it', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    await runCalls(filesIn(store))
    const bytes = await bytesOf(store, 'cleaned_calls.parquet')
    await store.write('cleaned_calls.parquet', [bytes.subarray(0, 50)])
    expect((await runCalls(filesIn(store))).outcome).toBe('written')
    expect(await bytesOf(store, 'cleaned_calls.parquet')).toEqual(bytes)
  })

  it('publishes the data before the manifest, and touches neither when the input is refused', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    const written: string[] = []
    const watched: FileStore = {
      location: store.location,
      list: (prefix) => store.list(prefix),
      read: (name) => store.read(name),
      write: (name, chunks) => {
        written.push(name)
        return store.write(name, chunks)
      },
      writeIfAbsent: (name, bytes) => store.writeIfAbsent(name, bytes),
      remove: (name) => store.remove(name),
    }
    await runCalls(filesIn(watched))
    expect(written).toEqual(['cleaned_calls.parquet', 'manifest.json'])
    await store.write('agents.csv', [encode('agent_id,name\nA1,Ada\n')])
    await expect(runCalls(filesIn(watched))).rejects.toMatchObject({ code: 'column_missing' })
    expect(written).toHaveLength(2)
  })

  it('leaves the old pair readable when it is killed between data and manifest, and mends it next time', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    await runCalls(filesIn(store))
    const old = await manifestIn(store)
    await store.write('sample_calls.json', [encode(line({ call_id: 'c2' }))])
    const dying: FileStore = {
      location: store.location,
      list: (prefix) => store.list(prefix),
      read: (name) => store.read(name),
      write: () => Promise.reject(new ConnectError('disk_full', 'no space left')),
      writeIfAbsent: (name, bytes) => store.writeIfAbsent(name, bytes),
      remove: (name) => store.remove(name),
    }
    const files = { ...filesIn(store), manifest: { store: dying, name: 'manifest.json' } }
    await expect(runCalls(files)).rejects.toMatchObject({ code: 'disk_full' })
    expect(await manifestIn(store)).toEqual(old)
    expect((await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet'))).rows).toBe(1)
    expect((await runCalls(filesIn(store))).outcome).toBe('written')
    expect(manifestHash(await manifestIn(store))).not.toBe(manifestHash(old))
  })

  it('appends a log with the bytes of cleaning both at once, whatever comes again', async () => {
    const [first, second] = [
      [
        line({ call_id: 'c1', agent_id: 'A2' }),
        line({ call_id: 'c2' }),
        line({ call_id: 'c3', start_time: '2024-12-31T10:00:00Z' }),
      ],
      [
        line({ call_id: 'c2', resolution: 'escalated' }),
        line({ call_id: 'c0', agent_id: 'A9' }),
        line({ call_id: 'c4', rating: 4 }),
      ],
    ]
    const store = await placeOf(first.join(''), 'agent_id,name,region\nA1,Ada,North\n')
    const options = { timeZone: 'America/New_York' }
    await runCalls(filesIn(store), options)
    await store.write('sample_calls.json', [encode(second.join(''))])
    await store.write('agents.csv', [encode('agent_id,name,region\nA1,Ada,South\nA2,Ben,South\n')])
    const { summary, outcome } = await runCalls(filesIn(store), { ...options, existing: 'append' })
    expect([outcome, summary.kept, summary.replaced, summary.unknown_agents]).toEqual(['written', 5, 1, 1])

    const whole = await placeOf([...first, ...second].join(''), 'agent_id,name,region\nA1,Ada,South\nA2,Ben,South\n')
    await runCalls(filesIn(whole), options)
    expect(await bytesOf(store, 'cleaned_calls.parquet')).toEqual(await bytesOf(whole, 'cleaned_calls.parquet'))
    expect((await runCalls(filesIn(store), { ...options, existing: 'append' })).outcome).toBe('unchanged')
  })

  it('appends to nothing as it writes', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    expect((await runCalls(filesIn(store), { existing: 'append' })).summary).toMatchObject({ kept: 1, replaced: 0 })
  })

  it('waits for no other run: one at a time holds the folder', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    const holder = {
      host: 'elsewhere',
      process: 1,
      startedAt: null,
      boot: null,
      runId: 'r',
      since: 's',
      beatAt: new Date().toISOString(),
    }
    await store.writeIfAbsent('.support-etl/lock', encode(JSON.stringify(holder)))
    await expect(runCalls(filesIn(store))).rejects.toMatchObject({ code: 'lock_held' })
  })

  it('writes refused rows as CSV that no spreadsheet runs, or as JSON lines', async () => {
    const store = await placeOf(line({ call_id: '=1+1', end_time: '@SUM(A1)' }))
    const rejects = async (name: string) => {
      await runCalls({ ...filesIn(store), rejects: { store, name } })
      return new TextDecoder().decode(await bytesOf(store, name))
    }
    expect(await rejects('rejects.csv')).toContain(`1,"'=1+1",end_unreadable,end_time,"'@SUM(A1)",`)
    expect(JSON.parse(await rejects('rejects.jsonl'))).toMatchObject({ line: 1, call_id: '=1+1', found: '@SUM(A1)' })
  })

  it.skipIf(!existsSync(real))('loads both real shapes', async () => {
    const store = memoryStore()
    const { summary } = await runCalls(filesIn(store, folderStore(real)))
    expect(summary).toMatchObject({ rejected: 0, replaced: 0, unknown_agents: 0 })
    expect(summary.kept).toBeGreaterThan(0)
    const set = callSet(await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet')))
    expect(set.minutes.every((minutes) => minutes > 0)).toBe(true)
    expect(set.customerId.valid?.every((valid) => valid === 0)).toBe(true)
  })
})

describe('the curated Parquet', () => {
  const TYPES = [
    ['call_id', 'VARCHAR'],
    ['agent_id', 'VARCHAR'],
    ['agent_name', 'VARCHAR'],
    ['region', 'VARCHAR'],
    ['customer_id', 'VARCHAR'],
    ['start_time', 'TIMESTAMP WITH TIME ZONE'],
    ['end_time', 'TIMESTAMP WITH TIME ZONE'],
    ['call_duration_minutes', 'DOUBLE'],
    ['issue_type', 'VARCHAR'],
    ['resolution', 'VARCHAR'],
    ['rating', 'DOUBLE'],
    ['call_date', 'DATE'],
    ['hour_of_day', 'INTEGER'],
  ]

  it('is read by DuckDB with the types and figures that it has here', async () => {
    const folder = temporaryFolder()
    await runCalls(filesIn(folderStore(folder), folderStore(sample)))
    const path = join(folder, 'cleaned_calls.parquet')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
    await connection.run("SET TimeZone='UTC'")
    const described = await ask(`DESCRIBE SELECT * FROM '${path}'`)
    expect(described.map(([name, type]) => [name, type])).toEqual(TYPES)
    expect(TYPES.map(([name]) => name)).toEqual(Object.keys(curatedCalls.columns))
    const [row] = await ask(`
      SELECT count(*)::INT, sum((lower(resolution) = 'resolved')::INT)::INT, avg(rating),
             quantile_cont(call_duration_minutes, 0.5), quantile_cont(call_duration_minutes, 0.9),
             sum((call_date <> start_time::DATE OR hour_of_day <> date_part('hour', start_time))::INT)::INT,
             max(abs(call_duration_minutes - date_diff('microsecond', start_time, end_time) / 6e7))
      FROM '${path}'`)
    const set = callSet(await parquetFrame(readFileSync(path)))
    const { current } = callKpis(selectCalls(set))
    expect(row?.slice(0, 2)).toEqual([current.calls, current.resolved])
    expect(row?.[2]).toBeCloseTo(current.average_rating ?? Number.NaN, 9)
    expect(row?.[3]).toBeCloseTo(current.median_minutes ?? Number.NaN, 9)
    expect(row?.[4]).toBeCloseTo(current.p90_minutes ?? Number.NaN, 9)
    expect(row?.[5]).toBe(0)
    expect(row?.[6]).toBeLessThanOrEqual(0.005 + 1e-9)
    connection.closeSync()
  })

  it.skipIf(!existsSync(python))(
    'is read by pyarrow with Arrow types, dictionaries among them (tests/.venv)',
    async () => {
      const folder = temporaryFolder()
      await runCalls(filesIn(folderStore(folder), folderStore(sample)))
      const code = `import sys, pyarrow.parquet as pq; print('\\n'.join(f'{f.name} {f.type}' for f in pq.read_table(sys.argv[1]).schema))`
      const told = execFileSync(python, ['-c', code, join(folder, 'cleaned_calls.parquet')], { encoding: 'utf8' })
      const types = Object.fromEntries(
        told
          .trim()
          .split('\n')
          .map((text) => [text.split(' ')[0], text.slice(text.indexOf(' ') + 1)]),
      )
      expect(types).toMatchObject({
        call_id: 'string',
        region: 'string',
        start_time: 'timestamp[us, tz=UTC]',
        call_date: 'date32[day]',
        hour_of_day: 'int32',
        rating: 'double',
      })
      expect(types.resolution).toMatch(/^dictionary<values=string/)
    },
  )
})

describe('callAnomalies', () => {
  it('finds everything that the generator planted, and nothing that follows from nothing', async () => {
    const store = memoryStore()
    for (const { name, chunks } of callLog({ calls: 8000, seed: 11 })) await store.write(name, chunks())
    await runCalls(filesIn(store))
    const truth = JSON.parse(new TextDecoder().decode(await bytesOf(store, 'ground_truth.json'))) as GroundTruth
    const frame = await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet'))
    const ids = frame.columns.get('call_id')
    const findings = callAnomalies(callSet(frame))
    const found = (anomaly: string) => findings.filter((one) => one.anomaly === anomaly).map(({ row }) => ids?.at(row))
    expect(found('duration_outlier').sort()).toEqual([...truth.duration_outlier].sort())
    expect(found('rating_out_of_range').sort()).toEqual([...truth.rating_out_of_range].sort())
    // a call that nobody hung up overlaps all that its agent took meanwhile
    const outliers = new Set<unknown>(truth.duration_outlier)
    const unexplained = findings.filter(
      ({ anomaly, other }) => anomaly === 'agent_overlap' && !outliers.has(ids?.at(other ?? -1)),
    )
    expect(unexplained.map(({ row }) => ids?.at(row)).sort()).toEqual([...truth.agent_overlap].sort())
    expect(truth.agent_overlap.length).toBeGreaterThan(0)
  })
})
