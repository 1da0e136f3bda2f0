/**
 * What every source promises, over random histories of a place: whatever happened on the way, a table ends as an independent
 * model of its inputs says, and byte for byte as one run into an empty folder ends.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../src/connect/index.ts'
import { collectGarbage, defineJob, type Job, type RunOptions, runPipeline } from '../../src/pipeline/index.ts'
import { OF_THE_RUN } from '../pipeline/day-job.ts'
import { Death, mortal } from '../pipeline/mortal.ts'
import { contentOf } from '../pipeline/phone-job.ts'
import { derivedModel, derivedTables, options, RecordedTimes, ranksIn, rollups } from './derived.ts'

/** The files of a place, by name. */
export type Files = Readonly<Record<string, string>>

/** What a place holds for a while. */
export interface Step {
  readonly files: Files
  /** Whether what changed is taken only by a rebuild, as a corrected or late input of a replayed source is. */
  readonly apply: 'pending' | 'rebuild'
  /** Days that runs of this step remove; their files are gone. */
  readonly withdraw?: readonly string[]
}

export interface SourceSubject {
  readonly job: Job
  /** What the place holds, one after the other. */
  readonly histories: fc.Arbitrary<readonly Step[]>
  /** Which files count after a step, of a source that keeps inputs whose files are gone: every step then ends with a run. */
  keep?(counted: Files, step: Step): Files
  /** Published copies of a job's tables and outputs, from the files that the place holds at the end; independent of the library. */
  model(files: Files): Readonly<Record<string, string>>
}

/** What happens while a place holds some files. */
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('killed' as const), call: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rebuild' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost copy' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('option' as const), cap: fc.integer({ min: 3, max: 9 }) }) },
)

/** Copies and the files of the last version. */
async function versionIn(out: FileStore): Promise<Record<string, string>> {
  const { files } = await collectGarbage({ out, graceDays: 0, keepVersions: 1 })
  const left = new Set(files.map(({ name }) => name))
  return Object.fromEntries(
    Object.entries(await contentOf(out))
      .filter(([name]) => !left.has(name) && name !== '.support-etl/lock')
      .map(([name, text]) => [name, name === 'current.json' ? text.replaceAll(OF_THE_RUN, '') : text]),
  )
}

/** The same job with derived tables of its first table, whose numbers are in `measure`; nothing else changes. */
export function withDerived({ job, ...subject }: SourceSubject, measure: string): SourceSubject {
  const [table] = Object.values(job.tables)
  if (table === undefined) throw new Error('a job has a table')
  const derived = derivedTables(table.contract, measure)
  const { name, tables } = job
  return {
    ...subject,
    // what the suite knows of a job is what every job has
    job: defineJob({ name, options, tables, derived, rollups: { ...job.rollups, ...rollups } }) as unknown as Job,
  }
}

/** Copies and files of a version but those of `ranks`, which say when a run made them. */
async function lawfulIn(out: FileStore): Promise<Record<string, string>> {
  const version = Object.entries(await versionIn(out))
  return Object.fromEntries(version.filter(([name]) => !/(^|\/)ranks[-.]/.test(name)))
}

/** Holds the derived tables of a place against those of one clean run, and against the model. */
async function expectDerived(job: Job, out: FileStore, clean: FileStore, copy: string, cap: number): Promise<void> {
  const [found, expected] = [await ranksIn(job, out), await ranksIn(job, clean)]
  const own = ({ rows }: typeof found) => rows.map(({ id, rank }) => [id, rank])
  expect(own(found)).toEqual(own(expected))
  const version = await versionIn(out)
  const waiting = Object.entries(version)
    .filter(([name]) => name.includes('/quarantine-'))
    .flatMap(([, text]) => text.trim().split('\n'))
    .map((line) => JSON.parse(line) as { readonly table: string; readonly key?: readonly string[] })
    .filter(({ key }) => key !== undefined)
    .map(({ table, key = [] }) => `${table} ${key.join(' ')}`)
  const derived = { scores: version['scores.csv'], ranks: own(found), waiting: waiting.sort() }
  expect(derived).toEqual(derivedModel(copy, cap))
}

/** Makes the tests of a source; with {@link withDerived}, of derived tables over it. */
export function testSource({ job, histories, keep, model }: SourceSubject): void {
  const isDerived = Object.hasOwn(job.derived, 'ranks')
  const [first = ''] = Object.keys(isDerived ? job.derived : job.tables)
  const copyToLose = keep === undefined ? `${first}.csv` : 'current.json'
  let processes = 0
  let cap = options.cap.default
  const runIn = (out: FileStore, files: Files, given: RunOptions) => {
    const process = ++processes
    const data = { data: memoryStore(files), out, acceptWithdrawals: Object.keys(job.tables), maxQuarantined: 1 }
    return runPipeline(
      job,
      { ...data, ...(isDerived && { cap }), ...given },
      {
        // each run at an instant of its own
        now: () => process * 1000,
        identify: () => ({ host: 'here', process, startedAt: null, boot: null }),
        isRunning: (owner) => (owner.process === process ? 'running' : 'gone'),
      },
    )
  }

  const title = isDerived ? 'ends, with derived tables, as' : 'ends as'
  it(`${title} one run into an empty folder ends, and as the model says, whatever happened on the way`, async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.infiniteStream(fc.array(event, { maxLength: 2 })), async (history, events) => {
        const out = memoryStore()
        const times = new RecordedTimes()
        const look = async (): Promise<void> => {
          // a first run that was killed has committed nothing
          if (isDerived && (await out.list('.support-etl/log/')).length > 0) await times.look(job, out)
        }
        cap = options.cap.default
        let needed: Step['apply'] = 'pending'
        let counted: Files = {}
        for (const step of history) {
          const { files, apply, withdraw = [] } = step
          const told = withdraw.length === 0 ? {} : { withdraw }
          if (apply === 'rebuild') needed = 'rebuild'
          for (const happening of events.next().value) {
            if (happening.kind === 'lost copy') await out.remove(copyToLose)
            else if (happening.kind === 'option') cap = happening.cap
            else if (happening.kind === 'killed') {
              await runIn(mortal(out, happening.call), files, { ...told, apply: needed }).catch((error: unknown) => {
                if (!(error instanceof Death)) throw error
              })
            } else {
              await runIn(out, files, { ...told, apply: happening.kind === 'rebuild' ? 'rebuild' : needed })
              needed = 'pending'
            }
            await look()
          }
          if (keep !== undefined) {
            await runIn(out, files, { ...told, apply: needed })
            counted = keep(counted, step)
          } else counted = files
        }
        const { files } = history.at(-1) as Step
        await runIn(out, files, { apply: needed })
        await look()
        expect((await runIn(out, files, {})).status).toBe('nothing_to_do')
        const clean = memoryStore()
        await runIn(clean, counted, {})
        const version = await lawfulIn(out)
        expect(version).toEqual(await lawfulIn(clean))
        const expected = model(counted)
        const copies = Object.keys(expected).map((copy) => [copy, version[`${copy}.csv`]])
        expect(Object.fromEntries(copies)).toEqual(expected)
        if (isDerived) await expectDerived(job, out, clean, Object.values(expected)[0] ?? '', cap)
      }),
      { numRuns: process.env.SUPPORT_ETL_FAULTS === 'full' ? 1000 : 40 },
    )
  }, 1_200_000)
}
