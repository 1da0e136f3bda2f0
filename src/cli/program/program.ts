/**
 * The program `support-etl`: the commands that work for every job, and those of this package's systems.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../../isolate/package-file.ts'
import { SYSTEMS } from '../../systems/index.ts'
import type { ProgramSpec } from '../../terminal/program.ts'
import type { Demo } from '../demo.ts'
import { findJobs } from '../jobs/jobs.ts'
import { serverCommands } from '../serve/server-commands.ts'
import { jobCommands } from './commands.ts'
import { dashboardCommand, demoCommand, KIT } from './own-commands.ts'
import { programOf } from './program-of.ts'

export { launch } from './launch.ts'

const NAME = 'support-etl'

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}

/** The monthly job keeps its state in `output` itself. */
const HOME = 'output'

const WHAT_IF = [
  ['what-if --time-zone UTC', 'which rows change their month'],
  ['what-if --month-from timestamp --json', 'for a machine'],
] as const

const EXPLAIN = [
  ['explain --month 2025-02 --contact-center "Portland ME" --department Network', 'a line of the report'],
  ['explain --month 2025-01 --contact-center "Portland ME" --department Unknown', 'why is it unknown?'],
] as const

/** The monthly job with its answers, and a call log for the page of calls. */
const DEMO: Demo = {
  samples: ['support', 'calls'],
  lines: (data, out) => [
    ['run', '--data', `${data}/support`, '--out', out],
    ['answers', '--out', out],
    [
      ...['calls', 'clean', '--calls', `${data}/calls/sample_calls.json`, '--agents', `${data}/calls/agents.csv`],
      ...['--output', `${out}/calls/cleaned_calls.parquet`, '--manifest', `${out}/calls/manifest.json`],
    ],
  ],
  pages: (out) => ({ data: `${out}/calls/cleaned_calls.parquet` }),
}

export const PROGRAM: ProgramSpec = programOf({
  name: NAME,
  description: `Turns what a contact center's systems export into trusted state and reports:
applies monthly delta files, commits safely, and answers from the committed state.`,
  firstSteps: ['demo', 'generate --interactions 1000 --out data', 'run --data data --out output', 'answers'],
  version: readVersion,
  commands: [
    ...jobCommands(findJobs({ systems: SYSTEMS, home: HOME }), { explain: EXPLAIN, whatIf: WHAT_IF }),
    dashboardCommand(SYSTEMS),
    demoCommand({ demo: DEMO, program: () => PROGRAM, systems: SYSTEMS }),
    ...serverCommands({
      title: NAME,
      version: readVersion,
      systems: SYSTEMS,
      pages: SYSTEMS,
      // the monthly job keeps its state in the folder itself
      placeOf: (out, job) => (job === 'support' ? out : `${out}/${job}`),
    }),
    KIT,
  ],
  systems: SYSTEMS,
})
