/** The tables of transcripts in a Postgres server and in an embedded database: row by row what is published. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { DETAILS, destinationsOf } from '../../../../src/systems/transcripts/commands/database.ts'
import { emptyFolder, supportEtl } from '../../../cli/command-line.ts'
import { findPrograms, suiteServer } from '../../../postgres-server.ts'
import { callFile, placeOf, put, run } from '../calls.ts'
import { committed, delivered, TABLES } from '../delivered-calls.ts'

const programs = findPrograms()

describe.skipIf(programs === null)('transcripts in Postgres (apt-get install postgresql)', () => {
  const suite = suiteServer(programs)

  it('are row by row what is published, after new, changed and withdrawn calls', async () => {
    const [data, out] = [placeOf(300), memoryStore()]
    const destinations = destinationsOf(suite.server.url, 'out') ?? []
    const [first, second] = (await data.list('bronze/')).map(({ name }) => name)
    const steps: (() => Promise<void>)[] = [
      async () => {},
      async () =>
        put(
          data,
          'bronze/NEW.json',
          callFile('NEW', 'Agent: The deluxe plan for $1,250.50? Customer: Yes, sign me up.'),
        ),
      async () => put(data, String(first), callFile(String(first).slice(7, -5), "Customer: I'm really disappointed.")),
      async () => data.remove(String(second)),
      async () => put(data, 'agents.csv', 'agent_name,team\nMei Tanaka,North\n'),
    ]
    for (const [at, step] of steps.entries()) {
      await step()
      const { commit } = await run(data, out, { destinations })
      expect(commit).toBe(at + 1)
      expect(await delivered(suite.database)).toEqual(await committed(out))
    }
    const { destinations: again } = await run(data, out, { destinations })
    expect(again).toMatchObject([{ status: 'current' }])
  }, 120_000)

  it('have keys, indexes and foreign keys that the database describes', async () => {
    const { rows } = await suite.database.query(
      `SELECT c.contype::text AS type, t.relname AS name FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid
        JOIN pg_namespace AS s ON s.oid = t.relnamespace WHERE s.nspname = 'call_data' AND c.contype IN ('p', 'f')`,
    )
    const of = (type: string) =>
      rows.filter((row) => row.type === type && row.name !== 'support_etl_place').map(({ name }) => name)
    expect(of('p').sort()).toEqual([...TABLES].sort())
    expect(of('f').sort()).toEqual(['gold_call_analytics', 'gold_call_evidence', 'gold_call_upsells'])
    const indexes = await suite.database.query(
      `SELECT count(*)::int AS count FROM pg_indexes WHERE schemaname = 'call_data' AND indexdef NOT LIKE '%UNIQUE%'`,
    )
    const wanted = Object.values(DETAILS).flatMap((details) => ('indexes' in details ? details.indexes : []))
    expect(indexes.rows).toEqual([{ count: wanted.length }])
  })

  it('take amounts of any size that a text may name', async () => {
    const [data, out] = [memoryStore(), memoryStore()]
    const words = 'Agent: The extended warranty is $99999999999999999999.99. Customer: Yes please, add it.'
    await put(data, 'bronze/C1.json', callFile('C1', words))
    await put(data, 'bronze/C2.json', callFile('C2', words.replace('99999999999999999999.99', '9,999,999,999')))
    await suite.database.query('DROP SCHEMA call_data CASCADE')
    await run(data, out, { destinations: destinationsOf(suite.server.url, 'out') ?? [] })
    expect(await delivered(suite.database)).toEqual(await committed(out))
  })
})

describe('transcripts in an embedded database', () => {
  it('is kept by the command, and forgotten when told', () => {
    const cwd = emptyFolder()
    const command = (args: string) => supportEtl(['transcripts', ...args.split(' ')], { cwd })
    command('generate --num-calls 5')
    const first = command('run --database embedded')
    const noList = 'data has no agents.csv: table agents is empty until it comes\n'
    expect([first.status, first.stderr]).toEqual([0, noList])
    expect(first.stdout).toMatch(/pglite is at version 1: \d+ rows changed/)
    expect(command('run').stderr).toContain('the last run had the destination "pglite"')
    command('run --database none')
    expect(command('run').stderr).toBe('')
  }, 120_000)
})
