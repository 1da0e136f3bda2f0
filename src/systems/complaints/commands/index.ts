/**
 * The commands about complaints, as values.
 * @module
 */
import type { CommandJob } from '../../../terminal/advised-lines.ts'
import type { CommandSpec, OptionSpec } from '../../../terminal/command-spec.ts'
import { FORMAT_FLAGS } from '../../../terminal/flags/format-flags.ts'
import { USUAL_WORLD } from './usual-world.ts'

const LAKE: OptionSpec = {
  flags: '--out <lake>',
  help: 'the lake: a folder, or s3://bucket/folder',
  preset: 'output/complaints',
}

const FORMS_SCHEMA = {
  flags: '--forms-schema <schema>',
  help: "the database's schema with the tables of web forms",
} satisfies OptionSpec

const JOB: CommandJob = { name: 'complaints', run: 'complaints run' }

export const COMPLAINTS_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'complaints run',
    job: JOB,
    summary: 'land and clean what the five sources have delivered',
    description:
      'Reads customers, agents, call logs, social media and web forms, keeps each delivery as typed Parquet, cleans it beside that, and counts every row at each hop. Without a day all deliveries that wait are applied; days that are not named stay as they are. A day without a file is told.',
    options: [
      {
        flags: '--data <world>',
        help: 'a folder with s3/, sheet/ and web_forms/; or s3://bucket, which holds what s3/ holds',
        preset: USUAL_WORLD,
      },
      LAKE,
      { flags: '--day <day>', help: 'only the deliveries of this day' },
      { flags: '--from <day>', help: 'only deliveries from this day on' },
      { flags: '--to <day>', help: 'only deliveries up to this day' },
      {
        flags: '--sheet <place>',
        help: "agents: a folder with agents.json, or sheet://ID/agents of a Google sheet (default: the data folder's sheet)",
      },
      {
        flags: '--forms <place>',
        help: "web forms: a folder; postgres://… with a table a day; or ssm:///path, whose parameters say where that is (default: the data folder's web_forms)",
      },
      {
        ...FORMS_SCHEMA,
        help: `${FORMS_SCHEMA.help} (default: customer_complaints, or what the parameter table_schema_name says)`,
      },
      { flags: '--missing-exit <status>', help: 'exit status when a day has no delivery of any source', preset: '0' },
      { flags: '--time-zone <zone>', help: 'zone of the clocks that write timestamps (default: UTC, or as before)' },
      {
        flags: '--max-quarantined <share>',
        help: 'publish nothing when more rows of a delivery, and more than 5, are set aside (default: 5%, or as before)',
      },
      { flags: '--withdraw <list>', help: 'remove the deliveries of these days, whose files are gone' },
      {
        flags: '--accept-withdrawals <table...>',
        help: 'let this run remove any number of rows of this table, because a delivery of it has shrunk',
        choices: ['raw_agents', 'raw_customers', 'raw_call_logs', 'raw_social_media', 'raw_web_forms'],
      },
      ...FORMAT_FLAGS,
    ],
    examples: [
      ['complaints run --data world', 'all that waits, into output/complaints'],
      ['complaints run --data world --day 2025-11-20', 'one day'],
      ['complaints run --data world --withdraw 2025-11-20', 'without a day whose files are gone'],
      [
        'complaints run --data s3://core-telecoms-data-lake --sheet sheet --forms forms --from 2025-11-20 --to 2025-11-23',
        'a range, from a bucket',
      ],
      [
        'complaints run --data s3://core-telecoms-data-lake --sheet sheet --forms ssm:///coretelecomms/database',
        'web forms from the database that the parameter store names',
      ],
    ],
    load: async () => (await import('./run.ts')).complaintsRun,
  },
  {
    name: 'complaints status',
    job: JOB,
    summary: 'every row of every delivery, counted at each hop',
    description:
      'Prints for each delivery how many records its file had, how many repeat another one, do not fit, wait in quarantine and are clean, and how many the report counts. Exit status 1 where the counts do not add up.',
    options: [LAKE],
    examples: [
      ['complaints status', 'of output/complaints'],
      ['complaints status --out lake --json', 'for machines'],
    ],
    load: async () => (await import('./status.ts')).complaintsStatus,
  },
  {
    name: 'complaints load',
    job: JOB,
    summary: 'the tables of the last commit in a Postgres warehouse',
    description:
      'Brings the raw and the cleaned tables, the agents and the reports of the last commit into a schema of a database, in one transaction: those that read it see one commit. Of a lake that was loaded before, only days and tables that changed are written. DuckDB needs no load: it reads the files that current.json names.',
    options: [
      LAKE,
      {
        flags: '--warehouse <address>',
        help: 'postgres://user@host/database, or pglite:FOLDER for a database in a folder of this machine',
        isRequired: true,
      },
      {
        flags: '--schema <schema>',
        help: 'the schema that holds the tables, created where there is none',
        preset: 'lake',
      },
    ],
    examples: [
      ['complaints load --warehouse postgres://etl@localhost/warehouse', 'output/complaints into schema lake'],
      ['complaints load --out lake --warehouse pglite:warehouse', 'without a server'],
    ],
    load: async () => (await import('./load.ts')).complaintsLoad,
  },
  {
    name: 'complaints erase',
    job: JOB,
    summary: 'remove a customer from everything that a lake holds',
    description:
      'Removes the customer from the files as they came, from rows, quarantine and reports, and removes the files of earlier versions. Complaints stay and count, under names that tell nothing. The lake keeps a salted hash of the id, and leaves the customer out of every later delivery. The source places are not touched. Killed and started again it ends where one run ends.',
    options: [
      LAKE,
      { flags: '--customer <id>', help: 'the id of the customer, a UUID', isRequired: true },
      {
        flags: '--warehouse <address>',
        help: 'a warehouse that was loaded from the lake: the customer leaves it, too',
      },
      { flags: '--schema <schema>', help: 'the schema that holds its tables', preset: 'lake' },
    ],
    examples: [['complaints erase --customer 5f528143-241b-4333-ba13-681987e4e0f7', 'from output/complaints']],
    load: async () => (await import('./erase.ts')).complaintsErase,
  },
  {
    name: 'complaints insights',
    job: JOB,
    summary: 'what complaints say, and which differences are more than chance',
    description:
      'Prints volumes, resolution times, the backlog by age, the service level, the load of agents and repeat complainers. Open complaints count as open. Each question is answered with how large the difference is and whether it is more than chance, corrected for the number of questions.',
    options: [
      LAKE,
      { flags: '--sla <hours>', help: 'within how many hours a complaint is to be resolved', preset: '72' },
      {
        flags: '--deck <file>',
        help: 'write slides for management, too: FILE.pdf (needs pdfkit) or FILE.pptx (needs pptxgenjs)',
      },
    ],
    examples: [
      ['complaints insights', 'of output/complaints'],
      ['complaints insights --sla 48 --json', 'another service level, for machines'],
      ['complaints insights --deck complaints.pdf', 'and slides'],
    ],
    load: async () => (await import('./insights.ts')).complaintsInsights,
  },
  {
    name: 'complaints generate',
    job: JOB,
    summary: 'make a telecom with five messy sources to try things with',
    description:
      'Makes customers, agents and days of complaints in the forms of the real sources, and ground_truth.json, which says what each file holds. The adversarial profile plants faults, and the ground truth says where each must end; later/ and refused/ hold deliveries to lay over the world afterwards. The same seed gives the same bytes.',
    options: [
      { flags: '--out <world>', help: 'folder for the files', preset: USUAL_WORLD },
      { flags: '--days <count>', help: 'delivery days', preset: '4' },
      { flags: '--customers <count>', help: 'customers; there are 0.28 complaints a day for each', preset: '25_000' },
      {
        flags: '--profile <profile>',
        help: 'what may be wrong',
        choices: ['faithful', 'adversarial'],
        preset: 'faithful',
      },
      { flags: '--seed <number>', help: 'another seed, another world', preset: '1' },
      { flags: '--first-day <day>', help: 'the first delivery day', preset: '2025-11-20' },
      { flags: '--forms <url>', help: 'write the web forms into this database, and into no files' },
      { ...FORMS_SCHEMA, preset: 'customer_complaints' },
    ],
    examples: [
      ['complaints generate', '25,000 customers and 4 days into ./world'],
      ['complaints generate --profile adversarial --seed 7 --out bad', 'with faults in it'],
    ],
    load: async () => (await import('./generate.ts')).complaintsGenerate,
  },
]
