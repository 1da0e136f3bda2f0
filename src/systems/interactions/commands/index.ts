/**
 * The commands about interactions, as values.
 * @module
 */
import type { CommandJob } from '../../../terminal/advised-lines.ts'
import type { CommandSpec, OptionSpec } from '../../../terminal/command-spec.ts'
import { FORMAT_FLAGS } from '../../../terminal/flags/format-flags.ts'
import { RUN } from '../../../terminal/flags/run-flags.ts'

const PLACE: readonly OptionSpec[] = [
  { flags: '--out <folder>', help: 'folder with the committed state', preset: 'output/interactions' },
  {
    flags: '--database <address>',
    help: 'postgres://user@host/database (with ?schema=name where it is not named interactions), or pglite:FOLDER (default: DATABASE_URL, or embedded in the folder of the state)',
  },
]

const DAYS: readonly OptionSpec[] = [
  { flags: '--start-date <day>', help: 'the first day that counts, such as 2020-02-01' },
  { flags: '--end-date <day>', help: 'the last day that counts' },
]

/** A snapshot has no months. */
const IMPORT = RUN.filter(({ flags }) => !flags.startsWith('--months '))

const JOB: CommandJob = { name: 'interactions', run: 'interactions import' }

export const INTERACTIONS_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'interactions import',
    job: JOB,
    summary: 'apply the three files, and keep the database at the commit',
    description:
      'Applies interactions.csv, and customer.csv and product.csv where they are there, in one commit, and keeps a Postgres server or the embedded database at it. Each file is a whole table and replaces the one before; the same files again change nothing. Dates are day first: a file with a date in the other order is refused.',
    options: [
      { flags: '--data <folder>', help: 'folder with the files', preset: 'data' },
      ...PLACE,
      ...IMPORT,
      {
        flags: '--accept-withdrawals <table...>',
        help: 'let this run remove any number of rows of this table, because its file has shrunk',
        choices: ['customers', 'interactions', 'products'],
      },
      ...FORMAT_FLAGS,
    ],
    examples: [
      ['interactions import --data data', 'into output/interactions, with an embedded database'],
      ['interactions import --data data --database postgres://etl@localhost/support', 'with a Postgres server'],
    ],
    load: async () => (await import('./import.ts')).importFiles,
  },
  {
    name: 'interactions show',
    job: JOB,
    summary: 'how often customers talked to us, through which channel',
    description:
      'Prints the interactions of a customer, or of all, per channel, zeros included, or by any dimensions. It is what the API answers: --json prints the same document.',
    arguments: [{ name: 'customer', help: 'the id of a customer; all unless given' }],
    options: [
      ...PLACE,
      { flags: '--channel <name...>', help: 'only these channels' },
      { flags: '--type <name...>', help: 'only customers of these types; Unknown are those without one' },
      ...DAYS,
      { flags: '--group-by <list>', help: 'count by month, type, channel, product, customer or topic' },
      { flags: '--page <number>', help: 'which page of the rows', preset: '1' },
      { flags: '--per-page <count>', help: 'rows of a page, at most 200', preset: '50' },
    ],
    examples: [
      ['interactions show 4 --json', 'one customer, for a machine'],
      ['interactions show --type Gold --start-date 2024-06-01', 'all customers of a type, from a day on'],
      ['interactions show --group-by month,channel', 'over time'],
    ],
    load: async () => (await import('./show.ts')).show,
  },
  {
    name: 'interactions anomalies',
    job: JOB,
    summary: 'days, channels and customers far outside their history',
    description:
      'Prints busy and quiet days, of all interactions, a channel or a customer, channels that are new, and ids that the customers file does not have. With --webhook it sends them as JSON, each only once; SUPPORT_ETL_WEBHOOK_SECRET signs the message. A message that is not taken is tried five times.',
    options: [
      ...PLACE,
      {
        flags: '--kind <kind...>',
        help: 'only these',
        choices: ['day', 'channel', 'customer', 'new_channel', 'unknown_customer'],
      },
      ...DAYS,
      { flags: '--webhook <address>', help: 'send what was not sent yet to this address' },
    ],
    examples: [
      ['interactions anomalies --start-date 2024-06-01', 'since June'],
      ['interactions anomalies --webhook https://alerts.example/hooks/7', 'tell somebody'],
    ],
    load: async () => (await import('./anomalies.ts')).anomalies,
  },
  {
    name: 'interactions generate',
    job: JOB,
    summary: 'make customers, interactions and products to try things with',
    description:
      'Makes the three files of made-up customers over two years, with the irregularities of real ones, and interactions_ground_truth.json, which lists these. The same seed gives the same bytes.',
    options: [
      { flags: '--interactions <count>', help: 'how many, at least 100', preset: '1_000' },
      { flags: '--customers <count>', help: 'how many, at least 10; a tenth of the interactions unless given' },
      { flags: '--out <folder>', help: 'folder for the files', preset: 'data' },
      { flags: '--seed <number>', help: 'another seed, other people', preset: '1' },
    ],
    examples: [
      ['interactions generate', '1,000 interactions into ./data'],
      ['interactions generate --interactions 1_000_000 --out big --seed 7', 'a large set'],
    ],
    load: async () => (await import('./generate.ts')).generate,
  },
]
