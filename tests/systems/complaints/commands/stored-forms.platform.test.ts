/** Web forms in a real Postgres with passwords, whose address is in a parameter store: the commands find them, and tell no secret. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectServer } from '../../../../src/connect/postgres/server.ts'
import { supportEtlSource } from '../../../cli/command-line.ts'
import { environmentOf, hasMoto, type Moto, startMoto } from '../../../moto-server.ts'
import { findPrograms, type Server, startServer } from '../../../postgres-server.ts'

const programs = findPrograms()
const missing = [...(programs === null ? ['postgres'] : []), ...(hasMoto ? [] : ['moto'])]
const PASSWORD = 'p@ss/w:rd%41 of?this#test'
const PATH = '/coretelecomms/database'
const SCHEMA = 'forms of "others"'

describe.skipIf(missing.length > 0)(
  `web forms that a parameter store names (missing: ${missing.join(', ') || 'nothing'})`,
  () => {
    let moto: Moto
    let postgres: Server
    let cwd = ''
    let stored: Readonly<Record<string, string>> = {}
    beforeAll(async () => {
      ;[moto, postgres] = await Promise.all([startMoto(), startServer(programs ?? '', 'password')])
      const database = await connectServer(postgres.url)
      await database.query(`CREATE ROLE "reader@forms" SUPERUSER LOGIN PASSWORD '${PASSWORD}'`)
      await database.close()
      stored = {
        ...{ db_host: '127.0.0.1', db_port: String(postgres.port), db_username: 'reader@forms' },
        ...{ db_password: PASSWORD, db_name: 'postgres', table_schema_name: SCHEMA },
      }
      await moto.putParameters(PATH, stored)
      cwd = mkdtempSync(join(tmpdir(), 'support-etl-stored-'))
      const forms = ['--forms', postgres.url, '--forms-schema', SCHEMA]
      const made = supportEtlSource(['complaints', 'generate', '--customers', '1000', '--days', '1', ...forms], { cwd })
      expect(made.status, made.stderr).toBe(0)
    }, 120_000)
    afterAll(async () => {
      moto?.stop()
      await postgres?.stop()
      if (cwd !== '') rmSync(cwd, { recursive: true, force: true })
    })

    /** Runs the job; whatever it says or writes, the password is not in it. */
    const run = (
      forms: string,
      flags: readonly string[] = [],
      env: Readonly<Record<string, string | undefined>> = {},
    ) => {
      const args = ['complaints', 'run', '--forms', forms, '--log-level', 'debug', ...flags]
      const ended = supportEtlSource(args, { cwd, env: { ...environmentOf(moto.endpoint), ...env } })
      const said = `${ended.stdout}${ended.stderr}`
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'example-secret'])
        expect(said).not.toContain(secret)
      return ended
    }

    it('lands them from the database that the six parameters name', () => {
      const first = run(`ssm://${PATH}/`, ['--json'])
      expect(first.status, first.stderr).toBe(0)
      const { reconciliation } = JSON.parse(first.stdout)
      const forms = reconciliation.deliveries.find(({ table }: { table: string }) => table === 'web_forms')
      expect(forms).toMatchObject({ day: '2025-11-20', source: expect.any(Number) })
      expect(forms.source).toBeGreaterThan(50)
      expect(run(`ssm://${PATH}`).stdout).toContain('nothing to do')
      const lake = join(cwd, 'output', 'complaints')
      const files = readdirSync(lake, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      expect(files.length).toBeGreaterThan(5)
      for (const { parentPath, name } of files) {
        const bytes = readFileSync(join(parentPath, name), 'latin1')
        expect(bytes.includes(PASSWORD) || bytes.includes(encodeURIComponent(PASSWORD)), name).toBe(false)
      }
    }, 120_000)

    it('reads another schema where one is named, and then needs no parameter of it', async () => {
      const { table_schema_name: _, ...rest } = stored
      await moto.putParameters('/without/schema', rest)
      const named = run('ssm:///without/schema', ['--out', 'other', '--forms-schema', SCHEMA, '--json'])
      expect([named.status, JSON.parse(named.stdout).status], named.stderr).toEqual([0, 'committed'])
      const none = run('ssm:///without/schema', ['--out', 'none'])
      expect([none.status, none.stderr]).toEqual([
        1,
        expect.stringContaining('has no /without/schema/table_schema_name; create what is missing'),
      ])
    }, 120_000)

    it('names every parameter that is missing', async () => {
      await moto.putParameters('/half', { db_host: 'a', db_port: '1', db_name: 'c', table_schema_name: 'd' })
      const { status, stderr } = run('ssm:///half')
      expect([status, stderr]).toEqual([1, expect.stringContaining('no /half/db_username, no /half/db_password;')])
    }, 60_000)

    it.each([
      ['db_port', 'p@ss', 'a port number'],
      ['db_host', 'host/with?path', "a host's name or address"],
      ['db_password', `${PASSWORD}\n`, 'a text without line ends'],
    ])(
      'names %s where it cannot be one, and not its value',
      async (name, value, expected) => {
        const path = `/wrong/${name}`
        await moto.putParameters(path, { ...stored, [name]: value })
        const { status, stderr } = run(`ssm://${path}`)
        expect([status, stderr]).toEqual([2, expect.stringContaining(`${path}/${name} is not ${expected}`)])
        expect(stderr).not.toContain(value.trim())
      },
      60_000,
    )

    it('says that the login is refused where the password is another one', async () => {
      await moto.putParameters('/old', { ...stored, db_password: 'password of last year' })
      const { status, stderr } = run('ssm:///old')
      expect(status).not.toBe(0)
      expect(stderr).toContain('the server refuses the login; check user and password')
      expect(stderr).not.toContain('last year')
    }, 60_000)

    it('sends no password over a connection without TLS where TLS is asked for', () => {
      const { status, stderr } = run(`ssm://${PATH}`, [], { PGSSLMODE: 'verify-full' })
      expect(status).not.toBe(0)
      expect(stderr).toContain('the server has no TLS; turn it on there, or do not set PGSSLMODE')
    }, 60_000)

    it('says what to set where there are no credentials', () => {
      const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_EC2_METADATA_DISABLED: 'true' }
      const { status, stderr } = run(`ssm://${PATH}`, [], { ...none, HOME: cwd })
      expect(status).not.toBe(0)
      expect(stderr).toContain('no credentials were found; set AWS_ACCESS_KEY_ID')
    }, 60_000)
  },
)
