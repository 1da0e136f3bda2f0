/**
 * The commands of transcripts, as values.
 * @module
 */
import type { CommandJob } from '../../../terminal/advised-lines.ts'
import type { CommandSpec, OptionSpec } from '../../../terminal/command-spec.ts'
import { FORMAT_FLAGS } from '../../../terminal/flags/format-flags.ts'
import { RUN, runFlagsOf } from '../../../terminal/flags/run-flags.ts'

const DATABASE: OptionSpec = {
  flags: '--database <address>',
  help: 'keep the tables there too (DATABASE_URL, schema DB_SCHEMA): postgres://user@host/database, embedded, or none',
}

/** Objects have no months. */
const RUN_FLAGS = RUN.filter(({ flags }) => !flags.startsWith('--months '))

const JOB: CommandJob = { name: 'transcripts', run: 'transcripts run' }

/** `run`, and the names that it had in the original program. */
function runCommand(word: string, summary: string): CommandSpec {
  const name = `transcripts ${word}`
  return {
    name,
    job: JOB,
    summary,
    description:
      'Reads every call that is new or has other content, cleans it, analyses it, and brings agents, days and copies up to date. Calls whose files are gone leave every layer. Run again, it finds nothing to do. A file .env in the working folder and the environment give options that are not given here.',
    options: [DATABASE, ...RUN_FLAGS, ...FORMAT_FLAGS],
    lateOptions: async () => {
      const { batchOption, dataOption, outOption, prefixOptions } = await import('./settings.ts')
      const { transcriptsJob } = await import('../job/transcripts-job.ts')
      return [
        // first, because it reads .env
        ...(await prefixOptions()),
        dataOption('folder or s3://bucket with the calls and agents.csv'),
        outOption('folder for state and published tables'),
        batchOption(),
        ...runFlagsOf(transcriptsJob),
      ]
    },
    examples: [
      [name, 'what is new in ./data/bronze'],
      [`${name} --data s3://calls --prefix bronze/ --out output/transcripts`, 'from a bucket'],
      [`${name} --format parquet --database embedded`, 'and into a database in output/transcripts'],
      [`${name} --profile classic --rebuild`, "by the original program's rules"],
    ],
    load: async () => (await import('./run.ts')).transcriptsRun,
  }
}

export const TRANSCRIPTS_COMMANDS: readonly CommandSpec[] = [
  runCommand('run', 'calls that are new, changed or gone through all layers'),
  runCommand('etl', 'another name of transcripts run'),
  runCommand('incremental', 'another name of transcripts run, too'),
  {
    name: 'transcripts status',
    job: JOB,
    summary: 'files in bronze, rows of each layer, key figures',
    description:
      'Lists the source place, and shows the committed state: rows and agents of each layer, conversion rate, upsell revenue, moods, the agents who sold most, and how many rows wait in quarantine.',
    options: [],
    lateOptions: async () => {
      const { dataOption, outOption, prefixOptions } = await import('./settings.ts')
      const prefix = await prefixOptions()
      return [
        ...prefix,
        dataOption('folder or s3://bucket with the calls'),
        outOption('folder with the committed state'),
      ]
    },
    examples: [
      ['transcripts status', 'of output/transcripts'],
      ['transcripts status --json', 'for a machine'],
    ],
    load: async () => (await import('./status.ts')).transcriptsStatus,
  },
  {
    name: 'transcripts evaluate',
    job: JOB,
    summary: 'how well the rules find what calls are labelled with',
    description:
      'Scores the rules on the hand-labelled calls of this package, and on generated calls of the committed state or of seeds: confusion matrices, precision, recall and F1, each with its 95 % interval.',
    options: [
      { flags: '--profile <profile>', help: 'which rules', preset: 'default', choices: ['default', 'classic'] },
      { flags: '--rules', help: 'show how each rule agrees with the labels' },
      { flags: '--seed <numbers>', help: 'score generated calls of these seeds, such as 1,2,3; nothing is written' },
      { flags: '--num-calls <count>', help: 'how many calls of each seed', preset: '2000' },
    ],
    lateOptions: async () => {
      const { dataOption, outOption, prefixOptions } = await import('./settings.ts')
      const prefix = await prefixOptions()
      return [...prefix, dataOption('place with ground_truth.json'), outOption('folder with the committed state')]
    },
    examples: [
      ['transcripts evaluate', 'the rules of now'],
      ['transcripts evaluate --seed 1,2,3 --num-calls 4000', 'and on 12,000 generated calls'],
      ['transcripts evaluate --profile classic --rules', "the original program's rules, one by one"],
    ],
    load: async () => (await import('./evaluate.ts')).transcriptsEvaluate,
  },
  {
    name: 'transcripts generate',
    job: JOB,
    summary: 'add made-up calls to try things with',
    description:
      'Adds calls of a made-up call center to a place, and to ground_truth.json what is true of each. The same seed gives the same bytes; another seed adds other calls. A call that is there with other content is never overwritten.',
    options: [
      { flags: '--num-calls <count>', help: 'how many', preset: '50' },
      { flags: '--seed <number>', help: 'another seed, other calls', preset: '1' },
      { flags: '--last-day <day>', help: 'the calls are of the thirty days up to it', preset: '2025-09-30' },
    ],
    lateOptions: async () => {
      const { dataOption, prefixOptions } = await import('./settings.ts')
      const prefix = await prefixOptions()
      const { preset = 'data' } = dataOption('')
      return [...prefix, { flags: '--out <place>', help: 'folder or s3://bucket for the calls (BUCKET_NAME)', preset }]
    },
    examples: [
      ['transcripts generate', '50 calls into ./data/bronze'],
      ['transcripts generate --num-calls 10_000 --seed 7 --out big', 'a large set'],
    ],
    load: async () => (await import('./generate.ts')).transcriptsGenerate,
  },
]
