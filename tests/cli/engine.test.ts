/** `run --engine`: what its help says, and what is refused by name, on a terminal of 80 columns. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SAMPLE } from './command-line.ts'
import { typed, wideLines } from './typed.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-engine-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const out = join(base, 'out')

/** Types `run` with an engine; the place stays empty. */
async function refused(...args: string[]) {
  const shown = await typed(80, ['run', '--data', SAMPLE, '--out', out, ...args])
  expect(wideLines(shown, 80)).toEqual([])
  expect(existsSync(join(out, 'engine.json'))).toBe(false)
  return { ...shown, said: shown.stderr.replaceAll(/\s+/g, ' ') }
}

describe('run --engine', () => {
  it('is in the help, with the form of each address and an example', async () => {
    const shown = await typed(80, ['run', '--help'])
    const help = shown.stdout.replaceAll(/\s+/g, ' ')
    expect(wideLines(shown, 80)).toEqual([])
    expect(help).toContain('files, duckdb, postgres or spark')
    expect(help).toContain('postgres://user@host/database?schema=name')
    expect(help).toContain('sc://host:15002/;schema=catalog.name')
    expect(help).toContain('run --engine spark --engine-url sc://host:15002')
  })

  it('refuses an engine that there is not, and names those that there are', async () => {
    const { status, stderr } = await typed(80, ['run', '--out', out, '--engine', 'sparc'])
    expect(status).toBe(2)
    expect(stderr).toContain('files, duckdb, postgres, spark')
  })

  it('asks for the address of a cluster, and of a database', async () => {
    for (const [engine, form] of [
      ['spark', 'sc://host:15002'],
      ['postgres', 'postgres://user@host/database'],
    ] as const) {
      const { status, said } = await refused('--engine', engine)
      expect(status).toBe(2)
      expect(said).toContain(`the engine ${engine} needs the address of`)
      expect(said).toContain(`--engine-url ${form}`)
    }
  })

  it.each([
    ['postgres://etl:secret@host/database', 'cannot be read'],
    ['spark://secret:7077', 'cannot be read'],
    ['sc://user:secret@host', 'has a user before the host'],
    ['sc://host/;schema=secret.a.b', 'has a schema that is not name or catalog.name'],
    ['sc://host/;use_ssl=secret', 'has use_ssl that is neither true nor false'],
  ])('refuses the address %s for Spark, without repeating it', async (url, why) => {
    const { status, said, stderr } = await refused('--engine', 'spark', '--engine-url', url)
    expect(status).toBe(2)
    expect(said).toContain(`the address of the Spark server ${why}`)
    expect(said).toContain('sc://localhost:15002')
    expect(stderr).not.toContain('secret')
  })

  it('refuses the address of a cluster for DuckDB, and names the engine that takes it', async () => {
    const { status, said } = await refused('--engine', 'duckdb', '--engine-url', 'sc://host:15002')
    expect(status).toBe(2)
    expect(said).toContain('--engine spark')
  })

  it('does not send a token in the clear, and says where else it may be', async () => {
    const { said } = await refused('--engine', 'spark', '--engine-url', 'sc://host/;use_ssl=false;token=secret')
    expect(said).toContain('a token is sent over TLS alone, or to this machine')
    expect(said).not.toContain('secret')
  })
})

describe('run --engine duckdb with a limit of memory', () => {
  it.each([
    [['--engine-memory', '8'], '--engine-memory "8": expected a size with its unit, such as 8GB or 512MB'],
    [['--engine-threads', 'two'], '--engine-threads "two": expected a whole number'],
    [['--engine-threads', '0'], '--engine-threads "0": expected a whole number, 1 or more'],
  ])('refuses %j', async (flags, message) => {
    const { status, said } = await refused('--engine', 'duckdb', ...flags)
    expect(status).toBe(2)
    expect(said).toContain(message)
  })

  it.each([
    [['--engine', 'files'], 'no engine keeps this state'],
    [['--engine-url', 'sc://localhost:1'], 'spark keeps this state'],
    [[], 'no engine keeps this state'],
  ])('refuses it where the engine is another one: %j', async (flags, message) => {
    const { status, said } = await refused(...flags, '--engine-memory', '1GB')
    expect(status).toBe(2)
    expect(said).toContain(message)
    expect(said).toContain('give --engine duckdb to use them')
  })

  it('hands it to DuckDB, in a later run without --engine too', async () => {
    const place = join(base, 'limited')
    const run = (...flags: string[]) => typed(80, ['run', '--data', SAMPLE, '--out', place, ...flags])
    const tooLittle = await run('--engine', 'duckdb', '--engine-memory', '1MB')
    expect(tooLittle.status).toBe(1)
    expect(tooLittle.stderr.replaceAll(/\s+/g, ' ')).toMatch(/DuckDB refuses .* Out of Memory Error: /)
    const enough = await run('--engine', 'duckdb', '--engine-memory', '1GB', '--engine-threads', '1')
    expect([enough.status, existsSync(join(place, 'engine.json'))]).toEqual([0, true])
    const again = await run('--rebuild', '--engine-memory', '1MB')
    expect(again.stderr.replaceAll(/\s+/g, ' ')).toContain('Out of Memory Error')
    expect((await run('--rebuild', '--engine-memory', '1GB')).status).toBe(0)
  }, 60_000)
})

describe('run --engine spark without its packages', () => {
  it('prints the command that installs them', () => {
    // what Node says of a package that is not there
    const hooks = `import { registerHooks } from 'node:module'
registerHooks({ resolve(name, context, next) {
  if (!name.startsWith('@grpc/')) return next(name, context)
  throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: 'ERR_MODULE_NOT_FOUND' })
} })`
    const program = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...['--conditions=support-etl-source', '--import', `data:text/javascript,${encodeURIComponent(hooks)}`],
        ...[program, 'run', '--data', SAMPLE, '--out', out, '--engine-url', 'sc://127.0.0.1:1'],
      ],
      { encoding: 'utf8' },
    )
    expect([status, stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining('npm install @grpc/grpc-js @grpc/proto-loader'),
    ])
  })
})
