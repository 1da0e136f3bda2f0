/** A program of systems of a test, in this process. */
import { PassThrough } from 'node:stream'
import { findJobs } from '../../src/cli/jobs/jobs.ts'
import { jobCommands } from '../../src/cli/program/commands.ts'
import { programOf } from '../../src/cli/program/program-of.ts'
import { serverCommands } from '../../src/cli/serve/server-commands.ts'
import type { System } from '../../src/systems/system.ts'
import { runProgram } from '../../src/terminal/program.ts'
import { openTerminal } from '../../src/terminal/terminal.ts'

/** Runs commands of the program `halls`; what they print names the folder `FOLDER`, and no time. */
export function ownProgram(folder: string, systems: readonly System[]): (...args: string[]) => Promise<string> {
  const placeOf = (out: string, job: string) => `${out}/${job}`
  const served = { title: 'halls', version: () => '1.2.3', systems, pages: [], placeOf }
  const program = programOf({
    ...{ name: 'halls', description: 'Halls', firstSteps: ['run'], version: () => '1.2.3' },
    ...{ commands: [...jobCommands(findJobs({ systems })), ...serverCommands(served)], systems },
  })
  return async (...args) => {
    const streams = [new PassThrough(), new PassThrough()] as const
    const parts = streams.map((stream) => {
      const chunks: string[] = []
      stream.on('data', (chunk) => chunks.push(String(chunk)))
      return chunks
    })
    const status = await runProgram(program, args, openTerminal(...streams))
    const [stdout = '', stderr = ''] = parts.map((chunks) => chunks.join('').replaceAll(folder, 'FOLDER'))
    const text = `${stdout}${stderr === '' ? '' : `--- stderr\n${stderr}`}--- status ${status}\n`
    return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
  }
}
