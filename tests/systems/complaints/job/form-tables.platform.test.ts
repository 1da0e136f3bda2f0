/** Web forms in a real Postgres: a table a day, read in short statements. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore, mountedStores } from '../../../../src/connect/index.ts'
import type { Database } from '../../../../src/connect/postgres/database.ts'
import { connectServer } from '../../../../src/connect/postgres/server.ts'
import { tableFiles } from '../../../../src/connect/postgres/table-files.ts'
import { ConnectError } from '../../../../src/errors.ts'
import { readQuarantine, runPipeline } from '../../../../src/pipeline/index.ts'
import { loadForms, recheckingJob } from '../../../../src/systems/complaints/commands/form-tables.ts'
import { complaintsJob } from '../../../../src/systems/complaints/job/complaints-job.ts'
import { reconcile } from '../../../../src/systems/complaints/job/reconcile.ts'
import { supportEtlSource } from '../../../cli/command-line.ts'
import { findPrograms, type Server, startServer } from '../../../postgres-server.ts'
import { placeOf, rowsOf, run, worldOf } from '../worlds.ts'

const programs = findPrograms()
const SCHEMA = 'customer_complaints'
const options = { schema: SCHEMA, prefix: 'web_form_request_', orderBy: 'request_id' }

async function textOf(store: ReturnType<typeof tableFiles>, name: string): Promise<string> {
  let text = ''
  for await (const chunk of store.read(name)) text += new TextDecoder().decode(chunk)
  return text
}

describe.skipIf(programs === null)(
  'web forms in Postgres (apt-get install postgresql, or SUPPORT_ETL_POSTGRES=folder)',
  () => {
    const { files, truth } = worldOf({ customers: 1000, profile: 'adversarial', seed: 9 })
    let server: Server
    let database: Database
    beforeAll(async () => {
      server = await startServer(programs ?? '')
      database = await connectServer(server.url)
      const forms = [...files].filter(([name]) => name.startsWith('web_forms/'))
      await loadForms(
        server.url,
        SCHEMA,
        forms.map(([name, bytes]) => ({ name, chunks: () => [bytes] })),
      )
    }, 60_000)
    afterAll(async () => {
      await database?.close()
      await server?.stop()
    })

    it('are files with the rows of their tables, whatever the size of a page', async () => {
      const store = tableFiles(database, options)
      expect((await store.list('')).map(({ name }) => `web_forms/${name}`)).toEqual(
        [...files.keys()].filter((name) => name.startsWith('web_forms/')).sort(),
      )
      const name = 'web_form_request_2025_11_20.csv'
      const original = new TextDecoder()
        .decode(files.get(`web_forms/${name}`))
        .trimEnd()
        .split('\n')
      const [header, ...rows] = (await textOf(store, name)).trimEnd().split('\n')
      expect(header).toBe(original[0])
      expect(rows.toSorted()).toEqual(original.slice(1).sort())
      for (const pageRows of [50, 51, 399, 5000]) {
        expect(await textOf(tableFiles(database, { ...options, pageRows }), name)).toBe(
          [header, ...rows, ''].join('\n'),
        )
      }
    })

    it('are read in shorter statements where the server ends long ones', async () => {
      const asked: number[] = []
      const short: Pick<Database, 'query'> = {
        query(text, values) {
          const [, limit] = /LIMIT (\d+)$/.exec(text) ?? []
          if (limit !== undefined) asked.push(Number(limit))
          // the server itself says that a statement took too long
          if (Number(limit) > 300)
            return database
              .query("SELECT set_config('statement_timeout', '1', false)")
              .then(() => database.query('SELECT pg_sleep(1)'))
              .finally(() => database.query('RESET statement_timeout'))
          return database.query(text, values)
        },
      }
      const name = 'web_form_request_2025_11_21.csv'
      expect(await textOf(tableFiles(short, options), name)).toBe(await textOf(tableFiles(database, options), name))
      expect(asked.slice(0, 6)).toEqual([5000, 2500, 1250, 625, 312, 156])
    })

    it('make the lake that the same forms in files make', async () => {
      const [fromFiles, fromTables] = [memoryStore(), memoryStore()]
      await run(placeOf(files), fromFiles)
      const rest = placeOf(new Map([...files].filter(([name]) => !name.startsWith('web_forms/'))))
      const data = mountedStores({
        's3/': await folderIn(rest, 's3/'),
        'sheet/': await folderIn(rest, 'sheet/'),
        'web_forms/': tableFiles(database, options),
      })
      await runPipeline(recheckingJob(complaintsJob), { data, out: fromTables, format: 'parquet' })
      const byId = async (out: ReturnType<typeof memoryStore>) =>
        (await rowsOf(out, 'web_forms')).map((row) => JSON.stringify(row)).sort()
      expect(await byId(fromTables)).toEqual(await byId(fromFiles))
      const codes = async (out: ReturnType<typeof memoryStore>) =>
        (await readQuarantine({ out })).rows
          .map(({ table, file, code, column }) => `${table} ${file} ${code} ${column}`)
          .sort()
      expect(await codes(fromTables)).toEqual(await codes(fromFiles))
      expect((await reconcile({ out: fromTables })).isWhole).toBe(true)
      // nothing is new, though no table says when it last changed
      const again = await runPipeline(recheckingJob(complaintsJob), { data, out: fromTables })
      expect(again.status).toBe('nothing_to_do')
      await database.query(
        `UPDATE ${SCHEMA}.web_form_request_2025_11_23 SET "COMPLAINT_catego ry" = 'Payments' WHERE "Column1" = (SELECT min("Column1") FROM ${SCHEMA}.web_form_request_2025_11_23)`,
      )
      const changed = await runPipeline(recheckingJob(complaintsJob), { data, out: fromTables })
      expect(changed.applied.map(({ name }) => name)).toEqual(['web_forms/web_form_request_2025_11_23.csv'])
    })

    it('are generated and read by the commands', () => {
      const cwd = mkdtempSync(join(tmpdir(), 'support-etl-forms-'))
      try {
        const forms = ['--forms', server.url, '--forms-schema', 'other "schema"']
        const generate = ['complaints', 'generate', '--customers', '1000', '--days', '1', ...forms]
        expect(supportEtlSource(generate, { cwd })).toMatchObject({ status: 0, stderr: '' })
        const ran = supportEtlSource(['complaints', 'run', ...forms], { cwd })
        expect([ran.status, ran.stdout]).toEqual([0, expect.stringMatching(/\nweb_forms +2025-11-20 +1\d\d /)])
        const again = supportEtlSource([...generate, '--out', 'second'], { cwd })
        expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('already has the table')])
        expect(again.stderr).not.toContain(server.url)
      } finally {
        rmSync(cwd, { recursive: true, force: true })
      }
    })

    it('are refused by name where a table is none of them', async () => {
      const store = tableFiles(database, options)
      await expect(textOf(store, 'other.csv')).rejects.toMatchObject({ code: 'not_found' })
      await expect(
        textOf(tableFiles(database, { ...options, orderBy: 'id' }), 'web_form_request_2025_11_20.csv'),
      ).rejects.toThrow(/has no column "id"/)
      await expect(store.write('x', [])).rejects.toBeInstanceOf(ConnectError)
      expect(truth.days).toHaveLength(4)
    })
  },
)

/** The files below a folder of a place, as a place. */
async function folderIn(place: ReturnType<typeof memoryStore>, folder: string) {
  const part = memoryStore()
  for (const { name } of await place.list(folder)) {
    const chunks: Uint8Array[] = []
    for await (const chunk of place.read(name)) chunks.push(chunk)
    await part.write(name.slice(folder.length), chunks)
  }
  return part
}
