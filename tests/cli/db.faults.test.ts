import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from './command-line.ts'

const root = join(import.meta.dirname, '..', '..')
const urlOf = (path: string) => JSON.stringify(pathToFileURL(join(root, path)).href)

/** A program with one system that has a database. */
function programIn(
  cwd: string,
  up = 'CREATE TABLE visits (at text);',
): (...args: string[]) => { status: number | null; stdout: string; stderr: string } {
  mkdirSync(join(cwd, 'data'), { recursive: true })
  writeFileSync(join(cwd, 'data', 'halls.csv'), 'id,name,seats,opened_on\nH1,North,120,2020-02-29\n')
  writeFileSync(
    join(cwd, 'halls.ts'),
    `import { createCli } from ${urlOf('src/cli/index.ts')}
import { hallsDatabase, hallsJob, hallsRoute } from ${urlOf('tests/server/halls-system.ts')}
const [first, second] = hallsDatabase.migrations
const database = { ...hallsDatabase, migrations: [{ ...first, up: ${JSON.stringify(up)}, down: 'DROP TABLE visits;' }, second] }
await createCli([{
  name: 'halls', title: 'Halls', jobs: async () => [hallsJob], routes: async () => [hallsRoute], database: async () => database,
}], { version: '1.0.0' }).start()
`,
  )
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=support-etl-source', '--disable-warning=ExperimentalWarning', join(cwd, 'halls.ts'), ...args],
      {
        cwd,
        encoding: 'utf8',
        env: {
          ...process.env,
          NO_COLOR: '1',
          FORCE_COLOR: undefined,
          NODE_OPTIONS: undefined,
          DATABASE_URL: undefined,
        },
      },
    )
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

  it('keeps the rows of the last commit in the database that serve opens', () => {
    const cwd = emptyFolder()
    const halls = programIn(cwd)
    expect(halls('run').status).toBe(0)
    expect(halls('db', 'migrate').stdout).toBe('halls: applied 0001_visits, 0002_greeting\n')
    const { status, stderr } = halls('db', 'migrate', '--database', 'mysql://root:secret@localhost/x')
    expect([status, stderr.includes('secret')]).toEqual([2, false])
    const dead = halls('db', 'status', '--database', 'postgres://etl:secret@127.0.0.1:1/x')
    expect([dead.status, dead.stderr.includes('secret')]).toEqual([1, false])
    expect(dead.stderr).toMatch(/no server answers at the address/)
  }, 300_000)
})
