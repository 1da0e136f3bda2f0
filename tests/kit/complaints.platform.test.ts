/** The four commands of docs/complaints.md, word for word, and the linters of what the complaints kit ships. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAIN, NODE_OPTIONS } from '../cli/command-line.ts'
import { dbt } from '../python-tools.ts'

const root = join(import.meta.dirname, '..', '..')
const kit = join(root, 'kit', 'complaints')

describe.skipIf(!existsSync(dbt))('from nothing (uv pip install -r tests/dbt-requirements.txt)', () => {
  it('runs the four commands of the guide', () => {
    const work = mkdtempSync(join(tmpdir(), 'support-etl-guide-'))
    try {
      const [, commands = ''] =
        /### From nothing\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(
          readFileSync(join(root, 'docs', 'complaints.md'), 'utf8'),
        ) ?? []
      expect(commands.trim().split('\n')).toHaveLength(4)
      const bin = join(work, 'bin')
      mkdirSync(bin)
      writeFileSync(
        join(bin, 'support-etl'),
        `#!/bin/sh\nexec '${[process.execPath, ...NODE_OPTIONS, MAIN].join("' '")}' "$@"\n`,
      )
      chmodSync(join(bin, 'support-etl'), 0o755)
      symlinkSync(dbt, join(bin, 'dbt'))
      const { status, stdout, stderr } = spawnSync('sh', ['-eu', '-c', commands], {
        cwd: work,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '', DO_NOT_TRACK: '1', PATH: `${bin}${delimiter}${process.env.PATH}` },
      })
      expect([status, /Completed successfully/.test(stdout)], `${stdout}${stderr}`).toEqual([0, true])
      expect(existsSync(join(work, 'output', 'complaints', 'warehouse.duckdb'))).toBe(true)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  }, 400_000)
})

describe('what the complaints kit ships', () => {
  const compose = readFileSync(join(kit, 'compose.yaml'), 'utf8')

  it('has an image that does not run as root, and says whether it works', () => {
    const text = readFileSync(join(kit, 'Containerfile'), 'utf8')
    expect(text.split(/^FROM /m).at(-1)).toMatch(/^USER 1000:1000$[\s\S]*^HEALTHCHECK /m)
  })

  it('publishes ports on this machine alone, and writes no secret down', () => {
    const ports = [...compose.matchAll(/^ {6}- (\S+:\d+:\d+)$/gm)].map(([, port]) => port)
    expect(ports).toEqual(['127.0.0.1:8080:8080'])
    for (const name of ['AIRFLOW_SECRET', 'POSTGRES_PASSWORD']) {
      expect(readFileSync(join(kit, '.env.example'), 'utf8')).toMatch(new RegExp(`^${name}=$`, 'm'))
      expect(compose).toContain(`\${${name}:?`)
    }
    expect(compose).not.toMatch(/(?:PASSWORD|SECRET): (?!\$\{)/)
  })

  it('says in its README what every variable of the DAGs is', () => {
    const dags = readFileSync(join(kit, 'airflow', 'dags', 'complaints.py'), 'utf8')
    const read = [...dags.matchAll(/environ\.get\("(\w+)"/g)].map(([, name]) => name)
    const readme = readFileSync(join(kit, 'README.md'), 'utf8')
    expect(read.length).toBeGreaterThan(8)
    expect(read.filter((name) => name !== 'SUPPORT_ETL' && !readme.includes(`\`${name}\``))).toEqual([])
  })

  const pinsOf = (file: string) => readFileSync(join(root, file), 'utf8').match(/^[a-z0-9.-]+==\S+/gm) ?? []

  it('pins in the models what the tests of the models run', () => {
    const tested = new Set(pinsOf('tests/dbt-requirements.txt'))
    const shipped = pinsOf('kit/complaints/dbt/requirements.txt')
    expect(shipped.length).toBeGreaterThan(20)
    expect(shipped.filter((pin) => !tested.has(pin))).toEqual([])
  })

  it('lints in its workflow by the linters that the tests run', () => {
    const tested = new Set(
      ['requirements', 'dbt-requirements', 'lint-requirements'].flatMap((name) => pinsOf(`tests/${name}.txt`)),
    )
    const linters = pinsOf('kit/complaints/lint-requirements.in')
    expect(linters).toHaveLength(3)
    expect(linters.filter((pin) => !tested.has(pin))).toEqual([])
  })
})
