/**
 * What every source promises, over random histories of a place: whatever happened on the way, a table ends as an independent
 * model of its inputs says, and byte for byte as one run into an empty folder ends.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../src/connect/index.ts'
import { collectGarbage, type Job, type RunOptions, runPipeline } from '../../src/pipeline/index.ts'
import { OF_THE_RUN } from '../pipeline/day-job.ts'
import { Death, mortal } from '../pipeline/mortal.ts'
import { contentOf } from '../pipeline/phone-job.ts'

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

/** Makes the tests of a source. */
export function testSource({ job, histories, keep, model }: SourceSubject, numRuns = 1000): void {
  let processes = 0
  const runIn = (out: FileStore, files: Files, options: RunOptions) => {
    const process = ++processes
    return runPipeline(
      job,
      { data: memoryStore(files), out, acceptWithdrawals: Object.keys(job.tables), maxQuarantined: 1, ...options },
      {
        identify: () => ({ host: 'here', process, startedAt: null, boot: null }),
        isRunning: (owner) => (owner.process === process ? 'running' : 'gone'),
      },
    )
  }

  it('ends as one run into an empty folder ends, and as the model says, whatever happened on the way', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.infiniteStream(fc.array(event, { maxLength: 2 })), async (history, events) => {
        const out = memoryStore()
        let needed: Step['apply'] = 'pending'
        let counted: Files = {}
        for (const step of history) {
          const { files, apply, withdraw = [] } = step
          const options = withdraw.length === 0 ? {} : { withdraw }
          if (apply === 'rebuild') needed = 'rebuild'
          for (const happening of events.next().value) {
            if (happening.kind === 'lost copy')
              await out.remove(keep === undefined ? `${Object.keys(job.tables)[0]}.csv` : 'current.json')
            else if (happening.kind === 'killed') {
              await runIn(mortal(out, happening.call), files, { ...options, apply: needed }).catch((error: unknown) => {
                if (!(error instanceof Death)) throw error
              })
            } else {
              await runIn(out, files, { ...options, apply: happening.kind === 'rebuild' ? 'rebuild' : needed })
              needed = 'pending'
            }
          }
          if (keep !== undefined) {
            await runIn(out, files, { ...options, apply: needed })
            counted = keep(counted, step)
          } else counted = files
        }
        const { files } = history.at(-1) as Step
        await runIn(out, files, { apply: needed })
        expect((await runIn(out, files, {})).status).toBe('nothing_to_do')
        const clean = memoryStore()
        await runIn(clean, counted, {})
        const version = await versionIn(out)
        expect(version).toEqual(await versionIn(clean))
        const expected = model(counted)
        const copies = Object.keys(expected).map((copy) => [copy, version[`${copy}.csv`]])
        expect(Object.fromEntries(copies)).toEqual(expected)
      }),
      { numRuns: process.env.SUPPORT_ETL_FAULTS === 'full' ? numRuns * 10 : numRuns },
    )
  }, 1_200_000)
}
