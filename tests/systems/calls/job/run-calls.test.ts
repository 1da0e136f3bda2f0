import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../../src/connect/file-store.ts'
import { folderStore } from '../../../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { ConnectError } from '../../../../src/errors.ts'
import { parquetFrame } from '../../../../src/format/parquet/parquet.ts'
import { manifestHash } from '../../../../src/systems/calls/figures/manifest.ts'
import { callSet } from '../../../../src/systems/calls/figures/report.ts'
import { type CallsEffects, runCalls } from '../../../../src/systems/calls/job/run-calls.ts'
import type { GroundTruth } from '../../../../src/systems/calls/sample/call-log.ts'
import type { TimestampColumn } from '../../../../src/table/column.ts'
import { bytesOf, encode, filesIn, line, manifestIn, placeOf, sample } from '../places.ts'

const real = join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'data', 'calls')

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

  it('writes only ends that a duration reaches, exactly, and refuses those beyond', async () => {
    const durations = ['300', '1e11', '8e12', '9e12', '9223372036854775807', '1e300', '9e3000']
    const rows = durations.map((seconds, at) =>
      line({ call_id: `c${at}`, end_time: undefined, duration_seconds: 0 }).replace(':0}', `:${seconds}}`),
    )
    const store = await placeOf(rows.join(''))
    const { summary, manifest } = await runCalls(filesIn(store))
    expect([manifest.row_count, summary.rejected_by_reason]).toEqual([3, { end_unreadable: 4 }])
    const calls = await parquetFrame(await bytesOf(store, 'cleaned_calls.parquet'))
    expect([...(calls.columns.get('call_duration_minutes') ?? [])]).toEqual([5, 1_666_666_666.67, 133_333_333_333.33])
    const [starts, ends] = ['start_time', 'end_time'].map((name) => calls.columns.get(name) as TimestampColumn)
    const lasted = Array.from({ length: 3 }, (_, row) => Number(ends?.values[row]) - Number(starts?.values[row]))
    expect(lasted).toEqual([300e6, 1e17, 8e18])
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

  it('makes a manifest anew that tells of another file, though the content is the same', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    await runCalls(filesIn(store))
    await store.write('moved.parquet', [await bytesOf(store, 'cleaned_calls.parquet')])
    const files = { ...filesIn(store), output: { store, name: 'moved.parquet' } }
    expect((await runCalls(files)).outcome).toBe('written')
    expect((await manifestIn(store)).path).toMatch(/moved\.parquet$/)
    expect((await runCalls(files)).outcome).toBe('unchanged')
  })

  it('writes the curated file anew when somebody damaged it', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    await runCalls(filesIn(store))
    const bytes = await bytesOf(store, 'cleaned_calls.parquet')
    await store.write('cleaned_calls.parquet', [bytes.subarray(0, 50)])
    expect((await runCalls(filesIn(store))).outcome).toBe('written')
    expect(await bytesOf(store, 'cleaned_calls.parquet')).toEqual(bytes)
  })

  it.each([
    ['', 'agent_id,name,region\nA1,Ada,North\n', /sample_calls\.json/],
    [line({ call_id: 'c1' }), '', /agents\.csv/],
    [line({ call_id: 'c1' }), 'agent_id,agent_id\n', /agents\.csv/],
  ])('names the file that it cannot read', async (log, agents, name) => {
    await expect(runCalls(filesIn(await placeOf(log, agents)))).rejects.toThrow(name)
  })

  it('does not take a manifest that it may not read for one that is missing', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    await runCalls(filesIn(store))
    const locked: FileStore = {
      ...store,
      location: store.location,
      list: (prefix) => store.list(prefix),
      read: () => {
        throw new ConnectError('permission_denied', 'not allowed')
      },
    }
    const files = { ...filesIn(store), manifest: { store: locked, name: 'manifest.json' } }
    await expect(runCalls(files)).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('publishes the data before the manifest, and touches neither when the input is refused', async () => {
    const store = await placeOf(line({ call_id: 'c1' }))
    const written: string[] = []
    const watched: FileStore = {
      location: store.location,
      list: (prefix) => store.list(prefix),
      read: (name) => store.read(name),
      write: (name, chunks) => {
        if (!name.startsWith('.support-etl/')) written.push(name)
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
