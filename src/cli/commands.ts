/**
 * The commands that work for every job, and `dashboard`, as values.
 * @module
 */
import { type CommandSpec, FORMATS, FORMULAS, type OptionSpec, OUT } from '../terminal/command-spec.ts'

const DATA: OptionSpec = {
  flags: '--data <folder>',
  help: 'folder with initial/ and delta/ source files',
  preset: 'data',
}

/** In the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'run',
    summary: 'apply pending source files, commit, publish',
    description:
      'Finds the full extracts and monthly deltas that were not applied yet, applies them in order, commits the new state and publishes copies for people. Run again, it finds nothing to do. Killed half-way, it loses nothing.',
    options: [
      DATA,
      { flags: '--out <folder>', help: 'folder for state and published copies', preset: 'output' },
      { flags: '--months <list>', help: 'only these months, such as 202502,202503' },
      { flags: '--format <format>', help: 'of the published copies (default: csv, or as before)', choices: FORMATS },
      FORMULAS,
      { flags: '--time-zone <zone>', help: "of the reports' months (default: America/New_York, or as before)" },
      {
        flags: '--month-from <column>',
        help: 'timestamp that decides the month (default: interaction_start, or as before)',
      },
      {
        flags: '--mode <mode>',
        help: 'lenient sets bad rows aside, strict stops at the first oddity (default: lenient, or as before)',
        choices: ['lenient', 'strict'],
      },
      { flags: '--max-quarantined <share>', help: 'stop when more of a file does not fit (default: 5%, or as before)' },
      {
        flags: '--publish <list>',
        help: 'copies to publish: all, none, report, dimensions or table names (default: all, or as before)',
      },
      { flags: '--rebuild', help: 'replay everything, with changed and late files' },
      { flags: '--dry-run', help: 'say what would be done, write nothing' },
    ],
    examples: [
      ['run --data data --out output', 'apply what is new'],
      ['run --months 202502', 'one month, and no later one'],
      ['run --dry-run --json', 'the plan for a machine'],
      ['run --rebuild', 'after a source file was corrected'],
      ['run --format parquet --publish report,dimensions', 'no copy of the large table'],
    ],
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'check',
    summary: 'everything wrong or odd in the source files, nothing written',
    description:
      'Reads all source files and lists what a run would refuse or set aside, and what is valid but odd: references to missing rows, minutes on interactions that are not calls, months that depend on the zone.',
    options: [
      DATA,
      { flags: '--time-zone <zone>', help: "of the reports' months", preset: 'America/New_York' },
      { flags: '--month-from <column>', help: 'timestamp that decides the month', preset: 'interaction_start' },
    ],
    examples: [
      ['check --data data', 'before the first run'],
      ['check --json | jq .issues', 'for a machine'],
    ],
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'status',
    summary: 'what was applied, what waits, how large the state is',
    description: 'The last commit, its tables, the files it was made from, and the source files that are pending.',
    options: [OUT, DATA],
    examples: [
      ['status', 'of ./output'],
      ['status --json', 'for a machine'],
    ],
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'explain',
    summary: 'the rows and source lines behind a figure',
    description:
      'Lists the interactions that a line of the report counts, each with its latest file and row, and its line in that file.',
    options: [
      OUT,
      DATA,
      { flags: '--month <month>', help: 'local month, such as 2025-02', isRequired: true },
      { flags: '--contact-center <name>', help: 'name as in the report', isRequired: true },
      { flags: '--department <name>', help: 'department as in the report', isRequired: true },
      { flags: '--as-of <month>', help: 'in the report as of this month or commit (commit:3)' },
    ],
    examples: [
      ['explain --month 2025-02 --contact-center "Portland ME" --department Network', 'a line of the report'],
      ['explain --month 2025-01 --contact-center "Portland ME" --department Unknown', 'why is it unknown?'],
    ],
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'history',
    summary: 'every version of the rows of a table',
    description:
      'Slowly changing dimension, type 2: each version of each row with the months from and to which it was valid (to is exclusive; none means current).',
    options: [
      OUT,
      {
        flags: '--table <table>',
        help: 'which table',
        isRequired: true,
        choices: ['interactions', 'agents', 'contact_centers', 'service_categories'],
      },
      { flags: '--key <key>', help: 'only the row with this key' },
    ],
    examples: [
      ['history --table agents --key A06', 'one agent'],
      ['history --table contact_centers', 'all centers'],
    ],
    load: async () => (await import('./history.ts')).history,
  },
  {
    name: 'verify',
    summary: 'check every file that the log names, byte for byte',
    description:
      'Reads every commit and hashes every file that the last one refers to. --repair rebuilds what can be rebuilt from the rest.',
    options: [OUT, { flags: '--repair', help: 'rebuild what is damaged and can be rebuilt' }],
    examples: [
      ['verify', 'after a disk failure'],
      ['verify --repair', 'and repair it'],
    ],
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'gc',
    summary: 'list, or remove, files that no commit refers to',
    description:
      'Lists temporary files and data that no commit refers to, if they are older than a grace period; --remove removes them.',
    options: [
      OUT,
      { flags: '--remove', help: 'remove them; without it they are only listed' },
      { flags: '--grace-days <days>', help: 'leave younger files alone', preset: '1' },
      {
        flags: '--keep-versions <count>',
        help: 'also remove the data of all but the last versions (default: keep all)',
      },
    ],
    examples: [
      ['gc', 'what would go'],
      ['gc --remove', 'remove it'],
      ['gc --remove --keep-versions 3', 'and the tables of older versions'],
    ],
    load: async () => (await import('./gc.ts')).gc,
  },
  {
    name: 'dashboard',
    summary: 'look at calls, the monthly report and the tables of any job in a browser',
    description:
      'Serves the dashboard to this machine only; it shows a new curated file and a new commit by itself. --export writes it as a folder of files for any file server instead. Nothing is loaded from elsewhere.',
    options: [
      { flags: '--data <file>', help: 'the curated calls', preset: 'data/cleaned_calls.parquet' },
      { flags: '--manifest <file>', help: 'what the curated file holds (default: manifest.json beside it)' },
      {
        flags: '--out <folder>',
        help: 'folder with the state of the monthly job; those of other jobs lie in its subfolders',
        preset: 'output',
      },
      { flags: '--port <number>', help: 'where to listen; 0 takes a free one', preset: '8787' },
      { flags: '--open', help: 'open it in the browser' },
      { flags: '--export <folder>', help: 'write the site here and end' },
    ],
    examples: [
      ['dashboard', 'then open http://127.0.0.1:8787'],
      ['dashboard --data big/cleaned_calls.parquet --open', 'another file, in the browser at once'],
      ['dashboard --export site', 'a static site'],
    ],
    load: async () => (await import('./dashboard.ts')).dashboard,
  },
]
