/**
 * An error as people and as machines read it.
 * @module
 */
import { EtlError } from '../errors.ts'
import { commandAdvice } from './advice.ts'
import { atTerminal } from './flags/flag-names.ts'
import type { Terminal } from './terminal.ts'

/** The details that say where an error is and what was found, in the order shown. */
const SHOWN = ['file', 'row', 'line', 'column', 'found', 'expected'] as const

function detail(value: unknown): string {
  if (Array.isArray(value)) return value.slice(0, 3).map(detail).join(', ')
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value)
}

/** How much of an error is shown, and which command lines and flags advice may name. */
export type Speaker = Pick<Terminal, 'level' | 'flags' | 'advised'>

/**
 * Returns the lines that say what went wrong: the message, the details it omits because they may
 * hold customers' values, what to do about it, and the code. Only the level `debug` adds the
 * stack.
 */
export function failureText(error: unknown, { level, flags, advised }: Speaker): string {
  const lines: string[] = []
  if (error instanceof EtlError) {
    lines.push(atTerminal(error, flags))
    for (const name of SHOWN) {
      const value = error.details[name]
      if (value === undefined || value === null || error.message.includes(String(value))) continue
      lines.push(`  ${name.padEnd(8)}  ${detail(value)}`)
    }
    const cure = commandAdvice(error.code, advised)
    if (cure !== null) lines.push(`  try       ${cure}`)
    lines.push(`  code      ${error.code} (${advised.explains(error.code)})`)
  } else {
    lines.push(`unexpected: ${error instanceof Error ? error.message : String(error)}`)
    if (level !== 'debug') lines.push('  this is a defect of support-etl; --log-level debug shows where')
  }
  if (level === 'debug') lines.push(...stacks(error))
  return lines.join('\n')
}

function stacks(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const own = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return error.cause === undefined ? own : [...own, `caused by ${String(error.cause)}`, ...stacks(error.cause)]
}

/** What `--json` prints instead of a result. */
export function failureJson(
  error: unknown,
  { flags }: Pick<Speaker, 'flags'>,
): { error: { code: string; message: string; details: unknown } } {
  const known = error instanceof EtlError
  return {
    error: {
      code: known ? error.code : 'unexpected',
      message: known ? atTerminal(error, flags) : error instanceof Error ? error.message : String(error),
      details: known ? error.details : {},
    },
  }
}
