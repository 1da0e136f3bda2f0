import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCli, type System } from '../../src/cli/index.ts'
import { EtlError } from '../../src/errors.ts'
import { workshopJob } from '../systems/workshop/job.ts'
import { emptyFolder, SAMPLE, supportEtl } from './command-line.ts'

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
