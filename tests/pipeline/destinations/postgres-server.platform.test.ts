/** The destination on a real server: broken connections, several writers, readers beside them, rights. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import { connectServer } from '../../../src/connect/postgres/server.ts'
import { readStatus } from '../../../src/pipeline/audit/status.ts'
import { closeDestinations, deliverLast, openDestinations } from '../../../src/pipeline/destinations/deliveries.ts'
import { databaseDestination, postgres } from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { nodeEffects } from '../../../src/pipeline/effects.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { findPrograms, suiteServer } from '../../postgres-server.ts'
import { committedRows, copyOf, databaseRows, hallJob, rowsOrNull, sourceOf } from './delivered-rows.ts'
import { mortal } from './mortal-database.ts'

const programs = findPrograms()

describe.skipIf(programs === null)(
  'postgres on a server (apt-get install postgresql, or SUPPORT_ETL_POSTGRES=folder)',
  () => {
    const suite = suiteServer(programs)
    const emptied = async () => {
      await suite.database.query('DROP SCHEMA IF EXISTS public CASCADE')
      await suite.database.query('CREATE SCHEMA public')
    }
    beforeEach(emptied)

    const direct = () => postgres({ url: suite.server.url })
    const proxied = () => suite.proxiedUrl
    const isThere = async (out: FileStore, number: number) =>
      expect(await databaseRows(suite.database)).toEqual({ number, rows: await committedRows(out) })

    it('follows a log commit by commit', async () => {
      const out = memoryStore()
      const statuses: unknown[] = []
      for (const months of [0, 1, 2, 3, 3]) {
        const { commit, destinations } = await runPipeline(hallJob, {
          data: sourceOf(months),
          out,
          destinations: [direct()],
        })
        statuses.push([destinations[0]?.status, destinations[0]?.rows])
        await isThere(out, commit)
      }
      expect(statuses).toEqual([
        ['reload', { halls: 4, doors: 3, labels: 4, names: 6 }],
        ['changes', { halls: 3, labels: 3, names: 6 }],
        ['changes', { doors: 2 }],
        ['changes', { halls: 2, doors: 2, labels: 2, names: 2 }],
        ['current', {}],
      ])
    })

    it.each([
      ['a first delivery', 0, 1],
      ['the changes of a commit', 3, 2],
    ])(
      'holds the rows of one commit when the connection breaks before any statement of %s',
      async (_, months, next) => {
        for (let at = 1, isOver = false; !isOver; at++) {
          await emptied()
          const out = memoryStore()
          if (next > 1) await runPipeline(hallJob, { data: sourceOf(2), out, destinations: [direct()] })
          const before = await rowsOrNull(suite.database)
          const connect = async () => mortal(await connectServer(proxied()), at, suite.proxy.cut).database
          const destination = databaseDestination('postgres', {}, connect)
          isOver = await runPipeline(hallJob, { data: sourceOf(months), out, destinations: [destination] }).then(
            () => true,
            () => false,
          )
          suite.proxy.cut()
          const isCommitted = (await readStatus({ out }).catch(() => null))?.commit === next
          const after = isCommitted ? { number: next, rows: await committedRows(out) } : before
          expect([before, after], `statement ${at}`).toContainEqual(await rowsOrNull(suite.database))
          await runPipeline(hallJob, { data: sourceOf(months), out, destinations: [direct()] })
          await isThere(out, next)
          if (isOver) expect(at).toBeGreaterThan(20)
        }
      },
      240_000,
    )

    it('loses and doubles nothing when the answer to COMMIT is lost, twenty times', async () => {
      const out = memoryStore()
      await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [direct()] })
      const destinations = [postgres({ url: proxied() })]
      for (let round = 0; round < 20; round++) {
        // each round is a commit of its own: a rebuild from other inputs
        const months = (round % 3) + 1
        const place = await copyOf(out)
        await runPipeline(hallJob, { data: sourceOf(months), out: place })
        suite.proxy.cutAtCommit(round % 2 === 0 ? 'answered' : 'sent')
        const result = await runPipeline(hallJob, { data: sourceOf(months), out: place, destinations })
        expect(result.destinations[0]?.commit).toBe(result.commit)
        await isThere(place, result.commit)
        expect(suite.proxy.cuts()).toBe(round + 1)
      }
    }, 120_000)

    it('ends at the last commit whatever deliveries of one log do at once', async () => {
      const out = memoryStore()
      await runPipeline(hallJob, { data: sourceOf(0), out })
      const source = { job: hallJob, out, effects: nodeEffects() }
      const destinations = [1, 2, 3, 4].map((number) => postgres({ url: suite.server.url, name: `writer${number}` }))
      for (const months of [0, 1, 2, 3]) {
        await runPipeline(hallJob, { data: sourceOf(months), out })
        const opened = await openDestinations(destinations, source)
        const results = await Promise.all(opened.map((one) => deliverLast(one, source)))
        await closeDestinations(opened)
        const { commit } = await readStatus({ out })
        // one applies it, the others wait for the row and find it done
        expect(results.map(({ status }) => status).sort()).toEqual([
          ...(months === 0 ? [] : ['changes']),
          'current',
          'current',
          'current',
          ...(months === 0 ? ['reload'] : []),
        ])
        await isThere(out, commit)
      }
    }, 60_000)

    it('never goes back: a delivery that waited while a later commit came delivers that one', async () => {
      const out = memoryStore()
      await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [direct()] })
      await runPipeline(hallJob, { data: sourceOf(1), out })
      const source = { job: hallJob, out, effects: nodeEffects() }
      const [opened] = await openDestinations([direct()], source)
      if (opened === undefined) throw new Error('not opened')
      const holder = await connectServer(suite.server.url)
      let slow: Promise<unknown> = Promise.resolve()
      await holder.transaction(async (transaction) => {
        await transaction.query('SELECT FROM support_etl_place FOR UPDATE')
        slow = deliverLast(opened, source)
        // it waits for the row with commit 2 in its hands
        for (let waiting = 0; waiting === 0; ) {
          const { rows } = await suite.database.query('SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted')
          waiting = Number(rows[0]?.n)
        }
        await runPipeline(hallJob, { data: sourceOf(2), out })
      })
      await holder.close()
      expect(await slow).toMatchObject({ commit: 3 })
      await isThere(out, 3)
      await closeDestinations([opened])
    }, 60_000)

    it('shows every reader the rows of one commit while it reloads', async () => {
      const older = memoryStore()
      await runPipeline(hallJob, { data: sourceOf(0), out: older, destinations: [direct()] })
      const newer = await copyOf(older)
      for (const months of [1, 2, 3]) await runPipeline(hallJob, { data: sourceOf(months), out: newer })
      const states = [
        { number: 1, rows: await committedRows(older) },
        { number: 4, rows: await committedRows(newer) },
      ]
      await suite.database.query('CREATE VIEW seen AS SELECT id, name FROM halls')
      const reader = await connectServer(suite.server.url)
      let isOver = false
      const seen = new Set<number>()
      const reading = (async () => {
        let reads = 0
        while (!isOver) {
          const found = await databaseRows(reader)
          expect(states).toContainEqual(found)
          seen.add(found.number)
          reads++
        }
        return reads
      })()
      try {
        for (let round = 0; round < 20; round++) {
          const [out, data] = round % 2 === 0 ? [newer, sourceOf(3)] : [older, sourceOf(0)]
          const { destinations } = await runPipeline(hallJob, { data, out, destinations: [direct()] })
          expect(destinations[0]?.status).toBe('reload')
        }
      } finally {
        isOver = true
      }
      expect(await reading).toBeGreaterThan(20)
      expect([...seen].sort()).toEqual([1, 4])
      expect((await suite.database.query('SELECT FROM seen')).count).toBe(4)
      await reader.close()
    }, 120_000)

    it('refuses what it may not do before inputs are read, and shows no address', async () => {
      await suite.database.query('DROP ROLE IF EXISTS guest')
      await suite.database.query("CREATE ROLE guest LOGIN PASSWORD 'secret-word'")
      const out = memoryStore()
      const fail = async (url: string) => {
        const error = await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [postgres({ url })] }).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        const shown = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`
        expect(shown).not.toMatch(/secret-word|127\.0\.0\.1|guest|nowhere|nodb/)
        return error
      }
      const at = (user: string, place: string) => `postgres://${user}:secret-word@${place}`
      expect(await fail(at('guest', `127.0.0.1:${suite.server.port}/postgres`))).toMatchObject({
        code: 'destination_refused',
      })
      expect(await fail(at('guest', `127.0.0.1:${suite.server.port}/nodb`))).toMatchObject({ code: 'not_found' })
      expect(await fail(at('postgres', '127.0.0.1:1/postgres'))).toMatchObject({ code: 'io_failed' })
      expect(await fail(at('postgres', 'nowhere.invalid:5432/postgres'))).toMatchObject({ code: 'io_failed' })
      expect(await fail(at('postgres', 'nowhere:no-port/x'))).toMatchObject({ code: 'path_invalid' })
      expect(await out.list('')).toEqual([])
      await suite.database.query('GRANT CREATE, USAGE ON SCHEMA public TO guest')
      const url = at('guest', `127.0.0.1:${suite.server.port}/postgres`)
      await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [postgres({ url })] })
      await isThere(out, 1)
    }, 60_000)
  },
)
