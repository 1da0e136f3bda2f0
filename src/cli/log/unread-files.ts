/**
 * Source files whose lines cannot be shown.
 * @module
 */
import type { UnreadFile } from '../../pipeline/audit/explain.ts'
import type { Terminal } from '../../terminal/terminal.ts'

/** Warns of each file that is gone, or no longer what was applied; `effect` says what that means for the result. */
export function warnOfUnread(unread: readonly UnreadFile[], data: string, terminal: Terminal, effect: string): void {
  for (const { file, reason } of unread) {
    const what = reason === 'missing' ? 'is not there' : 'has changed since it was applied'
    terminal.log('warn', `${data}/${file} ${what}: ${effect}`)
  }
}
