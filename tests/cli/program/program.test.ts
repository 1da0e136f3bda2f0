import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROGRAM } from '../../../src/cli/program/program.ts'
import { EXIT } from '../../../src/terminal/exit-code.ts'
import {
  emptyFolder,
  MAIN,
  NODE_OPTIONS,
  SAMPLE,
  supportEtlHere as supportEtl,
  supportEtl as supportEtlProcess,
} from '../command-line.ts'

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8'))

/** Prints the address of every module that is loaded. */
const LIST_MODULES = `--import=data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module'
   registerHooks({ load(url, context, next) { process.stderr.write('loads ' + url + '\\n'); return next(url, context) } })`,
)}`

/** The names of the packages that a command line loads. */
function packagesLoadedBy(args: readonly string[]): string[] {
  const { stderr } = supportEtlProcess(args, { nodeOptions: [LIST_MODULES] })
  const loaded = stderr.split('\n').filter((line) => line.startsWith('loads '))
  expect(loaded.some((line) => /\/cli\/main\.[jt]s/.test(line))).toBe(true)
  const names = loaded.flatMap((line) => line.match(/\/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? [])
  return [...new Set(names)]
}

const COMMANDS = PROGRAM.commands

describe('support-etl', () => {
  it('says what there is', () => {
    const { status, stdout, stderr } = supportEtlProcess(['--help'])
    expect([status, stderr]).toEqual([0, ''])
    for (const { name, summary, arguments: words = [] } of COMMANDS.filter(({ name }) => !name.includes(' '))) {
      const line = [name, '[options]', ...words.map((word) => `[${word.name}]`), summary].join(' ')
      expect(stdout.replace(/\s+/g, ' ')).toContain(line)
    }
    expect(stdout).toContain('75  another run is at work')
  })

  it.each(COMMANDS.map(({ name }) => name))('%s says how it is used, with examples', async (name) => {
    const { status, stdout } = await supportEtl([...name.split(' '), '--help'])
    expect(status).toBe(0)
    expect(stdout).toMatch(new RegExp(`\nExamples:\n(?: {2}# .*\n)? {2}\\$ support-etl ${name}`))
    expect(stdout).toContain('--log-level <level>')
    expect(stdout).toContain('--json')
    if (!name.includes(' ')) expect((await supportEtl(['help', name])).stdout).toBe(stdout)
  })

  it('shows in its examples only options that the command has', async () => {
    for (const { name, options, lateOptions, examples } of COMMANDS) {
      const late = (await lateOptions?.([])) ?? []
      const known = [...[...late, ...options].map(({ flags }) => flags.split(' ')[0]), '--json', '--log-level']
      for (const [line] of examples) {
        expect(`${line} `.startsWith(`${name} `), line).toBe(true)
        expect(known).toEqual(expect.arrayContaining(line.match(/--[a-z-]+/g) ?? []))
      }
    }
  })

  it('stands in the docs with its commands and exit statuses', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'cli.md'), 'utf8')
    for (const { name, summary } of COMMANDS) expect(page).toMatch(new RegExp(`^support-etl ${name} +${summary}$`, 'm'))
    for (const status of Object.values(EXIT)) expect(page).toMatch(new RegExp(`^\\| ${status} \\|`, 'm'))
  })

  it('prints its version', () => {
    expect(supportEtlProcess(['--version'])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })

  it('shows its help and fails when nothing is asked', () => {
    const { status, stdout, stderr } = supportEtlProcess([])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Usage: support-etl')
  })

  it.each([
    [['rnu'], "error: unknown command 'rnu'\n(Did you mean run?)"],
    [['run', '--mounths', '202502'], "error: unknown option '--mounths'\n(Did you mean --months?)"],
    [['run', 'data'], "error: too many arguments for 'run'. Expected 0 arguments but got 1"],
    [['gc', '--kep-versions', '1'], "error: unknown option '--kep-versions'\n(Did you mean --keep-versions?)"],
    [['run', '--mode', 'relaxed'], "argument 'relaxed' is invalid. Allowed choices are lenient, strict."],
    [['explain', '--month', '2025-02'], "error: required option '--contact-center <name>' not specified"],
    [['generate', '--interactions', 'many', '--out', 'x'], 'error: --interactions "many": expected a whole number'],
  ])('refuses %j with status 2 and one clear error', async (args, message) => {
    const { status, stdout, stderr } = await supportEtl(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it.each([
    [['rnu', '--json'], "unknown command 'rnu' (Did you mean run?)"],
    [['run', '--json', '--mounths', '202502'], "unknown option '--mounths' (Did you mean --months?)"],
    [['explain', '--month', '2025-02', '--json'], "required option '--contact-center <name>' not specified"],
    [['calls', 'claen', '--json'], "unknown command 'claen' (Did you mean clean?)"],
  ])('tells machines why %j is refused', async (args, message) => {
    const { status, stdout, stderr } = await supportEtl(args)
    expect([status, JSON.parse(stdout)]).toEqual([2, { error: { code: 'invalid_option', message, details: {} } }])
    expect(stderr).not.toBe('')
  })

  it('takes no --json behind -- for a wish', async () => {
    expect((await supportEtl(['rnu', '--', '--json'])).stdout).toBe('')
  })

  it('shows examples of the commands in a group', async () => {
    const { status, stdout } = await supportEtl(['calls', '--help'])
    expect(status).toBe(0)
    for (const line of ['calls clean', 'calls summary', 'calls generate'])
      expect(stdout).toMatch(new RegExp(`\n {2}\\$ support-etl ${line} +\\w`))
  })

  it('has no colours where there is no terminal, and none when NO_COLOR is set', () => {
    for (const env of [{ NO_COLOR: '1' }, { NO_COLOR: '' }]) {
      const { stdout, stderr } = supportEtlProcess(['--help'], { env })
      expect(stdout + stderr).not.toContain('\u001b')
    }
  })

  it.each([[['--help']], [['--version']], [['gc', '--help']], [['calls', 'clean', '--help']], [['rnu']]])(
    'loads no other package for %j',
    (args) => {
      expect(packagesLoadedBy(args)).toEqual(['commander'])
    },
  )

  it('loads neither Arquero nor Apache Arrow to run, to tell the status, to report and to answer', () => {
    const out = emptyFolder()
    const heavy = ['arquero', 'apache-arrow', 'parquet-wasm', 'csv-parse', '@js-temporal/polyfill']
    expect(packagesLoadedBy(['run', '--help']).filter((name) => heavy.includes(name))).toEqual([])
    for (const command of ['run', 'status', 'report', 'answers']) {
      const places = ['--out', out, ...(command === 'run' || command === 'status' ? ['--data', SAMPLE] : [])]
      expect(packagesLoadedBy([command, ...places]).filter((name) => heavy.includes(name))).toEqual([])
    }
  })

  it('ends quietly when its reader goes away', async () => {
    const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += text
    })
    const [status] = await once(child, 'close')
    expect([status, stderr]).toEqual([0, ''])
  })
})
