/**
 * Every command of every system on a terminal of 80 columns: no line is wider, and tables of many rows are shortened.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROGRAM } from '../../src/cli/program/program.ts'
import { SAMPLE } from './command-line.ts'
import { type Shown, typed, wideLines } from './typed.ts'

/** Words of a path are never broken, so the commands are typed in a folder, as people do. */
const folder = mkdtempSync(join(tmpdir(), 'support-etl-width-'))
const before = process.cwd()
beforeAll(() => {
  process.chdir(folder)
  mkdirSync('kits')
  writeFileSync('semicolons.csv', 'Nummer;Beginn;Dauer\n1;31.01.2025 10:00;3,5\n2;01.02.2025 11:30;12,25\n')
})
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

/** Commands that end only when they are told to; they print an address, and `demo` what other commands print. */
const SERVING = ['demo', 'serve']

const COMMANDS: readonly (readonly string[])[] = [
  ['generate', '--interactions', '1000', '--out', 'big'],
  ['inspect', 'semicolons.csv'],
  ['inspect', 'semicolons.csv', '--table', 'interactions'],
  ['check', '--data', 'big'],
  ['check', '--data', SAMPLE],
  ['run', '--data', SAMPLE, '--dry-run'],
  ['run', '--data', SAMPLE, '--months', '202502'],
  ['run', '--data', SAMPLE],
  ['run', '--data', 'big', '--out', 'output/big'],
  ['answers'],
  ['answers', '--quarter', 'all'],
  ['answers', '--evidence'],
  ['report'],
  ['report', '--month', '2025-02', '--contact-center', 'Portland ME'],
  ['report', '--out', 'output/big'],
  ['plan', '--engine', 'duckdb'],
  ['status', '--data', SAMPLE],
  [
    'explain',
    '--data',
    SAMPLE,
    ...['--month', '2025-02', '--contact-center', 'Portland ME', '--department', 'Network'],
  ],
  ['what-if', '--time-zone', 'UTC'],
  ['what-if', '--out', 'output/big', '--month-from', 'timestamp'],
  ['diff'],
  ['diff', '--table', 'agents'],
  ['diff', '--table', 'interactions'],
  ['history', '--table', 'agents'],
  ['blame', 'agents', 'A06', '--data', SAMPLE],
  ['quarantine'],
  ['quarantine', '--out', 'output/big'],
  ['quarantine', '--csv', 'rows.csv', '--data', SAMPLE],
  ['quarantine', 'replay', 'rows.csv', '--data', SAMPLE],
  ['verify'],
  ['gc', '--grace-days', '0'],
  ['calls', 'generate', '--calls', '500', '--out', 'calls'],
  ['calls', 'clean', ...['--calls', 'calls/sample_calls.json', '--agents', 'calls/agents.csv']],
  ['calls', 'summary'],
  ['calls', 'summary', '--period', '28d', '--issue', 'Biling'],
  ['transcripts', 'generate', '--out', 'talks', '--num-calls', '60'],
  ['transcripts', 'run', '--data', 'talks'],
  ['transcripts', 'etl', '--data', 'talks'],
  ['transcripts', 'incremental', '--data', 'talks'],
  ['transcripts', 'status', '--data', 'talks'],
  ['transcripts', 'evaluate', '--data', 'talks', '--rules'],
  ['interactions', 'generate', '--out', 'sheets', '--interactions', '2000'],
  ['interactions', 'import', '--data', 'sheets'],
  ['interactions', 'show'],
  ['interactions', 'show', '--group-by', 'channel,type,month', '--per-page', '100'],
  ['interactions', 'anomalies'],
  ['complaints', 'generate', '--days', '4', '--out', 'world'],
  ['complaints', 'run', '--data', 'world', '--out', 'lake'],
  ['complaints', 'status', '--out', 'lake'],
  ['complaints', 'insights', '--out', 'lake'],
  ['complaints', 'load', '--out', 'lake', '--warehouse', 'pglite:warehouse'],
  ['complaints', 'erase', '--out', 'lake', '--customer', '9b2d1f34-0000-4000-8000-000000000000'],
  ['errors'],
  ['errors', 'late_file'],
  ['dashboard', '--export', 'site'],
  ['keys', 'create', 'team', '--scope', 'read'],
  ['keys', 'list'],
  ['keys', 'revoke', 'nobody'],
  ['db', 'migrate', '--system', 'interactions'],
  ['db', 'status'],
  ['db', 'rollback', '--system', 'interactions'],
  ['kit', 'kits/airflow', '--for', 'transcripts'],
]

const isCommand = (words: readonly string[], name: string) => `${words.join(' ')} `.startsWith(`${name} `)

describe('on a terminal of 80 columns', () => {
  it('every command is typed here', () => {
    const missing = PROGRAM.commands.filter(({ name }) => !COMMANDS.some((words) => isCommand(words, name)))
    expect(missing.map(({ name }) => name)).toEqual(SERVING)
  })

  const shown = new Map<string, Shown>()
  it.each(COMMANDS.map((words) => ({ words, line: words.join(' ').replace(SAMPLE, 'SAMPLE') })))(
    '$line fits',
    async ({ words, line }) => {
      const typedNow = await typed(80, words)
      shown.set(line, typedNow)
      // a statement of SQL is for an engine, and is printed as it is
      const result = words[0] === 'plan' ? { ...typedNow, stdout: '' } : typedNow
      if (process.env.SHOW_WIDTH === 'yes') process.stderr.write(`$ ${line}\n${typedNow.stdout}${typedNow.stderr}\n`)
      expect(wideLines(result, 80).filter((text) => !text.includes(SAMPLE) && !text.includes(folder))).toEqual([])
    },
    60_000,
  )

  it('a long table is shortened, --limit and --all show fewer and all rows', async () => {
    const rows = (one: Shown) => one.stdout.split('\n').filter((line) => /^20\d\d-/.test(line)).length
    const report = ['report', '--out', 'output/big']
    const whole = await typed(80, [...report, '--all'])
    expect(rows(whole)).toBeGreaterThan(40)
    expect(whole.stdout).not.toContain('shown')
    const usual = shown.get(report.join(' ')) as Shown
    expect(rows(usual)).toBe(40)
    expect(usual.stdout).toContain(`${rows(whole)} rows, 40 shown; --all shows every row`)
    const three = await typed(80, [...report, '--limit', '3'])
    expect([rows(three), three.status]).toEqual([3, 0])
  })
})
