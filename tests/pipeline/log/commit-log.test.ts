import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import { nodeEffects } from '../../../src/pipeline/effects.ts'
import { appendCommit, readHead, readLog } from '../../../src/pipeline/log/commit-log.ts'
import { type CommitRecord, commitName, commitNumber } from '../../../src/pipeline/log/commit-record.ts'
import { readWhole } from '../../../src/pipeline/state/data-files.ts'

const effects = nodeEffects()

function recordOf(number: number, parent: string | null): CommitRecord {
  return {
    format: 2,
    features: [],
    number,
    parent,
    runId: `run ${number} — é`,
    committedAt: '2025-04-01T00:00:00Z',
    job: 'phone',
    versions: {},
    options: {
      format: 'csv',
      publish: [],
      mode: 'lenient',
      maxQuarantined: 0.05,
    },
    jobOptions: { timeZone: 'UTC' },
    tables: {},
    fingerprints: {},
    inputs: [],
    pages: [],
    state: {},
    rollups: {},
    quarantine: null,
    published: [],
    stale: [],
  }
}

async function logOf(size: number): Promise<FileStore> {
  const out = memoryStore()
  let parent: string | null = null
  for (let number = 1; number <= size; number++) {
    const commit = await appendCommit(out, recordOf(number, parent), effects)
    parent = commit?.sha256 ?? null
  }
  return out
}

describe('the commit log', () => {
  it('is empty at first', async () => {
    expect(await readHead(memoryStore(), effects)).toBeNull()
  })

  it('gives back the highest record', async () => {
    const head = await readHead(await logOf(11), effects)
    expect(head?.record.number).toBe(11)
    expect(head?.record.runId).toBe('run 11 — é')
  })

  it('holds each record as JSON that other tools read', async () => {
    const out = await logOf(1)
    const text = new TextDecoder().decode(await readWhole(out, '.support-etl/log/00000001.json'))
    expect(JSON.parse(text)).toMatchObject({ number: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  it('gives a number to one of many writers', async () => {
    const out = await logOf(1)
    const head = await readHead(out, effects)
    const commits = await Promise.all(
      Array.from({ length: 5 }, () => appendCommit(out, recordOf(2, head?.sha256 ?? null), effects)),
    )
    expect(commits.filter((commit) => commit !== null)).toHaveLength(1)
  })

  it('ignores names that are no commit', async () => {
    const out = await logOf(1)
    await out.write('.support-etl/log/00000009.json.bak', [new Uint8Array(1)])
    await out.write('.support-etl/log/000000002.json', [new Uint8Array(1)])
    expect((await readHead(out, effects))?.record.number).toBe(1)
  })

  it('sees a record cut at every byte', async ({ task }) => {
    const out = await logOf(2)
    const name = commitName(2)
    const bytes = await readWhole(out, name)
    let noticed = 0
    for (let size = 0; size < bytes.length; size++) {
      await out.write(name, [bytes.subarray(0, size)])
      await expect(readHead(out, effects), `cut at ${size}`).rejects.toMatchObject({ code: 'log_damaged' })
      noticed += 1
    }
    task.meta.figures = { 'cuts of a record': bytes.length, 'cuts noticed': noticed }
  })

  it('sees every flipped bit', async ({ task }) => {
    const out = await logOf(2)
    const name = commitName(2)
    const bytes = await readWhole(out, name)
    let noticed = 0
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await out.write(name, [flipped])
      await expect(readHead(out, effects), `bit ${bit}`).rejects.toMatchObject({ code: 'log_damaged' })
      noticed += 1
    }
    task.meta.figures = { 'flipped bits of a record': bytes.length * 8, 'flips noticed': noticed }
  })

  it('sees appended bytes and a record under another number', async () => {
    const out = await logOf(2)
    const bytes = await readWhole(out, commitName(2))
    await out.write(commitName(3), [bytes])
    await expect(readHead(out, effects)).rejects.toMatchObject({ code: 'log_damaged' })
    await out.remove(commitName(3))
    await out.write(commitName(2), [bytes, new Uint8Array([10])])
    await expect(readHead(out, effects)).rejects.toMatchObject({ code: 'log_damaged' })
  })

  it('sees a gap, and never takes an older record instead', async () => {
    const out = await logOf(3)
    await out.remove(commitName(2))
    await expect(readHead(out, effects)).rejects.toThrow(
      'memory/.support-etl/log/00000002.json: the record is missing, though .support-etl/log/00000003.json exists; nothing was changed. Restore memory/.support-etl/log/ from a copy, or run into a new folder',
    )
  })

  it('reads all records and checks that each follows the one before it', async () => {
    const out = await logOf(3)
    expect((await readLog(out, effects)).map(({ record }) => record.number)).toEqual([1, 2, 3])
    await out.remove(commitName(2))
    await appendCommit(out, recordOf(2, 'another parent'), effects)
    await expect(readLog(out, effects)).rejects.toThrow('does not follow the one before it')
  })

  it('knows its own names', () => {
    expect(commitName(42)).toBe('.support-etl/log/00000042.json')
    expect(commitNumber(commitName(123_456_789))).toBe(123_456_789)
  })
})
