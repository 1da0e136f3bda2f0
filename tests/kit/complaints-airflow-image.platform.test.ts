/** The target `airflow` of the complaints kit: built from the packed package, and its DAGs read and run by the Airflow in it, without a network. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Image, type ImageStore, imageStore, missingTools } from './image.ts'

const root = join(import.meta.dirname, '..', '..')
const kit = join(root, 'kit', 'complaints')
const missing = missingTools()
const CLI = '/opt/project/node_modules/support-etl/dist/cli/main.js'

/** The JSON that ends what a program printed; Airflow prints its warnings before it. */
const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')

describe.skipIf(missing.length > 0)(
  `the target airflow of the complaints kit (missing: ${missing.join(', ') || 'nothing'})`,
  () => {
    let store: ImageStore
    let image: Image
    let folder = ''
    let binds: Readonly<Record<string, string>> = {}
    beforeAll(() => {
      store = imageStore()
      store.makeNodeBase('docker.io/library/node:24-bookworm-slim')
      const base = /^FROM (\S+) AS airflow$/m.exec(readFileSync(join(kit, 'Containerfile'), 'utf8'))?.[1] ?? ''
      store.makeAirflowBase(base, join(root, 'tests', 'airflow-requirements.txt'))
      folder = mkdtempSync(join(tmpdir(), 'support-etl-kit-'))
      cpSync(kit, folder, { recursive: true })
      const { status, stderr } = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
        cwd: root,
        encoding: 'utf8',
      })
      expect(status, stderr).toBe(0)
      const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))
      image = store.build(folder, 'complaints-airflow', { PACKAGE: `./${archive}` }, 'airflow')
      // the two volumes of compose.yaml, and a folder for the state that Airflow has in a database there
      binds = Object.fromEntries(
        ['/opt/data', '/opt/airflow/logs', '/opt/state'].map((inside, at) => {
          const outside = join(folder, `volume-${at}`)
          mkdirSync(outside)
          chmodSync(outside, 0o777)
          return [inside, outside]
        }),
      )
    }, 1_200_000)
    afterAll(() => {
      store?.remove()
      if (folder !== '') rmSync(folder, { recursive: true, force: true })
    }, 240_000)

    const ENV = {
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: 'sqlite:////opt/state/airflow.db',
      AIRFLOW__CORE__PARALLELISM: '2',
      // a file of the image cannot be written
      AIRFLOW_CONFIG: '/opt/state/airflow.cfg',
    }
    /** What a program prints; it must succeed. Nothing but the volumes can be written. */
    const printed = (words: readonly string[], entrypoint?: readonly string[]): string => {
      const options = { binds, env: ENV, words, ...(entrypoint !== undefined && { entrypoint }) }
      const [program, ...flags] = image.command(options)
      const { status, stdout, stderr } = spawnSync(program, flags, { encoding: 'utf8', timeout: 400_000 })
      expect(status, `${stdout}${stderr}`).toBe(0)
      return stdout
    }

    it('runs as no root', () => {
      expect(image.config.User).toBe('50000')
      expect(printed(['-c', 'import os; print(os.getuid())'], ['python'])).toBe('50000\n')
    }, 240_000)

    it('holds support-etl and dbt, each with what it needs to start', () => {
      expect(printed([CLI, '--version'], ['node'])).toBe('0.1.0\n')
      expect(printed(['-c', '"$DBT" --version'], ['sh'])).toMatch(/installed:\s+1\.12\.0/)
    }, 240_000)

    it('reads its DAGs without an error of import', () => {
      const script =
        'import json; from airflow.dag_processing.dagbag import DagBag; bag = DagBag(); print(json.dumps([sorted(bag.dags), bag.import_errors]))'
      expect(lastLine(printed(['-c', script], ['python']))).toEqual([['complaints_daily', 'complaints_marts'], {}])
    }, 240_000)

    it('lists its DAGs', () => {
      printed(['db', 'migrate'])
      printed(['dags', 'reserialize'])
      const dags = lastLine(printed(['dags', 'list', '--output', 'json'])) as { dag_id: string; fileloc: string }[]
      expect(dags.map(({ dag_id, fileloc }) => [dag_id, fileloc]).sort()).toEqual([
        ['complaints_daily', '/opt/airflow/dags/complaints.py'],
        ['complaints_marts', '/opt/airflow/dags/complaints.py'],
      ])
    }, 400_000)

    it('lands a day, and builds and tests the models of the lake', () => {
      printed(['-c', `cd /opt/data && node ${CLI} complaints generate --customers 1000 --days 1`], ['sh'])
      // the run that lands a day begins at three o'clock of the next one
      const finished = /DagRun Finished: .*state=success/
      expect(printed(['dags', 'test', 'complaints_daily', '2025-11-21T03:00:00+00:00'])).toMatch(finished)
      expect(printed(['dags', 'test', 'complaints_marts', '2025-11-21T04:00:00+00:00'])).toMatch(finished)
      const insights = JSON.parse(readFileSync(join(binds['/opt/data'] ?? '', 'insights.json'), 'utf8'))
      expect(insights.complaints).toBeGreaterThan(100)
    }, 800_000)
  },
)
