/** What the commands about migrations print and refuse, in this process. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { System } from '../../src/systems/system.ts'
import { hallsDatabase, hallsJob, hallsRoute } from '../server/halls-system.ts'
import { emptyFolder } from './command-line.ts'
import { ownProgram } from './own-program.ts'

/** A program whose systems have a database each, but for one without. */
function programIn(folder: string, names = ['halls']) {
  const systems = [
    { name: 'bare', title: 'Bare', jobs: async () => [] },
    ...names.map((name) => ({
      ...{ name, title: name, database: async () => hallsDatabase, jobs: async () => [hallsJob] },
      routes: async () => [hallsRoute],
    })),
  ] as unknown as readonly System[]
  const halls = ownProgram(folder, systems)
  return (...args: string[]) => halls(...args, '--out', join(folder, 'out'), '--data', join(folder, 'data'))
}

describe('db', () => {
  it('tells, applies and undoes migrations of the embedded database', async () => {
    const halls = programIn(emptyFolder())
    expect(await halls('db', 'migrate')).toMatchInlineSnapshot(`
      "halls: applied 0001_visits, 0002_greeting
      --- status 0
      "
    `)
    expect(await halls('db', 'migrate', '--json')).toMatchInlineSnapshot(`
      "[
        {
          "system": "halls",
          "migrations": []
        }
      ]
      --- status 0
      "
    `)
    expect(await halls('db', 'rollback')).toMatchInlineSnapshot(`
      "halls: undid 0002_greeting
      --- status 0
      "
    `)
    expect(await halls('db', 'status', '--system', 'halls')).toMatchInlineSnapshot(`
      "system  migration      state
      ------  -------------  -------
      halls   0001_visits    applied
      halls   0002_greeting  pending
      --- status 0
      "
    `)
  }, 60_000)

  it('refuses a system without a database, and more than one where it must be one', async () => {
    const halls = programIn(emptyFolder(), ['halls', 'wings'])
    for (const command of ['migrate', 'rollback', 'status']) {
      for (const system of ['rooms', 'bare']) {
        expect(await halls('db', command, '--system', system)).toBe(
          `--- stderr\nerror: --system "${system}" has no database; those with one are halls, wings\n  code      invalid_option (halls errors invalid_option)\n--- status 2\n`,
        )
      }
    }
    expect(await halls('db', 'rollback')).toMatchInlineSnapshot(`
      "--- stderr
      error: say whose last migration is undone with --system: halls, wings
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await halls('db', 'status', '--database', 'pglite:one')).toMatchInlineSnapshot(`
      "--- stderr
      error: the databases of halls and wings cannot be in one folder; give no folder: then each has a database beside its state
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await halls('db', 'migrate', '--database', 'mysql://me:secret@host/x')).toMatchInlineSnapshot(`
      "--- stderr
      error: --database is no address of a database (and is not repeated here: it may hold a password); expected postgres://user@host/database or pglite:FOLDER
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
  })
})

describe('serve', () => {
  it('refuses what it cannot serve before it listens', async () => {
    const halls = programIn(emptyFolder())
    const refused = async (...words: string[]) => (await halls('serve', '--port', '0', ...words)).split('\n')[1]
    expect(await refused('--port', '65536')).toBe('error: --port "65536": expected a port, at most 65535')
    expect(await refused('--port', 'x')).toBe('error: --port "x": expected a whole number')
    expect(await refused('--rate-limit', '0')).toBe(
      'error: --rate-limit "0": expected requests in a minute, at least 1',
    )
    const together = 'error: --jwt-issuer, --jwt-audience and --jwt-keys belong together; give all three'
    const flags = ['--jwt-issuer', '--jwt-audience', '--jwt-keys']
    for (const flag of flags) {
      expect(await refused(flag, 'x')).toBe(together)
      expect(await refused(...flags.filter((other) => other !== flag).flatMap((other) => [other, 'x']))).toBe(together)
    }
    expect(await refused('--jwt-issuer', 'x', '--jwt-audience', 'y', '--jwt-keys', '/nowhere/keys.json')).not.toBe(
      together,
    )
  })
})
