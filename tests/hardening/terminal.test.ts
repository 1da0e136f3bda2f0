/** What a terminal would obey stays in the data: no command sends it on. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROGRAM } from '../../src/cli/program/program.ts'
import { runProgram } from '../../src/terminal/program.ts'
import { openTerminal, type Stream } from '../../src/terminal/terminal.ts'
import { SAMPLE } from '../cli/command-line.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-terminal-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
const data = join(base, 'data')
const out = join(base, 'out')

/** Clears the screen, sets the title, hides text, writes backwards. */
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\u0085'
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const OBEYED = /[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/
/** What the program itself sends: emphasis, colours, and the line of its progress. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const OWN = /\u001b\[(?:[0-9;]*m|K)/g

async function said(...args: string[]): Promise<{ readonly status: number; readonly text: string }> {
  const open = (): Stream => Object.assign(new PassThrough(), { isTTY: true })
  const [results, messages] = [open(), open()]
  const parts: Buffer[] = []
  for (const stream of [results, messages]) stream.on('data', (part: Buffer) => parts.push(part))
  const status = await runProgram(PROGRAM, args, openTerminal(results, messages))
  return { status, text: Buffer.concat(parts).toString() }
}

beforeAll(() => {
  cpSync(SAMPLE, data, { recursive: true })
  for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.csv'))) {
    const text = readFileSync(join(data, name), 'utf8')
    writeFileSync(
      join(data, name),
      text.replaceAll('Portland ME', EVIL).replaceAll('Network', EVIL).replaceAll('020', `020${EVIL}`),
    )
  }
  // C0 characters in a name are refused with the name escaped, these are not
  writeFileSync(join(data, 'delta', '\u009b31m\u202eevil.csv'), 'x\n')
  mkdirSync(join(base, 'refused', 'delta'), { recursive: true })
  writeFileSync(join(base, 'refused', 'delta', `${EVIL}.csv`), 'x\n')
})

describe('escape codes in data and names', () => {
  it('are in what the commands show', async () => {
    const { status, text } = await said('run', '--data', data, '--out', out)
    expect(text).toContain('committed version 1')
    expect(status).toBe(0)
    for (const command of [
      ['answers'],
      ['report'],
      ['history', '--table', 'contact_centers'],
      ['status', '--data', data],
    ]) {
      const { status, text } = await said(...command, '--out', out)
      expect([command[0], status]).toEqual([command[0], 0])
      expect(text).toContain(command[0] === 'status' ? 'version 1' : '\\u001b[2J')
    }
  })

  it.for([
    ['run', '--data', data, '--out', out],
    ['run', '--data', data, '--out', out, '--rebuild', '--dry-run'],
    ['run', '--data', data, '--out', out, '--mode', 'strict', '--rebuild'],
    ['run', '--data', join(base, 'refused'), '--out', out],
    ['answers', '--out', out],
    ['report', '--out', out],
    ['report', '--out', out, '--as-of', '202502'],
    ['check', '--data', data],
    ['status', '--data', data, '--out', out],
    ['explain', '--data', data, '--out', out, '--month', '2025-02', '--contact-center', EVIL, '--department', EVIL],
    ['history', '--out', out, '--table', 'contact_centers'],
    ['verify', '--out', out],
    ['gc', '--out', out],
    ['report', '--out', join(base, EVIL)],
    ['run', '--data', join(base, EVIL), '--out', out],
    ['run', '--out', out, '--data', data, '--time-zone', EVIL],
    ['run', '--out', out, '--data', data, '--publish', EVIL],
    [EVIL],
    ['run', `--${EVIL}`],
    ['report', '--format', EVIL],
  ])('do not reach the terminal by %s %s', async (args, { task }) => {
    const { text } = await said(...args)
    expect(text.length).toBeGreaterThan(0)
    expect(text).not.toContain('31m\u202e')
    expect(JSON.stringify(OBEYED.exec(text.replaceAll(OWN, '')))).toBe('null')
    task.meta.figures = { 'commands that show no escape code of the data': 1 }
  })
})
