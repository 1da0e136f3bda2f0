import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createCli, type System } from '../../../src/cli/index.ts'
import { EtlError } from '../../../src/errors.ts'
import { workshopJob } from '../../systems/workshop/job.ts'
import { COMPILED, emptyFolder, SAMPLE, SOURCE_OPTIONS, supportEtl } from '../command-line.ts'

const system: System = { name: 'workshop', title: 'Workshop', jobs: async () => [workshopJob] }
const version = '1.0.0'
const command = (name: string) => ({
  ...{ name, summary: 's', description: 'd', options: [], examples: [] },
  load: async () => async () => 0 as const,
})

describe('createCli', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['no system', () => createCli([], { version }), /systems is a list; expected a list of one system or more/],
    ['what is no system', () => createCli([{} as System], { version }), /systems\[0\] is an object; expected a system/],
    [
      'a name of two words',
      () => createCli([{ ...system, name: 'my shop' }], { version }),
      /systems\[0\]\.name "my shop" is not one word/,
    ],
    ['no version', () => createCli([system], {} as { version: string }), /version is undefined; expected text/],
    [
      'a command that every program has',
      () => createCli([{ ...system, commands: [command('run')] }], { version }),
      /there are two commands "run"; give the one of the system another name/,
    ],
    [
      'two commands of one name',
      () => createCli([{ ...system, commands: [command('list'), command('list')] }], { version }),
      /there are two commands "list"/,
    ],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(EtlError)
    expect(call).toThrow(message)
  })

  it('runs the arguments of the process, or those that it is given, and sets its exit status', () => {
    const file = join(emptyFolder(), 'halls.ts')
    const library = pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'index.ts'))
    writeFileSync(
      file,
      `import { createCli } from '${library}'
       const jobs = async () => []
       const list = { name: 'list', summary: 's', description: 'd', options: [], examples: [], load: async () => async () => 42 }
       const cli = createCli([{ name: 'halls', title: 'Halls', jobs, commands: [list] }, { name: 'b', title: 'Beds', jobs }], { version: '4.5.6' })
       await cli.start(process.env.GIVEN?.split(' '))`,
    )
    const start = (args: readonly string[], given?: string) => {
      const { GIVEN: _, ...env } = process.env
      const all = {
        ...env,
        ...COMPILED,
        ...(given !== undefined && { GIVEN: given }),
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
      }
      const options = [...SOURCE_OPTIONS, file, ...args]
      return spawnSync(process.execPath, options, { encoding: 'utf8', env: all })
    }
    expect(start(['--version'])).toMatchObject({ status: 0, stdout: '4.5.6\n', stderr: '' })
    expect(start(['--version'], 'list')).toMatchObject({ status: 42, stdout: '', stderr: '' })
    const { status, stdout } = start(['--help'])
    expect([
      status,
      stdout.split('\n').slice(0, 4),
      stdout.split('First steps:\n')[1]?.split('\n').slice(0, 4),
    ]).toEqual([
      0,
      ['Usage: halls [options] [command]', '', 'Halls, Beds', ''],
      ['  $ halls check --data data', '  $ halls run --data data', '  $ halls status', ''],
    ])
  })

  it('loads no job before a command needs one', () => {
    const jobs = () => Promise.reject(new Error('loaded'))
    expect(() => createCli([{ ...system, jobs }], { version })).not.toThrow()
  })
})

describe('a state of an earlier record format', () => {
  it('is refused by every command, and the advice works', () => {
    const [out, fresh] = [emptyFolder(), join(emptyFolder(), 'new')]
    const log = join(out, '.support-etl', 'log')
    mkdirSync(log, { recursive: true })
    const body = '{\n "format": 1,\n "number": 1,\n'
    const hash = createHash('sha256').update(body).digest('hex')
    writeFileSync(join(log, '00000001.json'), `${body} "sha256": "${hash}"\n}\n`)
    const before = readdirSync(out, { recursive: true })
    const commands = [['status'], ['run', '--data', SAMPLE], ['verify'], ['gc'], ['quarantine'], ['diff']]
    for (const words of [...commands, ['history', '--table', 'agents'], ['report']]) {
      const { status, stderr } = supportEtl([...words, '--out', out])
      expect([words, status, stderr]).toEqual([
        words,
        1,
        expect.stringContaining(
          'nothing was changed; run into a new folder, which applies the source files again\n  code      log_older',
        ),
      ])
    }
    expect(readdirSync(out, { recursive: true })).toEqual(before)
    expect(supportEtl(['run', '--data', SAMPLE, '--out', fresh])).toMatchObject({ status: 0, stderr: '' })
  }, 60_000)
})
