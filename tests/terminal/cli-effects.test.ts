import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { advisedLines } from '../../src/terminal/advised-lines.ts'
import { effectsOf, quarantineWarning, sourceLine } from '../../src/terminal/cli-effects.ts'
import { openTerminal, type Terminal } from '../../src/terminal/terminal.ts'

/** A terminal that a person looks at, or a pipe, two seconds after its start; `said` is what it was given. */
function open(isTTY = true): { readonly terminal: Terminal; readonly said: () => string } {
  const messages = Object.assign(new PassThrough(), { isTTY })
  let seconds = 0
  const terminal = openTerminal(new PassThrough(), messages, () => seconds++ * 2000)
  const said = () => {
    let text = ''
    for (let chunk = messages.read(); chunk !== null; chunk = messages.read()) text += chunk
    return text
  }
  return { terminal, said }
}

describe('effectsOf', () => {
  it.each([
    ['read', null, null, 'reading agents'],
    ['apply', 1, null, 'applying agents'],
    ['write', null, 3, 'writing agents'],
    ['commit', 0, 0, 'committing agents'],
    ['publish', 0, 3, 'publishing agents 0 %'],
    ['deliver', 1, 2, 'delivering agents 50 %'],
    ['read', 2, 3, 'reading agents 66 %'],
    ['remove', 1, 4, 'removing from agents 25 %'],
    ['read', 3, 3, 'reading agents 100 %'],
  ] as const)('shows the step %s, %s of %s done, as %s', (step, done, total, text) => {
    const { terminal, said } = open()
    effectsOf(terminal).onProgress({ step, name: 'agents', done, total })
    expect(said()).toBe(`\r\u001b[K${text}`)
  })

  it('says how many rows there are, how fast they come, and how long the rest takes', () => {
    const { terminal, said } = open()
    let time = 0
    const { onProgress } = effectsOf(terminal, () => time)
    const shown = (seconds: number, done: number, rows: number) => {
      time = seconds * 1000
      onProgress({ step: 'read', name: 'agents', done, total: 1000, rows })
      return said().split('\u001b[K').at(-1)
    }
    expect(shown(0, 10, 100)).toBe('reading agents 1 %, 100 rows')
    expect(shown(4, 100, 2000)).toBe('reading agents 10 %, 2,000 rows, 36 s left, 500 rows/s')
    expect(shown(40, 200, 4000)).toBe('reading agents 20 %, 4,000 rows, 3 minutes left, 100 rows/s')
    expect(shown(50, 1000, 5000)).toBe('reading agents 100 %, 5,000 rows, 100 rows/s')
    // parts of one whole have one time
    const delivered = (seconds: number, name: string, done: number) => {
      time = seconds * 1000
      onProgress({ step: 'deliver', name, whole: 'warehouse', done, total: 1000, rows: done })
      return said().split('\u001b[K').at(-1)
    }
    expect(delivered(60, 'calls (day 1 of 2)', 0)).toBe('delivering calls (day 1 of 2) 0 %')
    expect(delivered(70, 'calls (day 2 of 2)', 500)).toBe(
      'delivering calls (day 2 of 2) 50 %, 500 rows, 10 s left, 50 rows/s',
    )
    // another file begins anew
    onProgress({ step: 'read', name: 'centers', done: 10, total: 1000, rows: 7 })
    expect(said()).toContain('reading centers 1 %, 7 rows')
  })

  it('says which part of the work of an engine runs, and for how long', () => {
    const { terminal, said } = open()
    let time = 0
    const { onProgress } = effectsOf(terminal, () => time)
    const shown = (seconds: number, number: number, rows: number | null) => {
      time = seconds * 1000
      const far = { done: rows, total: rows === null ? null : 1000, ...(rows !== null && { rows }) }
      onProgress({ step: 'apply', name: 'agents', part: { number, of: 3 }, ...far })
      return said().split('\u001b[K').at(-1)
    }
    expect(shown(0, 1, null)).toBe('applying agents, part 1 of 3')
    expect(shown(12, 1, null)).toBe('applying agents, part 1 of 3, 12 s')
    // the time is that of the part
    expect(shown(15, 2, null)).toBe('applying agents, part 2 of 3')
    expect(shown(19, 2, 200)).toBe('applying agents, part 2 of 3 20 %, 200 rows, 4 s, 16 s left, 50 rows/s')
  })

  it('says warnings; the rest is said for debug', () => {
    const { terminal, said } = open(false)
    const { logger } = effectsOf(terminal)
    const tell = () => {
      for (const level of ['debug', 'info', 'warn'] as const) logger[level](`it is ${level}`, {})
    }
    tell()
    expect(said()).toBe('warning: it is warn\n')
    terminal.level = 'debug'
    tell()
    expect(said()).toBe('debug: it is debug\ndebug: it is info\nwarning: it is warn\n')
  })
})

describe('sourceLine', () => {
  it('names the place, the version, the column of the months and their zone', () => {
    expect(sourceLine('output', 3, 'UTC', 'started_on')).toBe(
      'output, version 3; months are those of started_on in UTC',
    )
  })
})

describe('quarantineWarning', () => {
  it('counts the rows that wait, and names the command that shows them', () => {
    const of = (rows: number) => quarantineWarning(rows, { advised: advisedLines('halls') })
    expect([of(0), of(1), of(1200)]).toEqual([
      null,
      '1 row waits in quarantine; halls quarantine shows what does not fit',
      '1,200 rows wait in quarantine; halls quarantine shows what does not fit',
    ])
  })
})
