/** The image of the interactions kit: built from the packed package, and its services run as compose.yaml has them, without a network. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectServer } from '../../src/connect/postgres/server.ts'
import { emptyFolder } from '../cli/command-line.ts'
import { findPrograms, type Server, startServer } from '../postgres-server.ts'
import { type Image, type ImageStore, imageStore, missingTools, type RunOptions } from './image.ts'

const root = join(import.meta.dirname, '..', '..')
const kit = join(root, 'kit', 'interactions')
const programs = findPrograms()
const missing = [...missingTools(), ...(programs === null ? ['postgres'] : [])]

/** The words of a service of compose.yaml, under `command` or another name. */
function listOf(service: string, name: string): string[] {
  const text = readFileSync(join(kit, 'compose.yaml'), 'utf8')
  const [, block = ''] = new RegExp(`^ {2}${service}:\\n((?: {4}.*\\n|\\n)+)`, 'm').exec(text) ?? []
  const [, list = ''] = new RegExp(`^ {4}(?: {2})?${name}: \\[(.*)\\]$`, 'm').exec(block) ?? []
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s,][^,]*)/g)].map(([, quoted, word]) =>
    (quoted ?? word ?? '').replace(/\$\{\w+:-(.*?)\}/, '$1'),
  )
}

/** Starts the words given, waits for the health check, asks each path with the key, prints the answers, and ends. */
const ASK = `
const { spawn, spawnSync } = require('node:child_process')
const { serve, health, key, paths } = JSON.parse(process.env.ASKED)
const server = spawn(serve[0], serve.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] })
const isHealthy = () => spawnSync(process.execPath, health.slice(1)).status === 0
const main = async () => {
  while (!isHealthy() && server.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 200))
  const answers = []
  for (const path of paths) {
    for (const headers of [{}, { authorization: 'Bearer ' + key }]) {
      const answer = await fetch('http://127.0.0.1:8788' + path, { headers })
      answers.push([answer.status, await answer.json()])
    }
  }
  server.kill('SIGTERM')
  await new Promise((resolve) => server.once('exit', resolve))
  console.log(JSON.stringify({ answers, status: server.exitCode, uid: process.getuid() }))
}
main()
`

describe.skipIf(missing.length > 0)(
  `the image of the interactions kit (missing: ${missing.join(', ') || 'nothing'})`,
  () => {
    let store: ImageStore
    let image: Image
    let postgres: Server
    let folder = ''
    beforeAll(async () => {
      store = imageStore()
      store.makeNodeBase('docker.io/library/node:24-bookworm-slim')
      folder = mkdtempSync(join(tmpdir(), 'support-etl-kit-'))
      cpSync(kit, folder, { recursive: true })
      const { status, stderr } = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
        cwd: root,
        encoding: 'utf8',
      })
      expect(status, stderr).toBe(0)
      const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))
      image = store.build(folder, 'interactions-api', { PACKAGE: `./${archive}` })
      postgres = await startServer(programs as string)
      const database = await connectServer(postgres.url)
      await database.query('CREATE ROLE etl SUPERUSER LOGIN')
      await database.query('CREATE DATABASE support OWNER etl')
      await database.close()
    }, 900_000)
    afterAll(async () => {
      await postgres?.stop()
      store?.remove()
      if (folder !== '') rmSync(folder, { recursive: true, force: true })
    }, 120_000)

    /** Runs the image until it ends. */
    const run = (options: RunOptions) => {
      const [program, ...flags] = image.command(options)
      const { status, stdout, stderr } = spawnSync(program, flags, { encoding: 'utf8', timeout: 120_000 })
      return { status, stdout, stderr }
    }

    it('runs as no root, and from files that it cannot change', () => {
      expect(image.config.User).toBe('1000:1000')
      expect(run({ words: ['--version'] })).toMatchObject({ status: 0, stdout: '0.1.0\n' })
      const script =
        'try { require("fs").writeFileSync("/app/x", "") } catch ({ code }) { console.log(process.getuid(), code) }'
      expect(run({ entrypoint: ['node', '--eval', script], words: [] }).stdout).toBe('1000 EROFS\n')
    }, 240_000)

    it('does not answer a network before there is a key, and says what to do', () => {
      const { status, stderr } = run({ binds: { '/state': emptyFolder() } })
      expect([status, stderr]).toEqual([2, expect.stringContaining('create a key first')])
    }, 240_000)

    it('imports, makes a key, and answers what the kit says', () => {
      const [data, state] = [join(root, 'examples', 'data', 'interactions'), emptyFolder()]
      mkdirSync(join(state, 'interactions'))
      const options = {
        binds: { '/data': data, '/state': state, '/mnt': postgres.sockets },
        env: { DATABASE_URL: `postgres://etl@%2Fmnt/support?port=${postgres.port}` },
      }
      const imported = run({ ...options, words: listOf('import', 'command') })
      expect([imported.status, imported.stdout + imported.stderr]).toEqual([0, expect.stringContaining('committed')])
      expect(run({ ...options, words: listOf('import', 'command') }).stdout).toContain('nothing to do')
      const keys = run({
        ...options,
        entrypoint: listOf('keys', 'entrypoint'),
        words: ['create', 'dashboards', '--out', '/state', '--json'],
      })
      const { key } = JSON.parse(keys.stdout) as { key: string }
      const asked = {
        serve: [...image.config.Entrypoint, ...listOf('api', 'command')],
        health: listOf('api', 'test').slice(1),
        key,
        paths: ['/api/v1/stats/interactions', '/api/v1/interactions/1'],
      }
      const { status, stdout, stderr } = run({
        ...options,
        env: { ...options.env, ASKED: JSON.stringify(asked) },
        entrypoint: ['node', '--eval', ASK],
        words: [],
      })
      expect(status, stderr).toBe(0)
      const told = JSON.parse(stdout) as { answers: [number, Record<string, unknown>][]; status: number; uid: number }
      expect([told.status, told.uid]).toEqual([0, 1000])
      expect(told.answers.map(([answered]) => answered)).toEqual([401, 200, 401, 200])
      expect(told.answers[3]?.[1]).toMatchObject({ data: { customer_id: 1 } })
    }, 400_000)
  },
)
