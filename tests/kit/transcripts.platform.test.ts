/** The DAG of the transcripts kit, run by a real Airflow: minutes that come once, again, and after another. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAIN, NODE_OPTIONS, supportEtl } from '../cli/command-line.ts'
import { airflow } from '../python-tools.ts'

const kit = join(import.meta.dirname, '..', '..', 'kit', 'transcripts')

describe.skipIf(!existsSync(airflow))(
  'call_pipeline_minutely (uv pip install -r tests/airflow-requirements.txt)',
  () => {
    let home = ''
    let work = ''
    const run = (...args: string[]) => {
      const ended = spawnSync(airflow, args, {
        cwd: home,
        encoding: 'utf8',
        env: {
          ...process.env,
          ...{ AIRFLOW_HOME: home, AIRFLOW__CORE__DAGS_FOLDER: join(kit, 'dags'), PYTHONDONTWRITEBYTECODE: '1' },
          ...{ AIRFLOW__CORE__LOAD_EXAMPLES: 'False', AIRFLOW__CORE__PARALLELISM: '4', NODE_OPTIONS: '' },
          SUPPORT_ETL: [process.execPath, ...NODE_OPTIONS, MAIN].join(' '),
          SUPPORT_ETL_WORK: work,
        },
      })
      return { status: ended.status, text: `${ended.stdout}${ended.stderr}` }
    }
    /** One minute's run; it must end in success. */
    const minute = (at: string) => {
      const { status, text } = run('dags', 'test', 'call_pipeline_minutely', at)
      expect([status, text.includes('state=success, run_type=manual')], text).toEqual([0, true])
    }
    const calls = () => readdirSync(join(work, 'data', 'bronze')).length
    const committed = () => JSON.parse(supportEtl(['transcripts', 'status', '--json'], { cwd: work }).stdout)

    beforeAll(() => {
      home = mkdtempSync(join(tmpdir(), 'support-etl-airflow-'))
      work = join(home, 'work')
      mkdirSync(work)
      const { status, text } = run('db', 'migrate')
      expect(status, text).toBe(0)
    }, 180_000)
    afterAll(() => {
      if (home !== '') rmSync(home, { recursive: true, force: true })
    })

    it('makes fifty calls a minute and brings them through all layers; a repeated minute adds none', () => {
      minute('2025-09-01T10:00:00+00:00')
      expect([calls(), committed().layers.gold.rows, committed().commit]).toEqual([50, 50, 1])
      minute('2025-09-01T10:01:00+00:00')
      expect([calls(), committed().layers.gold.rows, committed().commit]).toEqual([100, 100, 2])
      // the same minute under another run
      const { status } = run('dags', 'test', 'call_pipeline_minutely', '2025-09-01T10:01:00+00:00')
      expect([status, calls(), committed().commit]).toEqual([0, 100, 2])
    }, 400_000)

    it('has no catch-up, one run at a time, and an interval of a minute', () => {
      const { text } = run('dags', 'details', 'call_pipeline_minutely', '-o', 'json')
      expect(text).toContain('"timetable_description": "Every minute"')
      expect(text).toContain('"max_active_runs": "1"')
      // with catch-up the next minute would be the first one since 2025
      expect(text).toContain('"next_dagrun_logical_date": ')
      expect(text).not.toContain('"next_dagrun_logical_date": "2025-01-01')
    }, 120_000)
  },
)

describe('the kit of transcripts', () => {
  it('is copied whole, left alone when it is there, and never written over', () => {
    const folder = mkdtempSync(join(tmpdir(), 'support-etl-kit-'))
    try {
      const copy = () => supportEtl(['kit', folder, '--for', 'transcripts', '--json'])
      const names = ['.env.example', 'Containerfile', 'README.md', 'compose.yaml', 'dags/call_pipeline_minutely.py']
      const first = JSON.parse(copy().stdout)
      expect(first.files.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual(
        names.map((name) => [name, 'copied']),
      )
      for (const name of names) expect(readFileSync(join(folder, name))).toEqual(readFileSync(join(kit, name)))
      expect(JSON.parse(copy().stdout).files.every(({ status }: { status: string }) => status === 'unchanged')).toBe(
        true,
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('names in .env.example every variable that the commands read', () => {
    const example = readFileSync(join(kit, '.env.example'), 'utf8')
    for (const name of ['BUCKET_NAME', 'S3_PREFIX', 'DATABASE_URL', 'DB_SCHEMA', 'BATCH_SIZE', 'LOG_LEVEL']) {
      expect(example).toMatch(new RegExp(`^# ${name}=`, 'm'))
    }
  })
})
