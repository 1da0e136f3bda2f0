import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { emptyFolder } from '../command-line.ts'

const OPTIONS = ['--conditions=support-etl-source', '--disable-warning=ExperimentalWarning']
const root = join(import.meta.dirname, '..', '..', '..')
const urlOf = (path: string) => JSON.stringify(pathToFileURL(join(root, path)).href)

/** A program with systems that have a database, of which the first has a job and a route. */
function programIn(
  cwd: string,
  up = 'CREATE TABLE visits (at text);',
  names = ['halls'],
): (...args: string[]) => { status: number | null; stdout: string; stderr: string } {
  mkdirSync(join(cwd, 'data'), { recursive: true })
  writeFileSync(join(cwd, 'data', 'halls.csv'), 'id,name,seats,opened_on\nH1,North,120,2020-02-29\n')
  writeFileSync(
    join(cwd, 'halls.ts'),
    `import { createCli } from ${urlOf('src/cli/index.ts')}
import { hallsDatabase, hallsJob, hallsRoute } from ${urlOf('tests/server/halls-system.ts')}
const [first, second] = hallsDatabase.migrations
const database = { ...hallsDatabase, migrations: [{ ...first, up: ${JSON.stringify(up)}, down: 'DROP TABLE visits;' }, second] }
const systems = ${JSON.stringify(names)}.map((name, at) => ({
  name, title: name, database: async () => database, jobs: async () => (at === 0 ? [hallsJob] : []), ...(at === 0 && { routes: async () => [hallsRoute] }),
}))
await createCli(systems, { version: '1.0.0' }).start()
`,
  )
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...OPTIONS, join(cwd, 'halls.ts'), ...args], {
      cwd,
      encoding: 'utf8',
      env: {
        ...process.env,
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        NODE_OPTIONS: undefined,
        DATABASE_URL: undefined,
      },
    })
    return { status, stdout, stderr }
  }
}

describe('db of a program whose system has an embedded database', () => {
  it('migrates, tells, undoes, and refuses an edited migration', () => {
    const cwd = emptyFolder()
    const halls = programIn(cwd)
    expect(halls('db', 'status').stdout).toMatch(/halls +0001_visits +pending\nhalls +0002_greeting +pending\n/)
    expect(halls('db', 'migrate')).toEqual({
      status: 0,
      stdout: 'halls: applied 0001_visits, 0002_greeting\n',
      stderr: '',
    })
    expect(halls('db', 'migrate').stdout).toBe('halls: nothing to do\n')
    expect(halls('db', 'rollback').stdout).toBe('halls: undid 0002_greeting\n')
    expect(JSON.parse(halls('db', 'status', '--json').stdout)).toEqual([
      { system: 'halls', migration: '0001_visits', state: 'applied' },
      { system: 'halls', migration: '0002_greeting', state: 'pending' },
    ])
    const edited = programIn(cwd, 'CREATE TABLE visits (at text, by text);')
    for (const words of [['migrate'], ['rollback'], ['status']]) {
      const { status, stderr } = edited('db', ...words)
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(
          /^error: migration 0001_visits of halls was applied with another text; nothing was changed; restore it/,
        ),
      ])
    }
    const { status, stderr } = halls('db', 'status', '--system', 'rooms')
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/--system "rooms" has no database; those with one are halls/),
    ])
    expect(halls('--help').stdout).toMatch(/\n {2}db +migrations of the databases/)
  }, 300_000)

  it('is the database that serve owns, with the rows of the last commit', async () => {
    const cwd = emptyFolder()
    const halls = programIn(cwd)
    expect(halls('run').status).toBe(0)
    expect(halls('db', 'migrate').stdout).toBe('halls: applied 0001_visits, 0002_greeting\n')
    const child = spawn(process.execPath, [...OPTIONS, join(cwd, 'halls.ts'), 'serve', '--port', '0', '--json'], {
      cwd,
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    const { address } = JSON.parse(String(said))
    const answer: ReturnType<typeof JSON.parse> = await (await fetch(`${address}/api/v1/halls`)).json()
    expect(answer).toMatchObject({ total: 1, data: [{ id: 'H1', name: 'North' }] })
    expect(halls('db', 'status')).toMatchObject({ status: 75, stderr: expect.stringMatching(/another process owns/) })
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(halls('db', 'status').stdout).toMatch(/0001_visits +applied/)
    const { status, stderr } = halls('db', 'migrate', '--database', 'mysql://root:secret@localhost/x')
    expect([status, stderr.includes('secret')]).toEqual([2, false])
    const dead = halls('db', 'status', '--database', 'postgres://etl:secret@127.0.0.1:1/x')
    expect([dead.status, dead.stderr.includes('secret')]).toEqual([1, false])
    expect(dead.stderr).toMatch(/no server answers at the address/)
  }, 300_000)
})

describe('an address for two systems', () => {
  it('is refused where it names one schema or one folder, unless a command is about one of them', () => {
    const program = programIn(emptyFolder(), undefined, ['halls', 'wings'])
    for (const address of ['postgres://etl:secret@127.0.0.1:1/x?schema=one', 'pglite:one']) {
      const { status, stderr } = program('db', 'migrate', '--database', address)
      expect([status, stderr.includes('secret')]).toEqual([2, false])
      expect(stderr).toMatch(/^error: the databases of halls and wings cannot be in one (schema|folder); /)
    }
    expect(program('db', 'status', '--database', 'pglite:one', '--system', 'wings').stdout).toMatch(
      /^wings +0001_visits/m,
    )
  }, 300_000)
})
