import { PassThrough } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openTerminal } from '../../src/terminal/terminal.ts'

function stream(isTTY: boolean) {
  return Object.assign(new PassThrough(), { isTTY })
}
function textOf(output: PassThrough): string {
  let text = ''
  for (let chunk = output.read(); chunk !== null; chunk = output.read()) text += chunk
  return text
}

function open(messages = stream(false)) {
  const clock = { now: 0 }
  const results = stream(false)
  const terminal = openTerminal(results, messages, () => clock.now)
  return { terminal, results, messages, clock }
}

describe('a terminal', () => {
  it('keeps results and log apart', async () => {
    const { terminal, results, messages } = open()
    await terminal.print('month\n')
    terminal.log('warn', 'one row is in quarantine')
    expect([textOf(results), textOf(messages)]).toEqual(['month\n', 'warning: one row is in quarantine\n'])
  })

  it('says only what the level asks for', () => {
    const { terminal, messages } = open()
    terminal.level = 'warn'
    for (const level of ['debug', 'info', 'warn', 'error'] as const) terminal.log(level, level)
    expect(textOf(messages)).toBe('warning: warn\nerror: error\n')
  })

  it('says nothing when silent', () => {
    const { terminal, messages } = open()
    terminal.level = 'silent'
    terminal.log('error', 'x')
    expect(textOf(messages)).toBe('')
  })

  it('shows progress only on a terminal, only after a second, and erases it', () => {
    const { terminal, messages, clock } = open(stream(true))
    terminal.progress('reading')
    expect(textOf(messages)).toBe('')
    clock.now = 1500
    terminal.progress('reading a')
    terminal.log('info', 'done')
    expect(textOf(messages)).toBe('\r\u001b[Kreading a\r\u001b[Kdone\n')
  })

  it('shows the progress of the first second once it is over, unless something else is said by then', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { terminal, messages } = open(stream(true))
    terminal.progress('reading')
    terminal.progress('decoding')
    vi.advanceTimersByTime(999)
    expect(textOf(messages)).toBe('')
    vi.advanceTimersByTime(1)
    expect(textOf(messages)).toBe('\r\u001b[Kdecoding')
    const quick = open(stream(true))
    quick.terminal.progress('reading')
    await quick.terminal.print('done\n')
    vi.advanceTimersByTime(5000)
    expect(textOf(quick.messages)).toBe('')
  })

  it('shows no progress in a pipe', () => {
    const { terminal, messages, clock } = open()
    clock.now = 5000
    terminal.progress('reading')
    expect(textOf(messages)).toBe('')
  })

  it('lets nothing in a message reach the terminal but its line ends', () => {
    const { terminal, messages } = open()
    terminal.log('error', 'file \u001b[2J.csv\n  row 1')
    expect(textOf(messages)).toBe('error: file \\u001b[2J.csv\n  row 1\n')
  })

  it('waits for a slow reader', async () => {
    const { terminal, results } = open()
    let isDone = false
    const printed = terminal.print('x'.repeat(1 << 20)).then(() => {
      isDone = true
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(isDone).toBe(false)
    results.resume()
    await printed
    expect(isDone).toBe(true)
  })
})
