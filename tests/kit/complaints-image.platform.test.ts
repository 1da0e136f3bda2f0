/** The image of the complaints kit: built from the packed package, and a world landed and modelled in it, without a network. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Image, type ImageStore, imageStore, missingTools, type RunOptions } from './image.ts'

const root = join(import.meta.dirname, '..', '..')
const kit = join(root, 'kit', 'complaints')
const missing = missingTools()

describe.skipIf(missing.length > 0)(
  `the image of the complaints kit (missing: ${missing.join(', ') || 'nothing'})`,
  () => {
    let store: ImageStore
    let image: Image
    let folder = ''
    let work = ''
    beforeAll(() => {
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
      image = store.build(folder, 'complaints', { PACKAGE: `./${archive}` })
      work = mkdtempSync(join(folder, 'work-'))
      chmodSync(work, 0o777)
    }, 900_000)
    afterAll(() => {
      store?.remove()
      if (folder !== '') rmSync(folder, { recursive: true, force: true })
    }, 120_000)

    /** Runs the image until it ends; nothing but its folder of work can be written. */
    const run = (words: readonly string[], options: RunOptions = {}) => {
      const [program, ...flags] = image.command({ binds: { '/data': work }, words, ...options })
      const { status, stdout, stderr } = spawnSync(program, flags, { encoding: 'utf8', timeout: 240_000 })
      return { status, stdout, stderr }
    }
    /** What a program other than support-etl prints; it must succeed. */
    const printed = (...entrypoint: string[]) => {
      const { status, stdout, stderr } = run([], { entrypoint })
      expect(status, `${stdout}${stderr}`).toBe(0)
      return stdout
    }

    it('runs as no root, and from files that it cannot change', () => {
      expect(image.config.User).toBe('1000:1000')
      expect(run(['--version'])).toMatchObject({ status: 0, stdout: '0.1.0\n' })
      const script =
        'try { require("fs").writeFileSync("/app/x", "") } catch ({ code }) { console.log(process.getuid(), code) }'
      expect(printed('node', '--eval', script)).toBe('1000 EROFS\n')
    }, 240_000)

    it('is healthy by its own check, and is not where its program is gone', () => {
      const [kind, ...check] = image.config.Healthcheck?.Test ?? []
      expect(kind).toBe('CMD')
      expect(printed(...check)).toBe('0.1.0\n')
      expect(run([], { entrypoint: check, env: { PATH: '/usr/bin' } }).status).not.toBe(0)
    }, 240_000)

    it('holds the DAGs and the models as the kit has them', () => {
      const inside = (name: string) => printed('cat', `/opt/platform/${name}`)
      for (const name of ['airflow/dags/complaints.py', 'dbt/dbt_project.yml', 'dbt/models/marts/fct_complaints.sql'])
        expect(inside(name)).toBe(readFileSync(join(kit, name), 'utf8'))
    }, 240_000)

    it('makes a world, lands it, counts it, and builds and tests its models', () => {
      const made = run(['complaints', 'generate', '--customers', '1000', '--profile', 'adversarial'])
      expect(made.status, made.stderr).toBe(0)
      const landed = run(['complaints', 'run'])
      expect([landed.status, landed.stdout], landed.stderr).toEqual([0, expect.stringContaining('committed version 1')])
      expect(run(['complaints', 'run']).stdout).toContain('nothing to do')
      expect(run(['complaints', 'status']).status).toBe(0)
      expect(printed('dbt', 'build')).toMatch(/Completed successfully[\s\S]*ERROR=0/)
      const counted = printed(
        'python3',
        '-c',
        'import duckdb; print(*duckdb.connect("output/complaints/warehouse.duckdb").execute("select count(*) from complaints.fct_complaints").fetchone())',
      )
      expect(Number(counted)).toBeGreaterThan(4000)
    }, 500_000)

    it('lists its packages, those of Node and those of Python, and no tool that only built it', () => {
      type List = { bomFormat: string; components: { name: string; version: string; purl: string }[] }
      const listOf = (path: string) => JSON.parse(printed('cat', path)) as List
      const listed = ({ components }: List) => [
        ...new Set(components.map(({ purl }) => decodeURIComponent(purl).replace(/\?.*$/, ''))),
      ]
      const [npm, python] = [listOf('/app/sbom.json'), listOf('/opt/dbt/sbom.json')]
      expect([npm.bomFormat, python.bomFormat]).toEqual(['CycloneDX', 'CycloneDX'])
      // every folder of a package that the image has, and nothing else
      const script = `
const { globSync, readFileSync } = require('node:fs')
const folders = globSync(['/app/node_modules/**/package.json']).filter((path) => /\\/node_modules\\/(@[^/]+\\/)?[^/]+\\/package\\.json$/.test(path))
const found = folders.map((path) => JSON.parse(readFileSync(path, 'utf8'))).map(({ name, version }) => 'pkg:npm/' + name + '@' + version)
console.log(JSON.stringify([...new Set(found)].sort()))`
      const folders = JSON.parse(printed('node', '--eval', script)) as string[]
      expect(folders.length).toBeGreaterThan(50)
      expect(listed(npm).sort()).toEqual(folders)
      const frozen = JSON.parse(printed('/opt/dbt/bin/pip', 'list', '--format', 'json')) as {
        name: string
        version: string
      }[]
      const names = (list: readonly { name: string; version: string }[]) =>
        list.map(({ name, version }) => `${name.toLowerCase().replaceAll(/[-_.]+/g, '-')}==${version}`).sort()
      expect(names(python.components)).toEqual(names(frozen))
      expect(names(python.components).join()).not.toContain('cyclonedx')
    }, 240_000)
  },
)
