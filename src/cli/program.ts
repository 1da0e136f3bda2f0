/**
 * The program `support-etl`: the commands that work for every job, and those of each system.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../isolate/package-file.ts'
import { SYSTEMS } from '../systems/index.ts'
import type { ProgramSpec } from '../terminal/program.ts'
import { COMMANDS } from './commands.ts'

const NAME = 'support-etl'

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}

export const PROGRAM: ProgramSpec = {
  name: NAME,
  description: `Turns what a contact center's systems export into trusted state and reports:
applies monthly delta files, commits safely, and answers from the committed state.`,
  footer: `
First steps:
  $ ${NAME} generate --interactions 1000 --out data
  $ ${NAME} run --data data --out output
  $ ${NAME} answers

Exit status:
  0  done            2  usage                         75  another run is at work
  1  failed          3  source files refused

Results go to stdout, log and progress to stderr.`,
  version: readVersion,
  commands: [...COMMANDS, ...SYSTEMS.flatMap(({ commands }) => commands)],
  groups: SYSTEMS,
}
