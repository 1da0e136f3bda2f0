/** Six writers commit to one bucket while one call in ten fails; whatever they do, every entry is in the log once. */
import { describe, expect, it } from 'vitest'
import { type FileStore, s3Store } from '../../../src/connect/index.ts'
import { nodeEffects, readState, runPipeline, verifyState } from '../../../src/pipeline/index.ts'
import { appendCommit, readHead, readLog } from '../../../src/pipeline/log/commit-log.ts'
import type { CommitRecord, InputRecord } from '../../../src/pipeline/log/commit-record.ts'
import { contentOf, phoneJob, sourceOf, threeMonths } from '../../pipeline/phone-job.ts'
import { type Fault, KEYS, type Request, S3Double } from './s3-double.ts'

const isFull = process.env.SUPPORT_ETL_FAULTS === 'full'
const SEEDS = Number(process.env.SUPPORT_ETL_RUNS ?? (isFull ? 1000 : 40))
/** A whole run asks some hundred times as much as a commit. */
const RUN_SEEDS = Math.ceil(SEEDS / 10)
const WRITERS = 6
const COMMITS = 2
const FAULTS: readonly Fault[] = [
  'unavailable',
  'internal',
  'conflict',
  'taken',
  'lost request',
  'lost response',
  'slow',
  'cut body',
]

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const told = { calls: 0, faults: 0, races: 0, failures: 0 }

function faultyBucket(seed: number): { readonly double: S3Double; open(): FileStore } {
  const random = randomOf(seed)
  const fault = (_: Request): Fault | null => {
    told.calls += 1
    if (random() >= 0.1) return null
    told.faults += 1
    return FAULTS[Math.floor(random() * FAULTS.length)] ?? null
  }
  const double = new S3Double({ pageSize: 4, fault })
  const client = { requestHandler: double.handler(), credentials: KEYS }
  const sleep = (time: number) => waitTurns(time / 200)
  const open = () =>
    s3Store('s3://bucket/out', { endpoint: 'http://double', attempts: 6, client, waiting: { sleep, random } })
  return { double, open }
}

async function waitTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const effects = nodeEffects()

function recordAfter(head: { record: CommitRecord; sha256: string } | null, entry: string): CommitRecord {
  // the log carries what it is given; one member is enough to know an entry again
  const input = { name: entry } as InputRecord
  const { record, sha256 = null } = head ?? { record: null }
  return {
    ...{ format: 2, features: [], job: 'phone', committedAt: '2025-04-01T00:00:00Z', versions: {}, tables: {} },
    ...{
      fingerprints: {},
      pages: [],
      state: {},
      rollups: {},
      quarantine: null,
      published: [],
      stale: [],
      parent: sha256,
      runId: entry,
    },
    options: { format: 'csv', publish: [], mode: 'lenient', maxQuarantined: 0.05 },
    jobOptions: { timeZone: 'UTC' },
    number: (record?.number ?? 0) + 1,
    inputs: [...(record?.inputs ?? []), input],
  } as CommitRecord
}

/** Commits an entry as a run does: plan from the head, append, plan again when another was first or the place failed. */
async function commitEntry(out: FileStore, entry: string): Promise<void> {
  for (;;) {
    try {
      const head = await readHead(out, effects)
      if (head?.record.inputs.some(({ name }) => name === entry)) return
      if ((await appendCommit(out, recordAfter(head, entry), effects)) !== null) return
      told.races += 1
    } catch (error) {
      expect(error).toMatchObject({ name: 'ConnectError', isTransient: true })
      told.failures += 1
    }
  }
}

const callsSince = (before: typeof told) => ({
  'S3: calls': told.calls - before.calls,
  'S3: of them failed on purpose': told.faults - before.faults,
  'S3: races lost, and planned again': told.races - before.races,
  'S3: attempts that gave up, and were made again': told.failures - before.failures,
})

describe('a bucket whose calls fail', () => {
  it(`keeps every entry of ${WRITERS} writers once, in a log without a gap, for ${SEEDS} seeds`, async ({ task }) => {
    const [counted, before] = [{ seeds: 0, committed: 0, lost: 0, doubled: 0, gapped: 0 }, { ...told }]
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { double, open } = faultyBucket(seed)
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        const out = open()
        for (let count = 0; count < COMMITS; count++) await commitEntry(out, `${writer}-${count}`)
      })
      await Promise.all(writers)
      double.fault = () => null
      const log = await readLog(open(), effects)
      const entries = log.at(-1)?.record.inputs.map(({ name }) => name) ?? []
      const expected = Array.from({ length: WRITERS }, (_, writer) => [`${writer}-0`, `${writer}-1`]).flat()
      counted.committed += entries.length
      counted.lost += expected.filter((entry) => !entries.includes(entry)).length
      counted.doubled += entries.length - new Set(entries).size
      counted.gapped += log.filter(({ record }, at) => record.number !== at + 1).length
      expect([...entries].sort(), `seed ${seed}`).toEqual(expected)
      expect(
        log.map(({ record }) => record.inputs.length),
        `seed ${seed}`,
      ).toEqual(expected.map((_, at) => at + 1))
      counted.seeds += 1
    }
    task.meta.figures = {
      [`S3: seeds with ${WRITERS} writers of a log`]: counted.seeds,
      'S3: entries committed by them': counted.committed,
      'S3: entries lost': counted.lost,
      'S3: entries doubled': counted.doubled,
      'S3: gaps in the log': counted.gapped,
      ...callsSince(before),
    }
  }, 1_200_000)

  it(`ends where a clean run ends when six whole runs meet, for ${RUN_SEEDS} seeds`, async ({ task }) => {
    const before = { ...told }
    let seeds = 0
    const clean = faultyBucket(0)
    clean.double.fault = () => null
    await runPipeline(phoneJob, { data: sourceOf(threeMonths), out: clean.open() })
    const expected = await contentOf(clean.open())

    for (let seed = 1; seed <= RUN_SEEDS; seed++) {
      const { double, open } = faultyBucket(seed)
      const run = async (writer: number): Promise<void> => {
        // each takes the others for dead, so that the lock protects nothing and the log has to
        const identify = () => ({ host: 'here', process: writer, startedAt: null, boot: null })
        for (;;) {
          try {
            await runPipeline(
              phoneJob,
              { data: sourceOf(threeMonths), out: open() },
              { identify, isRunning: () => 'gone' },
            )
            return
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^(io_failed|lock_held|commit_lost)$/) })
            told.failures += 1
          }
        }
      }
      await Promise.all(Array.from({ length: WRITERS }, (_, writer) => run(writer)))
      double.fault = () => null
      const out = open()
      // what the last run left half-done is done by the next
      await runPipeline(phoneJob, { data: sourceOf(threeMonths), out }, { isRunning: () => 'gone' })
      expect(await contentOf(out), `seed ${seed}`).toEqual(expected)
      expect((await verifyState(phoneJob, { out })).damages, `seed ${seed}`).toEqual([])
      expect((await readLog(out, effects)).length, `seed ${seed}`).toBe(1)
      await (await readState(phoneJob, { out })).loadOutput('call_report')
      seeds += 1
    }
    task.meta.figures = { [`S3: seeds with ${WRITERS} whole runs at once`]: seeds, ...callsSince(before) }
  }, 1_200_000)
})
