import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../src/connect/index.ts'
import { type RunOptions, runPipeline } from '../../src/pipeline/index.ts'
import { Death, mortal } from './mortal.ts'
import { contentOf, filesOf, phoneJob } from './phone-job.ts'

/** Changes of one month of one table: keys few enough to meet. */
const callRows = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom('add', 'update', 'delete'),
    fc.constantFrom('t1', 't2', 't9', ''),
    fc.constantFrom('1', '2.5', '', 'many'),
  ),
  { maxLength: 5 },
)
const teamRows = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('add', 'update', 'delete')), {
  maxLength: 3,
})
const MONTHS = ['2025-02', '2025-03', '2025-04'] as const

const source = fc
  .tuple(fc.tuple(callRows, callRows, callRows), fc.tuple(teamRows, teamRows, teamRows))
  .map(([callMonths, teamMonths]) => {
    const rows: Record<string, string[]> = {}
    for (const [at, month] of MONTHS.entries()) {
      const [calls, teams] = [callMonths[at] ?? [], teamMonths[at] ?? []]
      // any table may miss any month
      if (calls.length > 0)
        rows[`calls ${month}`] = calls.map(
          ([key, action, team, minutes]) => `c${key},${month}-01T10:00Z,${team},${minutes},${action}`,
        )
      if (teams.length > 0)
        rows[`teams ${month}`] = teams.map(([key, action], row) => `t${key},Team ${month} ${row},${action}`)
    }
    return filesOf(rows)
  })

/** What may happen between the arrival of one month's files and the next. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('run' as const) }),
  fc.record({ kind: fc.constant('rebuild' as const) }),
  fc.record({
    kind: fc.constant('crash' as const),
    call: fc.integer({ min: 0, max: 45 }),
    apply: fc.constantFrom('pending' as const, 'rebuild' as const),
  }),
  fc.record({
    kind: fc.constant('lose copy' as const),
    copy: fc.constantFrom('calls.csv', 'teams.csv', 'call_report.csv'),
  }),
  fc.record({ kind: fc.constant('lose source' as const) }),
)

let processes = 0
function runIn(out: FileStore, data: FileStore, options: RunOptions = {}) {
  const process = ++processes
  return runPipeline(
    phoneJob,
    { ...options, data, out },
    {
      identify: () => ({ host: 'here', process, startedAt: null, boot: null }),
      isRunning: (owner) => (owner.process === process ? 'running' : 'gone'),
    },
  )
}

/** State, rollups, quarantine and copies of the last version; kept inputs too, for they are content. */
async function lastVersion(out: FileStore) {
  const content = await contentOf(out)
  const log = await out.list('.support-etl/log/')
  const parts: Uint8Array[] = []
  for await (const part of out.read(log.at(-1)?.name ?? '')) parts.push(part)
  const record = JSON.parse(Buffer.concat(parts).toString())
  const snapshots = Object.values(record.state as Record<string, { snapshot: { name: string } }>)
  const names = [
    ...snapshots.map(({ snapshot }) => snapshot),
    ...Object.values(record.rollups as Record<string, { name: string }>),
  ]
  const kept = record.inputs.map((input: { stored: { name: string } }) => input.stored)
  const all = [...names, ...kept, ...(record.quarantine === null ? [] : [record.quarantine]), ...record.published]
  const summaries = record.inputs.map(({ summary }: { summary: object }) => summary)
  return {
    state: record.state,
    summaries,
    ...Object.fromEntries(all.map(({ name }: { name: string }) => [name, content[name]])),
  }
}

describe('law 19', () => {
  it('any interleaving of runs, crashes, rebuilds and lost files ends in the bytes of applying all in order', async ({
    task,
  }) => {
    const counted = { rounds: 0, runs: 0, crashes: 0, losses: 0 }
    await fc.assert(
      fc.asyncProperty(
        source,
        fc.array(fc.array(event, { maxLength: 3 }), { minLength: 4, maxLength: 4 }),
        // where no copy of the facts is asked for, only the rows that change are looked at
        fc.constantFrom({}, { publish: ['call_report'] }),
        async (files, events, published) => {
          const names = Object.keys(files)
          const clean = memoryStore()
          await runIn(clean, memoryStore(files), published)
          const out = memoryStore()
          let arrived = names.filter((name) => name.startsWith('initial/'))
          for (const [at, happenings] of events.entries()) {
            const month = MONTHS[at - 1]?.replace('-', '')
            if (month !== undefined) arrived = [...arrived, ...names.filter((name) => name.includes(month))]
            let data = memoryStore(Object.fromEntries(arrived.map((name) => [name, files[name] ?? ''])))
            for (const happening of happenings) {
              if (happening.kind === 'run' || happening.kind === 'rebuild') counted.runs += 1
              else if (happening.kind === 'crash') counted.crashes += 1
              else counted.losses += 1
              if (happening.kind === 'run') await runIn(out, data, published)
              else if (happening.kind === 'rebuild') await runIn(out, data, { ...published, apply: 'rebuild' })
              else if (happening.kind === 'lose copy') await out.remove(happening.copy)
              else if (happening.kind === 'crash') {
                await runIn(mortal(out, happening.call), data, { ...published, apply: happening.apply }).catch(
                  (error: unknown) => {
                    if (!(error instanceof Death)) throw error
                  },
                )
              } else if ((await out.list('.support-etl/log/')).length > 0) {
                // what was applied may go; what was not comes again below
                data = memoryStore()
              }
            }
          }
          await runIn(out, memoryStore(files), published)
          expect(await lastVersion(out)).toEqual(await lastVersion(clean))
          counted.rounds += 1
        },
      ),
      // the same rounds each time, so that two runs count the same
      { seed: 19, numRuns: process.env.SUPPORT_ETL_FAULTS === 'full' ? 10_000 : 150 },
    )
    task.meta.figures = {
      'rounds of law 19': counted.rounds,
      'runs and rebuilds in them': counted.runs,
      'crashes in them': counted.crashes,
      'lost copies and sources in them': counted.losses,
    }
  }, 1_200_000)
})
