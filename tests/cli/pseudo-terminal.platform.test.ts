/** The command line on a real terminal of 80 columns: a pseudo-terminal, as Python's standard library opens it. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../src/terminal/text/lines.ts'
import { python } from '../python-tools.ts'
import { COMPILED, emptyFolder, MAIN, NODE_OPTIONS, SAMPLE, supportEtl } from './command-line.ts'

const hasPython = spawnSync(python, ['--version']).status === 0
const ERASE = '\r\u001b[K'

/** Runs a command on a terminal of 80 columns; presses Ctrl+C as soon as a text is shown, where one is given. */
const PTY = `
import fcntl, json, os, pty, struct, sys, termios
until, args = sys.argv[1].encode(), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    # the size is set before the program asks for it
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execv(args[0], args)
shown, pressed = b'', False
while True:
    try:
        piece = os.read(fd, 65536)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if until and not pressed and until in shown:
        pressed = True
        os.write(fd, b'\\x03')
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
print(json.dumps({'status': 128 - code if code < 0 else code, 'text': shown.decode(), 'pressed': pressed}))
`

interface Shown {
  readonly status: number
  readonly text: string
  readonly pressed: boolean
}

function typed(args: readonly string[], cwd: string, until = '', env: Readonly<Record<string, string>> = {}): Shown {
  // without what a CI sets: Node shows no colours there, as on no terminal
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_OPTIONS: ___, CI: ____, ...others } = process.env
  const line = ['-c', PTY, until, process.execPath, ...NODE_OPTIONS, MAIN, ...args]
  const options = {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...others, ...COMPILED, TERM: 'xterm', ...env },
  } as const
  const { stdout, stderr } = spawnSync(python, line, options)
  if (stdout === '') throw new Error(`no terminal could be opened: ${stderr}`)
  return JSON.parse(stdout)
}

/** What is left on the screen: a piece without a line end is progress, which the next piece erased. */
function screenOf(text: string): string {
  const pieces = text.split(ERASE)
  const left = pieces.filter((piece, at) => at === 0 || at === pieces.length - 1 || piece.includes('\n'))
  return stripVTControlCharacters(left.join(''))
}

const wide = (text: string): string[] =>
  screenOf(text)
    .split(/\r?\n/)
    .filter((line) => displayWidth(line) > 80)

describe.skipIf(!hasPython)('on a terminal (a Python opens it)', () => {
  it('tables fit 80 columns, and colours are there unless NO_COLOR says otherwise', () => {
    const cwd = emptyFolder()
    const run = typed(['run', '--data', SAMPLE], cwd)
    expect([run.status, screenOf(run.text)]).toEqual([0, expect.stringContaining('committed version 1 to output')])
    const answers = typed(['answers'], cwd)
    expect([answers.status, wide(run.text), wide(answers.text)]).toEqual([0, [], []])
    expect(typed(['errors', 'late_file'], cwd).text).toContain('\u001b[1mlate_file')
    for (const command of [['errors', 'late_file'], ['answers'], ['report', '--out', 'nowhere']]) {
      expect(typed(command, cwd, '', { NO_COLOR: '1' }).text.replaceAll(ERASE, '')).not.toContain('\u001b[')
    }
    expect(typed(['report', '--out', 'nowhere'], cwd).text).toContain('\u001b[31m')
  })

  it('progress is redrawn in one line, and leaves no rest', () => {
    const cwd = emptyFolder()
    const { status, text } = typed(['generate', '--interactions', '1500000', '--out', 'big'], cwd)
    const drawn = text.split(ERASE).filter((piece) => /^writing big\//.test(piece))
    expect(status).toBe(0)
    expect(drawn.length).toBeGreaterThan(0)
    for (const line of drawn) expect(displayWidth(stripVTControlCharacters(line))).toBeLessThan(80)
    expect(screenOf(text)).not.toContain('writing')
    expect(wide(text)).toEqual([])

    // Ctrl+C in the middle of a run: nothing is committed or published, and the next run does it all
    const cut = typed(['run', '--data', 'big'], cwd, 'reading')
    expect([cut.pressed, cut.status]).toEqual([true, 130])
    const left = readdirSync(join(cwd, 'output'), { recursive: true, encoding: 'utf8' })
    expect(left.filter((name) => /\.csv$|log\/0/.test(name))).toEqual([])
    const again = typed(['run', '--data', 'big'], cwd)
    expect([again.status, screenOf(again.text)]).toEqual([0, expect.stringContaining('committed version 1 to output')])
  }, 300_000)

  it('a load into a warehouse says which day it copies and how far it is, and nothing of it in a pipe', () => {
    const cwd = emptyFolder()
    const silent = (...args: string[]) => expect(supportEtl(['complaints', ...args], { cwd }).status).toBe(0)
    silent('generate', '--customers', '2000', '--days', '2')
    silent('run')
    const { status, text } = typed(['complaints', 'load', '--warehouse', 'pglite:warehouse'], cwd)
    const drawn = text.split(ERASE).filter((piece) => piece.startsWith('delivering '))
    expect([status, screenOf(text)]).toEqual([0, expect.stringMatching(/^the warehouse has version 1 of output/)])
    expect(drawn.join('\n')).toMatch(/^delivering call_logs \(day 2 of 2\) \d+ %, [\d,]+ rows/m)
    for (const line of drawn) expect(displayWidth(stripVTControlCharacters(line))).toBeLessThan(80)
    expect(wide(text)).toEqual([])

    const piped = supportEtl(['complaints', 'load', '--warehouse', 'pglite:other', '--json'], { cwd })
    expect([piped.stderr, JSON.parse(piped.stdout).status]).toEqual(['', 'reload'])
  }, 300_000)
})
