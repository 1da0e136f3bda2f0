/** The DAGs of the complaints kit, run by a real Airflow: a day twice, a day that is missing, a killed run, a failure that is told, and the services of compose.yaml. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createWebServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectServer } from '../../src/connect/postgres/server.ts'
import { MAIN, NODE_OPTIONS, supportEtl } from '../cli/command-line.ts'
import { findPrograms, type Server, startServer } from '../postgres-server.ts'
import { airflow, airflowPython, dbt } from '../python-tools.ts'

const kit = join(import.meta.dirname, '..', '..', 'kit', 'complaints')

type Variables = Readonly<Record<string, string>>

const programs = findPrograms()

/** A service of compose.yaml; those with a command are Airflow's. */
interface Service {
  readonly image?: string
  readonly command?: string
  readonly environment: Variables
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

/** The services of compose.yaml with the values of `.env`, as Compose puts them in. */
function composeServices(values: Variables): Readonly<Record<string, Service>> {
  const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)["services"]))'
  const input = readFileSync(join(kit, 'compose.yaml'), 'utf8').replaceAll(
    /\$\{(\w+):\?[^}]*\}/g,
    (_, name: string) => values[name] ?? '',
  )
  const { status, stdout, stderr } = spawnSync(airflowPython, ['-c', script], { input, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

/** A server on a free port that writes down what it was sent, and ends with the test. */
async function mailServer(): Promise<{ port: number; mails: string[]; close(): void }> {
  const mails: string[] = []
  const server = createServer((socket) => {
    let isMail = false
    socket.setEncoding('utf8').write('220 here\r\n')
    socket.on('error', () => {})
    socket.on('data', (text: string) => {
      if (isMail) mails[mails.length - 1] += text
      for (const line of text.split('\r\n').filter((part) => part !== '')) {
        if (isMail) {
          if (line !== '.') continue
          isMail = false
          socket.write('250 kept\r\n')
        } else if (/^DATA$/i.test(line)) {
          isMail = true
          mails.push('')
          socket.write('354 go on\r\n')
        } else socket.write(/^QUIT$/i.test(line) ? '221 bye\r\n' : '250 fine\r\n')
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, mails, close: () => server.close() }
}

async function webhookServer(): Promise<{ url: string; posts: string[]; close(): void }> {
  const posts: string[] = []
  const server = createWebServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    posts.push(body)
    response.end('ok')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, posts, close: () => server.close() }
}

/** Ends a process and all that it started. */
async function stopAll(leader: ChildProcess): Promise<void> {
  const ended = once(leader, 'exit')
  const tell = (signal: NodeJS.Signals) => {
    try {
      process.kill(-(leader.pid as number), signal)
    } catch (error) {
      // all of them are gone already
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  tell('SIGTERM')
  if (leader.exitCode === null) await Promise.race([ended, sleep(20_000)])
  tell('SIGKILL')
}

async function prepare(postgres: Server, statement: string): Promise<void> {
  const database = await connectServer(postgres.url)
  await database.query(statement).finally(() => database.close())
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

describe.skipIf(!existsSync(airflow))(
  'the DAGs of complaints (uv pip install -r tests/airflow-requirements.txt)',
  () => {
    let home = ''
    let work = ''
    const environment = (variables: Variables) => ({
      ...process.env,
      ...{ AIRFLOW_HOME: home, AIRFLOW__CORE__DAGS_FOLDER: join(kit, 'airflow', 'dags'), PYTHONDONTWRITEBYTECODE: '1' },
      ...{
        AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
        AIRFLOW__CORE__PARALLELISM: '2',
        NODE_OPTIONS: '',
        DO_NOT_TRACK: '1',
      },
      ...{ SUPPORT_ETL: [process.execPath, ...NODE_OPTIONS, MAIN].join(' '), SUPPORT_ETL_WORK: work, DBT: dbt },
      // a variable of the machine must not reach the test
      ...{ ALERT_WEBHOOK: '', ALERT_MAIL: '', COMPLAINTS_DATA: 'world', LAKE: 'lake', COMPLAINTS_RETRY_SECONDS: '1' },
      ...variables,
    })
    const run = (args: readonly string[], variables: Variables = {}) => {
      const ended = spawnSync(airflow, args, { cwd: home, encoding: 'utf8', env: environment(variables) })
      return { status: ended.status, text: `${ended.stdout}${ended.stderr}` }
    }
    /** The run that lands a day: it begins at three o'clock of the next one. */
    const landing = (day: number): string[] => ['dags', 'test', 'complaints_daily', `2025-11-${day + 1}T03:00:00+00:00`]
    const stateOf = (text: string) => /DagRun Finished: .*state=(\w+)/.exec(text)?.[1]

    /** What a lake's tables are: the content of every file, and nothing that holds the time of a commit. */
    const tablesOf = (lake: string): Record<string, string[]> => {
      const { tables } = JSON.parse(readFileSync(join(work, lake, 'current.json'), 'utf8')) as {
        tables: Record<string, { files: { sha256: string }[] }>
      }
      const timeless = Object.entries(tables).filter(([name]) => name !== 'agent_versions')
      return Object.fromEntries(timeless.map(([name, { files }]) => [name, files.map(({ sha256 }) => sha256)]))
    }
    /** Every byte of a lake. */
    const bytesOf = (lake: string) =>
      readdirSync(join(work, lake), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [
          join(entry.parentPath, entry.name),
          readFileSync(join(entry.parentPath, entry.name), 'latin1'),
        ])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))

    beforeAll(() => {
      home = mkdtempSync(join(tmpdir(), 'support-etl-airflow-'))
      work = join(home, 'work')
      mkdirSync(work)
      const { status, text } = run(['db', 'migrate'])
      expect(status, text).toBe(0)
      const made = supportEtl(['complaints', 'generate', '--customers', '1000', '--out', join(work, 'world')])
      expect(made.status, made.stderr).toBe(0)
    }, 300_000)
    afterAll(() => {
      if (home !== '') rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    })

    it('lands a day, and changes no byte when the day is run again', () => {
      const first = run(landing(20))
      expect([first.status, stateOf(first.text)], first.text).toEqual([0, 'success'])
      const before = bytesOf('lake')
      const second = run(landing(20))
      expect([second.status, stateOf(second.text)], second.text).toEqual([0, 'success'])
      expect(bytesOf('lake')).toEqual(before)
    }, 400_000)

    it('skips a day that no source has', () => {
      const before = bytesOf('lake')
      const { text } = run(landing(25))
      expect([stateOf(text), text.match(/new_state=skipped/g)?.length ?? 0], text).toEqual(['success', 1])
      expect(bytesOf('lake')).toEqual(before)
    }, 200_000)

    it('ends in the same tables when a run is killed in the middle and run again', async () => {
      const child = spawn(airflow, landing(20), {
        ...{ cwd: home, env: environment({ LAKE: 'killed' }), detached: true, stdio: 'ignore' },
      })
      const ended = once(child, 'exit')
      const data = join(work, 'killed', '.support-etl', 'data')
      while (child.exitCode === null && !existsSync(data)) await sleep(5)
      process.kill(-(child.pid as number), 'SIGKILL')
      await ended
      const { status, text } = run(landing(20), { LAKE: 'killed' })
      expect([status, stateOf(text)], text).toEqual([0, 'success'])
      expect(tablesOf('killed')).toEqual(tablesOf('lake'))
    }, 400_000)

    it('tells a webhook and a mail address of a task that failed after its retries', async () => {
      const [mail, webhook] = [await mailServer(), await webhookServer()]
      try {
        const child = spawn(airflow, landing(20), {
          cwd: home,
          stdio: 'ignore',
          env: environment({
            ...{ COMPLAINTS_DATA: 'nowhere', LAKE: 'failed', COMPLAINTS_RETRIES: '1' },
            ...{ ALERT_WEBHOOK: webhook.url, ALERT_MAIL: 'support@example.com' },
            AIRFLOW_CONN_SMTP_DEFAULT: `smtp://127.0.0.1:${mail.port}?disable_ssl=true&disable_tls=true`,
          }),
        })
        await once(child, 'exit')
        expect(webhook.posts.map((post) => JSON.parse(post).text)).toEqual([
          expect.stringMatching(/^complaints_daily: land failed in run .*, attempt 2$/),
        ])
        expect(mail.mails).toHaveLength(1)
        expect(mail.mails[0]).toMatch(/^To: support@example\.com/m)
      } finally {
        mail.close()
        webhook.close()
      }
    }, 400_000)

    it.skipIf(!existsSync(dbt) || programs === null)(
      'starts the models when a backfill has changed the lake, under the services of compose.yaml',
      async () => {
        const values = {
          AIRFLOW_SECRET: 'a secret of this test, which no other server has',
          POSTGRES_PASSWORD: 'pa55word',
        }
        const services = composeServices(values)
        const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = services.postgres?.environment ?? {}
        const commands = Object.entries(services).filter(([, { command }]) => command !== undefined)
        expect(commands.map(([name]) => name).sort()).toEqual([
          'api-server',
          'dag-processor',
          'migrate',
          'scheduler',
          'triggerer',
        ])
        const [port, postgres] = [await freePort(), await startServer(programs ?? '', 'password')]
        /** A service's variables, where names of containers are this machine. */
        const variablesOf = ({ environment: given }: Service): Variables => ({
          ...Object.fromEntries(
            Object.entries(given).map(([name, value]) => [
              name,
              value
                .replace('@postgres/', `@127.0.0.1:${postgres.port}/`)
                .replace('//api-server:8080/', `//127.0.0.1:${port}/`),
            ]),
          ),
          // one container of each has a machine of its own
          ...{ AIRFLOW__API__HOST: '127.0.0.1', AIRFLOW__API__PORT: String(port), AIRFLOW__API__WORKERS: '1' },
          ...{ LAKE: 'served', PATH: `${dirname(airflow)}${delimiter}${process.env.PATH}` },
        })
        const variables = variablesOf(services.scheduler as Service)
        const children: ChildProcess[] = []
        try {
          await prepare(postgres, `CREATE ROLE ${POSTGRES_USER} LOGIN PASSWORD '${POSTGRES_PASSWORD}'`)
          await prepare(postgres, `CREATE DATABASE ${POSTGRES_DB} OWNER ${POSTGRES_USER}`)
          // the others wait until it is done
          const migrated = run((services.migrate?.command ?? '').split(' '), variablesOf(services.migrate as Service))
          expect(migrated.status, migrated.text).toBe(0)
          for (const [name, service] of commands) {
            if (name === 'migrate') continue
            expect(service.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } })
            children.push(
              spawn(airflow, (service.command ?? '').split(' '), {
                ...{ cwd: home, env: environment(variablesOf(service)), detached: true, stdio: 'ignore' },
              }),
            )
          }
          const until = async (what: string, isDone: () => boolean) => {
            const end = Date.now() + 400_000
            while (!isDone()) {
              if (Date.now() > end) throw new Error(`not within 400 s: ${what}`)
              await sleep(1000)
            }
          }
          const ask = (...args: string[]) => run(args, variables).text
          await until('both DAGs are known', () => /complaints_marts/.test(ask('dags', 'list', '-o', 'plain')))
          // they are known, and paused, as README.md says
          for (const dag of ['complaints_marts', 'complaints_daily'])
            expect(run(['dags', 'unpause', dag], variables).status).toBe(0)
          const range = ['--from-date', '2025-11-22T03:00:00+00:00', '--to-date', '2025-11-23T03:00:00+00:00']
          const created = run(
            ['backfill', 'create', '--dag-id', 'complaints_daily', '--max-active-runs', '1', ...range],
            variables,
          )
          expect(created.status, created.text).toBe(0)
          // the last task of the models: what the asset started is done
          await until('the models are built', () => existsSync(join(work, 'insights.json')))
          await until('both days are landed', () => {
            const index = join(work, 'served', 'current.json')
            return existsSync(index) && JSON.parse(readFileSync(index, 'utf8')).tables.call_logs.files.length === 2
          })
          expect(existsSync(join(work, 'served', 'warehouse.duckdb'))).toBe(true)
          // the same without Airflow
          const days = ['--from', '2025-11-22', '--to', '2025-11-23']
          const plain = supportEtl([
            'complaints',
            'run',
            '--data',
            join(work, 'world'),
            '--out',
            join(work, 'plain'),
            ...days,
          ])
          expect(plain.status, plain.stderr).toBe(0)
          expect(tablesOf('served')).toEqual(tablesOf('plain'))
          expect(children.map(({ exitCode }) => exitCode)).toEqual(children.map(() => null))
        } finally {
          await Promise.all(children.map(stopAll))
          await postgres.stop()
        }
      },
      900_000,
    )
  },
)
