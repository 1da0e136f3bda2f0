import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadEnvFile, logLevelOption, variable } from '../../src/terminal/environment.ts'
import { emptyFolder } from '../cli/command-line.ts'

/** Variables that a test may set; they are as before after it. */
function keep(...names: string[]): void {
  const before = names.map((name) => [name, process.env[name]] as const)
  onTestFinished(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
}

describe('loadEnvFile', () => {
  it('sets variables of .env, and leaves alone those that are set', () => {
    keep('SE_FIRST', 'SE_SECOND')
    const folder = emptyFolder()
    writeFileSync(join(folder, '.env'), '# places\nSE_FIRST="from file"\nexport SE_SECOND=also\n')
    process.env.SE_SECOND = 'from outside'
    loadEnvFile(folder)
    expect([process.env.SE_FIRST, process.env.SE_SECOND]).toEqual(['from file', 'from outside'])
  })

  it('does nothing without the file, and refuses one that cannot be read', () => {
    const folder = emptyFolder()
    loadEnvFile(folder)
    mkdirSync(join(folder, '.env'))
    expect(() => loadEnvFile(folder)).toThrow(/^cannot read .*\.env; make it readable, or remove it/)
  })
})

describe('variable', () => {
  it('is what is set, without outer spaces; an empty one is not set', () => {
    expect(variable('A', { A: ' x ' })).toBe('x')
    expect([variable('A', { A: '' }), variable('A', { A: '  ' }), variable('A', {})]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('logLevelOption', () => {
  it.each([
    [undefined, 'info'],
    ['', 'info'],
    ['INFO', 'info'],
    ['Warning', 'warn'],
    ['CRITICAL', 'error'],
    ['debug', 'debug'],
  ])('takes LOG_LEVEL %j as %s', (written, level) => {
    const [option] = logLevelOption(written === undefined ? {} : { LOG_LEVEL: written })
    expect(option).toMatchObject({ flags: '--log-level <level>', preset: level })
  })

  it('refuses a word that is no level', () => {
    expect(() => logLevelOption({ LOG_LEVEL: 'loud' })).toThrow('LOG_LEVEL is "loud"; expected one of silent, error')
  })
})
