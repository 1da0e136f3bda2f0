#!/usr/bin/env node
/**
 * The command `support-etl`.
 * @module
 */
import { runProgram } from './program.ts'
import { openTerminal } from './terminal.ts'

// whoever reads the results may stop before their end (`support-etl report | head`): nothing is lost, all work is committed
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
process.stderr.on('error', () => {})

process.exitCode = await runProgram(process.argv.slice(2), openTerminal())
