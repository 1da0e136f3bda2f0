/**
 * The commands about the monthly support report, as values.
 * @module
 */
import { DIALECT_NAMES } from '../../../engine/dialect.ts'
import { type CommandSpec, FORMATS, FORMULAS, OUT } from '../../../terminal/command-spec.ts'
import { DOCUMENT_FORMS } from '../../../terminal/document.ts'

export const SUPPORT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'answers',
    summary: 'the three questions, with figures and evidence',
    description:
      'Interactions per contact center, the busiest month, and the longest average call of a quarter: with the figures behind each answer, why the calls are long, and the answers with months in UTC.',
    options: [
      OUT,
      { flags: '--quarter <quarter>', help: 'such as 2025-Q1, or all; the newest whole one unless given' },
      { flags: '--evidence', help: 'also list the calls behind the third answer, each with its file and row' },
      { flags: '--format <form>', help: 'text, or a page to hand in', preset: 'text', choices: DOCUMENT_FORMS },
    ],
    examples: [
      ['answers', 'from ./output'],
      ['answers --evidence', 'with the calls behind the third answer'],
      ['answers --format html > answers.html', 'a page to hand in'],
      ['answers --out /srv/support --json', 'for a machine'],
    ],
    load: async () => (await import('./answers.ts')).answers,
  },
  {
    name: 'report',
    summary: 'the support report, now or as of a month',
    description:
      'Interactions, calls and minutes by local month, contact center and department, from the committed state. --as-of shows it as it was after the deltas of that month, dimensions included.',
    options: [
      OUT,
      {
        flags: '--as-of <month>',
        help: 'after the deltas up to this month, such as 202502, or as a commit left it: commit:3',
      },
      { flags: '--month <month>', help: 'only this month, such as 2025-02' },
      { flags: '--contact-center <name>', help: 'only this contact center' },
      { flags: '--department <name>', help: 'only this department' },
      {
        flags: '--format <format>',
        help: 'what to print',
        preset: 'table',
        choices: ['table', ...FORMATS],
      },
      FORMULAS,
    ],
    examples: [
      ['report', 'as a table'],
      ['report --month 2025-02 --contact-center "Portland ME"', 'some of its lines'],
      ['report --as-of 202502', 'as it was after February'],
      ['report --format csv > report.csv', 'into a file'],
    ],
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'plan',
    summary: 'the report as SQL of an engine',
    description:
      'Prints the statements by which DuckDB, Postgres, Spark or a warehouse gets the same report from staged changes: tables for them, the current rows of each table, and the report. Nothing is run. The instants at which local months begin are written into the query, so that no engine needs to know zones.',
    options: [
      {
        flags: '--engine <name>',
        help: 'dialect of SQL',
        isRequired: true,
        choices: DIALECT_NAMES,
      },
      { flags: '--time-zone <zone>', help: "of the report's months", preset: 'America/New_York' },
      { flags: '--from <month>', help: 'the first month of interactions', preset: '2020-01' },
      { flags: '--to <month>', help: 'the last month of interactions', preset: '2029-12' },
    ],
    examples: [
      ['plan --engine snowflake --from 2025-01 --to 2025-12', 'one year'],
      ['plan --engine duckdb > report.sql', 'into a file'],
    ],
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'generate',
    summary: 'make source files of any size to try things with',
    description:
      'Makes a full extract and monthly deltas of a made-up support operation, with the irregularities of real exports. The same seed gives the same bytes; a million interactions are about 120 MB.',
    options: [
      { flags: '--interactions <count>', help: 'rows of the full extract, at least 100', isRequired: true },
      { flags: '--out <folder>', help: 'folder for initial/ and delta/', isRequired: true },
      { flags: '--seed <number>', help: 'another seed, other data', preset: '1' },
      { flags: '--deltas <count>', help: 'months of deltas, 0 to 9', preset: '2' },
    ],
    examples: [
      ['generate --interactions 1000 --out data', 'a small set'],
      ['generate --interactions 1_000_000 --out big --seed 7', 'a large one'],
    ],
    load: async () => (await import('./generate.ts')).generate,
  },
]
