/** Days on a real server: broken connections, and readers beside deliveries. */
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import { connectServer } from '../../../src/connect/postgres/server.ts'
import { readStatus } from '../../../src/pipeline/audit/status.ts'
import { databaseDestination, postgres } from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { findPrograms, suiteServer } from '../../postgres-server.ts'
import { DAY_HISTORY, type DayFiles, dayJob, dayRows, dayRun, rowsOfFiles } from './day-rows.ts'
import { copyOf } from './delivered-rows.ts'
import { mortal } from './mortal-database.ts'

const programs = findPrograms()
const at = (index: number) => DAY_HISTORY[index] as DayFiles

describe.skipIf(programs === null)(
  'partitioned tables on a server (apt-get install postgresql, or SUPPORT_ETL_POSTGRES=folder)',
  () => {
    const suite = suiteServer(programs)
    const emptied = async () => {
      await suite.database.query('DROP SCHEMA IF EXISTS public CASCADE')
      await suite.database.query('CREATE SCHEMA public')
    }
    beforeEach(emptied)
    const direct = () => postgres({ url: suite.server.url })

    it('follow a log commit by commit', async () => {
      const out = memoryStore()
      const statuses: unknown[] = []
      for (const [index, files] of DAY_HISTORY.entries()) {
        const run = { ...dayRun(files, DAY_HISTORY[index - 1]), out, destinations: [direct()] }
        statuses.push((await runPipeline(dayJob, run)).destinations[0]?.status)
        expect(await dayRows(suite.database)).toEqual({ number: index + 1, rows: rowsOfFiles(files) })
      }
      expect(statuses).toEqual(['reload', 'changes', 'changes', 'changes'])
    })

    it('are those of one commit when the connection breaks before any statement', async () => {
      for (let statement = 1, isOver = false; !isOver; statement++) {
        await emptied()
        const out = memoryStore()
        await runPipeline(dayJob, { ...dayRun(at(1)), out, destinations: [direct()] })
        const held = await dayRows(suite.database)
        const url = suite.proxiedUrl
        const connect = async () => mortal(await connectServer(url), statement, suite.proxy.cut).database
        const destinations = [databaseDestination('postgres', {}, connect)]
        isOver = await runPipeline(dayJob, { ...dayRun(at(2), at(1)), out, destinations }).then(
          () => true,
          () => false,
        )
        suite.proxy.cut()
        const isCommitted = (await readStatus({ out })).commit === 2
        const after = { number: 2, rows: rowsOfFiles(at(2)) }
        expect(isCommitted ? [held, after] : [held], `statement ${statement}`).toContainEqual(
          await dayRows(suite.database),
        )
        const again = dayRun(at(2), isCommitted ? undefined : at(1))
        await runPipeline(dayJob, { ...again, out, destinations: [direct()] })
        expect(await dayRows(suite.database)).toEqual(after)
        if (isOver) expect(statement).toBeGreaterThan(15)
      }
    }, 240_000)

    it('show every reader the days of one commit while they are reloaded', async () => {
      const older = memoryStore()
      await runPipeline(dayJob, { ...dayRun(at(0)), out: older, destinations: [direct()] })
      const newer = await copyOf(older)
      await runPipeline(dayJob, { ...dayRun(at(1)), out: newer })
      await runPipeline(dayJob, { ...dayRun(at(2), at(1)), out: newer })
      const states = [
        { number: 1, rows: rowsOfFiles(at(0)) },
        { number: 3, rows: rowsOfFiles(at(2)) },
      ]
      const reader = await connectServer(suite.server.url)
      let isOver = false
      const seen = new Set<number>()
      const reading = (async () => {
        while (!isOver) {
          const found = await dayRows(reader)
          expect(states).toContainEqual(found)
          seen.add(found?.number ?? 0)
        }
      })()
      try {
        for (let round = 0; round < 20; round++) {
          const [out, files] = round % 2 === 0 ? [newer, at(2)] : [older, at(0)]
          const { destinations } = await runPipeline(dayJob, { ...dayRun(files), out, destinations: [direct()] })
          expect(destinations[0]?.status).toBe('reload')
        }
      } finally {
        isOver = true
      }
      await reading
      expect([...seen].sort()).toEqual([1, 3])
      await reader.close()
    }, 120_000)
  },
)
