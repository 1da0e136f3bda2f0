/** The job of the calls kit, run by a Spark of this machine: the rows that `cleanCalls` gives, and a manifest of what is new. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/index.ts'
import { readParquet } from '../../src/format/index.ts'
import { cleanCalls, readAgents, readCallLog } from '../../src/systems/calls/index.ts'
import { type TableLike, viewTable } from '../../src/table/table-like.ts'
import { sparkFolder } from '../python-tools.ts'

const kit = join(import.meta.dirname, '..', '..', 'kit', 'calls', 'glue')
const sample = join(import.meta.dirname, '..', '..', 'examples', 'data', 'calls')
const python = join(sparkFolder, 'bin', 'python')
const hasSpark = existsSync(python) && spawnSync('java', ['-version']).status === 0

/** Lines that test every rule; the last file counts. */
const TRAPS = [
  '{"id":"v1","agent_id":"A001","started_at":"2025-01-01T23:50:00-05:00","end_time":"2025-01-02T00:05:30-05:00","issue_type":" Billing ","resolution_status":"resolved","rating":"4"}',
  '{"call_id":"v2","agent_id":"A001","start_time":"2025-03-09T06:59:00Z","end_time":"2025-03-09T07:01:00Z","issue_type":"x","resolution":"open"}',
  '{"call_id":"v3","agent_id":"A001","start_time":"2025-01-01T10:00:00Z","end_time":"2025-01-01T10:07:07Z","issue_type":"x","resolution":"open","rating":"n/a"}',
  '{"call_id":"v4","agent_id":"nobody","start_time":"2025-01-01T10:00:00.000Z","end_time":"2025-01-01T10:00:00.200Z","issue_type":"x","resolution":"open"}',
  '{"call_id":"v5","agent_id":"A001","start_time":"2025-01-01T10:00:00.0000001Z","end_time":"2025-01-01T10:00:00.0000002Z","issue_type":"x","resolution":"open"}',
  '{"call_id":"v6","agent_id":"A001","start_time":"1969-12-31T23:59:59.5Z","duration_seconds":930,"issue_type":"x","resolution":"open","rating":7.5}',
  '{"call_id":"v7","agent_id":"A001","start_time":"2025-01-01 10:00","duration_seconds":"0.3","issue_type":"","resolution":"open"}',
  '{"call_id":"v1","agent_id":"A001","start_time":"2025-01-01T10:00:00Z","end_time":"2025-01-01T10:00:00Z","issue_type":"x","resolution":"open"}',
  '{"call_id":"r1","agent_id":"A001","start_time":"2025-01-01T10:00:00Z","end_time":"2025-01-01T09:00:00Z","issue_type":"x","resolution":"open"}',
  '{"call_id":"r2","agent_id":"A001","start_time":"n/a","end_time":"2025-01-01T09:00:00Z","issue_type":"x","resolution":"open"}',
  '{"call_id":"r3","agent_id":"A001","start_time":"2025-01-01T10:00:00Z","issue_type":"x","resolution":"open"}',
  '{"call_id":"r4","agent_id":"A001","start_time":"2025-02-30T10:00:00Z","end_time":"2025-03-01T09:00:00Z","issue_type":"x","resolution":"open"}',
  '{"agent_id":"A001","start_time":"2025-01-01T10:00:00Z","end_time":"2025-01-01T11:00:00Z","issue_type":"x","resolution":"open"}',
  '{"call_id":"cut',
]

type Row = Readonly<Record<string, unknown>>

/** The rows of a table, in the form in which both sides have them. */
function rowsOf(table: TableLike): Row[] {
  const { columns, rows } = viewTable(table)
  return Array.from({ length: rows }, (_, at) => {
    return Object.fromEntries([...columns].map(([name, column]) => [name, column.at(at)]))
  })
}

interface Manifest {
  readonly columns: readonly string[]
  readonly rows: number
  readonly days: Readonly<
    Record<string, { readonly rows: number; readonly files: readonly { readonly name: string }[] }>
  >
}

describe.skipIf(!hasSpark)('the job of the calls kit (.ci/run installs Spark in tests/.venv-spark)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-glue-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const [raw, cleaned] = [join(folder, 'raw_calls'), join(folder, 'cleaned_calls')]
  const agents = join(folder, 'agents.csv')

  function runJob() {
    const args = ['--raw', raw, '--agents', agents, '--cleaned', cleaned]
    const { status, stdout, stderr } = spawnSync(
      python,
      [join(kit, 'clean_calls.py'), ...args, '--sql', join(kit, 'clean_calls.sql')],
      {
        ...{ encoding: 'utf8', cwd: folder },
        env: {
          ...process.env,
          ...{ SPARK_LOCAL_IP: '127.0.0.1' },
          PYSPARK_SUBMIT_ARGS:
            '--master local[2] --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=2 pyspark-shell',
        },
      },
    )
    const said = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []))
    return { status, said, stderr }
  }

  const manifestNow = () => JSON.parse(readFileSync(join(cleaned, '_manifest.json'), 'utf8')) as Manifest

  /** The cleaned rows of the files that the manifest names, by call id, with the day of their folder. */
  async function rowsNow(): Promise<Map<unknown, Row>> {
    const found = new Map<unknown, Row>()
    for (const [day, { files }] of Object.entries(manifestNow().days)) {
      for (const { name } of files) {
        const frame = await readParquet(readFileSync(join(cleaned, name)))
        for (const row of rowsOf(frame)) found.set(row.call_id, { ...row, call_date: day })
      }
    }
    return found
  }

  /** What the library makes of the same logs, one behind the other. */
  async function expected(names: readonly string[]) {
    writeFileSync(join(folder, 'all.json'), names.map((name) => readFileSync(join(raw, name), 'utf8')).join(''))
    const store = folderStore(folder)
    const { log, refused } = await readCallLog({ store, name: 'all.json' })
    const { calls, summary } = cleanCalls(log, await readAgents({ store, name: 'agents.csv' }), { refused })
    return { rows: new Map(rowsOf(calls).map((row) => [row.call_id, row])), summary }
  }

  it('gives the rows of cleanCalls, and names the files of each day', async () => {
    cpSync(join(sample, 'agents.csv'), agents)
    cpSync(join(sample, 'sample_calls.json'), join(raw, '2025-03.json'))
    writeFileSync(join(raw, '2025-04.json'), `${TRAPS.join('\n')}\n`)
    const { status, said, stderr } = runJob()
    expect(status, stderr).toBe(0)
    const { rows, summary } = await expected(['2025-03.json', '2025-04.json'])
    expect(await rowsNow()).toEqual(rows)
    expect(said[0]).toEqual({ lines: summary.rows, refused: summary.rejected_by_reason })
    const manifest = manifestNow()
    expect([manifest.rows, manifest.columns.length]).toEqual([rows.size, 13])
    expect(said[1]).toMatchObject({ written: Object.keys(manifest.days) })
  }, 900_000)
})
