/**
 * The commands that work for every job, as values.
 * @module
 */
import { USUAL_DATA } from '../../terminal/advised-lines.ts'
import type { Command, CommandSpec, OptionSpec } from '../../terminal/command-spec.ts'
import { FORMAT_FLAGS, type FormatValues } from '../../terminal/flags/format-flags.ts'
import { cellFlags, optionFlags } from '../../terminal/flags/job-flags.ts'
import { RUN, runFlagsOf } from '../../terminal/flags/run-flags.ts'
import { JOB, type Jobs, jobOfLine, type KnownJob } from '../jobs/jobs.ts'

const DATA: OptionSpec = { flags: '--data <folder>', help: 'folder with the source files', preset: USUAL_DATA }

const outFlag = (out: string, help: string): OptionSpec => ({ flags: '--out <folder>', help, preset: out })
const STATE = 'folder with the committed state'

const DESTINATION: OptionSpec = {
  flags: '--destination <address>',
  help: 'database to keep at the last commit: postgres://user@host/database?schema=name, pglite:FOLDER, or none',
}

/** Which engine keeps the state of a run. */
const ENGINE: readonly OptionSpec[] = [
  {
    flags: '--engine <name>',
    help: 'what keeps the state: files, duckdb, postgres or spark (default: files, or as before)',
    choices: ['files', 'duckdb', 'postgres', 'spark'],
    group: 'Engine',
  },
  {
    flags: '--engine-url <address>',
    help: 'the file of DuckDB (default: .support-etl/state.duckdb of --out), postgres://user@host/database?schema=name, or sc://host:15002/;schema=catalog.name',
    group: 'Engine',
  },
  {
    flags: '--engine-memory <size>',
    help: 'of DuckDB: memory before it writes to disk, such as 8GB (default: 80% of the machine)',
    group: 'Engine',
  },
  {
    flags: '--engine-temp <folder>',
    help: 'of DuckDB: where it writes what does not fit into memory (default: beside its file)',
    group: 'Engine',
  },
  { flags: '--engine-threads <count>', help: 'of DuckDB (default: one for each core)', group: 'Engine' },
]

/** A command's code, which is handed the finder of jobs as its last argument. */
type JobCommand<Values> = (values: Values, terminal: Parameters<Command>[1], jobs: Jobs) => ReturnType<Command>

function withJobs<Values>(jobs: Jobs, load: () => Promise<JobCommand<Values>>): CommandSpec['load'] {
  return async () => {
    const work = await load()
    return (values: Values, terminal) => work(values, terminal, jobs)
  }
}

/** The same for a command that reads source files, written as its flags and the declaration beside them say. */
function withFormats<Values extends FormatValues>(
  jobs: Jobs,
  load: () => Promise<JobCommand<Values>>,
): CommandSpec['load'] {
  return async () => {
    const [work, { declaredJobs }] = await Promise.all([load(), import('../jobs/declared-jobs.ts')])
    return (values: Values, terminal) => work(values, terminal, declaredJobs(jobs, values, terminal))
  }
}

/** Examples that only some jobs have, by command. */
export interface JobExamples {
  readonly explain: CommandSpec['examples']
  readonly whatIf: CommandSpec['examples']
}

const ANY_JOB: JobExamples = {
  explain: [['explain --help', 'the flags that name a line of an output']],
  whatIf: [['what-if --help', 'the options of the job']],
}

type LateOptions = NonNullable<CommandSpec['lateOptions']>

/** Returns the commands that work for every job, in the order of the help. */
export function jobCommands(jobs: Jobs, examples: JobExamples = ANY_JOB): readonly CommandSpec[] {
  /** The flags of a command that needs the job's code. */
  const ofJob = (flags: (known: KnownJob) => readonly OptionSpec[]): LateOptions => {
    return async (args) => flags(await jobOfLine(jobs, args))
  }
  /** The flags of a command that reads a state. */
  const ofState: LateOptions = async () => [outFlag(await jobs.home(), STATE)]
  return [
    {
      name: 'run',
      summary: 'apply pending source files, commit, publish',
      description:
        'Finds the source files that were not applied yet, applies them in order, commits the new state and publishes copies for people. Run again, it finds nothing to do. Killed half-way, it loses nothing.',
      options: [DATA, ...RUN, DESTINATION, ...ENGINE, JOB, ...FORMAT_FLAGS],
      lateOptions: ofJob(({ job, out }) => [outFlag(out, 'folder for state and published copies'), ...runFlagsOf(job)]),
      examples: [
        ['run --data data --out output', 'apply what is new'],
        ['run --months 202502', 'one month, and no later one'],
        ['run --dry-run --json', 'the plan for a machine'],
        ['run --rebuild', 'after a source file was corrected'],
        ['run --format parquet --publish report,dimensions', 'no copy of the large table'],
        ['run --delimiter ";" --timestamps "dd/MM/yyyy HH:mm" --decimal ,', 'files of a spreadsheet'],
        ['run --destination postgres://etl@localhost/warehouse', 'the same rows in a database'],
        ['run --engine duckdb', 'the state in tables of DuckDB'],
        ['run --engine duckdb --engine-memory 8GB', 'more than that is written to disk'],
        ['run --engine spark --engine-url sc://host:15002', 'on a Spark cluster'],
        ['run --job ./halls.ts --out output/halls', "a job of one's own"],
      ],
      load: withFormats(jobs, async () => (await import('../run.ts')).run),
    },
    {
      name: 'check',
      summary: 'everything wrong or odd in the source files, nothing written',
      description:
        'Reads all source files and lists what a run would refuse or set aside, and what is valid but odd, such as references to missing rows. Nothing is written, and what was applied before does not matter.',
      options: [DATA, JOB, ...FORMAT_FLAGS],
      lateOptions: ofJob(({ job }) => optionFlags(job, 'default')),
      examples: [
        ['check --data data', 'before the first run'],
        ['check --json | jq .findings', 'for a machine'],
        ['check --job ./halls.ts', "a job of one's own"],
      ],
      load: withFormats(jobs, async () => (await import('../check.ts')).check),
    },
    {
      name: 'inspect',
      summary: 'how a file seems to be written, and what to declare',
      description:
        'Looks at a file and says what it is: container, encoding, delimiter, lines before the header, and for each column what its values are and how they are written. Prints the entry for support-etl.json that would read it, and what is not certain. Applies nothing.',
      arguments: [{ name: 'file', help: 'the file to look at' }],
      options: [{ flags: '--table <name>', help: 'compare its columns with those of this table' }, JOB],
      examples: [
        ['inspect data/initial/interactions.csv', 'what to declare for it'],
        ['inspect export.csv --table interactions --json', 'compared with a table, for a machine'],
      ],
      load: withJobs(jobs, async () => (await import('../inspect.ts')).inspect),
    },
    {
      name: 'status',
      summary: 'what was applied, what waits, how large the state is',
      description:
        'The last commit, its tables, the files it was made from, and the source files that are pending. Pending files need the code of the job; everything else is in the log.',
      options: [DATA, JOB, ...FORMAT_FLAGS],
      lateOptions: ofState,
      examples: [
        ['status', 'of the usual place'],
        ['status --out output/halls --json', 'of another one, for a machine'],
      ],
      load: withFormats(jobs, async () => (await import('../log/status.ts')).status),
    },
    {
      name: 'explain',
      summary: 'the rows and source lines behind a figure',
      description:
        'Lists the rows that a line of an output counts, each with its latest file and row, and its line in that file.',
      options: [
        DATA,
        { flags: '--as-of <month>', help: 'in the output as of this month or commit (commit:3)' },
        JOB,
        ...FORMAT_FLAGS,
      ],
      lateOptions: ofJob(({ job, out }) => [outFlag(out, STATE), ...cellFlags(job)]),
      examples: examples.explain,
      load: withFormats(jobs, async () => (await import('../log/explain.ts')).explain),
    },
    {
      name: 'what-if',
      summary: 'figures and rows that another option would move',
      description:
        'Makes the outputs of the last commit with another value of an option of the job, in memory, and shows which figures would differ and which rows another line would count. Writes nothing.',
      options: [JOB],
      lateOptions: ofJob(({ job, out }) => [outFlag(out, STATE), ...optionFlags(job, 'kept')]),
      examples: examples.whatIf,
      load: withJobs(jobs, async () => (await import('../log/what-if.ts')).whatIfCommand),
    },
    {
      name: 'diff',
      summary: 'rows and figures that differ between two commits',
      description:
        'Counts the rows that were added, removed and changed between two commits, table by table and, where the code of the job is known, output by output. Without numbers: the last commit and the one before it.',
      arguments: [
        { name: 'from', help: 'number of the earlier commit (default: the one before the later)' },
        { name: 'to', help: 'number of the later commit (default: the last)' },
      ],
      options: [{ flags: '--table <name>', help: 'show the rows of this table or output' }, JOB],
      lateOptions: ofState,
      examples: [
        ['diff', 'what the last run changed'],
        ['diff 1 3', 'between two commits'],
        ['diff 1 3 --table agents', 'the rows of one table'],
        ['diff --table agents --json', 'for a machine'],
      ],
      load: withJobs(jobs, async () => (await import('../log/diff.ts')).diff),
    },
    {
      name: 'history',
      summary: 'every version of the rows of a table',
      description:
        'Slowly changing dimension, type 2: each version of each row with the months from and to which it was valid (to is exclusive; none means current). For tables of extracts and deltas.',
      options: [
        { flags: '--table <table>', help: 'which table', isRequired: true },
        { flags: '--key <key>', help: 'only the row with this key' },
      ],
      lateOptions: ofState,
      examples: [
        ['history --table agents --key A06', 'one row'],
        ['history --table agents', 'all rows'],
      ],
      load: withJobs(jobs, async () => (await import('../log/history.ts')).history),
    },
    {
      name: 'blame',
      summary: 'the file and line that wrote each cell of a row',
      description:
        'Lists the cells of a row, each with the file, record and line that gave it its value. A later line that repeats the value did not write it.',
      arguments: [
        { name: 'table', help: 'which table' },
        { name: 'key', help: 'the key of the row; parts of a longer key with , between them' },
      ],
      options: [DATA, JOB, ...FORMAT_FLAGS],
      lateOptions: ofState,
      examples: [
        ['blame agents A06', 'who wrote what of one agent'],
        ['blame interactions 0206 --json', 'for a machine'],
      ],
      load: withFormats(jobs, async () => (await import('../log/blame.ts')).blame),
    },
    {
      name: 'quarantine',
      summary: 'the rows that wait because they do not fit',
      description:
        'Lists the rows that were set aside, each with its file, row and line, what was found and what was expected. They leave when their file is corrected and applied again, or when they are mended in a file that --csv writes and `quarantine replay` applies.',
      options: [
        { flags: '--table <table>', help: 'only the rows of this table' },
        { flags: '--csv <file>', help: 'write them into this file, to mend the texts of their records' },
        DATA,
        JOB,
        ...FORMAT_FLAGS,
      ],
      lateOptions: ofState,
      examples: [
        ['quarantine', 'all of them'],
        ['quarantine --table agents --json', 'of one table, for a machine'],
        ['quarantine --csv rows.csv', 'into a file, to be mended and replayed'],
      ],
      load: withFormats(jobs, async () => (await import('../log/quarantine.ts')).quarantine),
    },
    {
      name: 'quarantine replay',
      summary: 'apply rows that wait and were mended in a file',
      description:
        'Applies the rows of a file that quarantine --csv wrote and somebody mended, as if their source files had come so, in one commit. The mended texts are kept with the state until the source file comes with other content. A row that does not fit either waits again; one that does not wait is refused, and nothing is changed.',
      arguments: [{ name: 'file', help: 'the file with the mended rows' }],
      options: [DATA, JOB, ...FORMAT_FLAGS],
      lateOptions: ofState,
      examples: [
        ['quarantine replay rows.csv', 'after the column record was mended'],
        ['quarantine replay rows.csv --json', 'what became of each row, for a machine'],
      ],
      load: withFormats(jobs, async () => (await import('../log/quarantine-replay.ts')).quarantineReplay),
    },
    {
      name: 'verify',
      summary: 'check every file that the log names, byte for byte',
      description:
        'Reads every commit and hashes every file that the last one refers to. --repair rebuilds what can be rebuilt from the rest; it needs the code of the job.',
      options: [{ flags: '--repair', help: 'rebuild what is damaged and can be rebuilt' }, JOB],
      lateOptions: ofState,
      examples: [
        ['verify', 'after a disk failure'],
        ['verify --repair', 'and repair it'],
      ],
      load: withJobs(jobs, async () => (await import('../log/verify.ts')).verify),
    },
    {
      name: 'gc',
      summary: 'list, or remove, files that no commit refers to',
      description:
        'Lists temporary files and data that no commit refers to, if they are older than a grace period; --remove removes them.',
      options: [
        { flags: '--remove', help: 'remove them; without it they are only listed' },
        { flags: '--grace-days <days>', help: 'leave younger files alone', preset: '1' },
        {
          flags: '--keep-versions <count>',
          help: 'also remove the data of all but the last versions (default: keep all)',
        },
      ],
      lateOptions: ofState,
      examples: [
        ['gc', 'what would go'],
        ['gc --remove', 'remove it'],
        ['gc --remove --keep-versions 3', 'and the tables of older versions'],
      ],
      load: async () => (await import('../log/gc.ts')).gc,
    },
    {
      name: 'errors',
      summary: 'what an error code means, and what to do',
      description:
        'Prints what docs/errors.md of the package says about a code: what is wrong, how to mend it, and the exit status. Without a code it lists them all.',
      arguments: [{ name: 'code', help: 'as the last line of an error shows it' }],
      options: [],
      examples: [
        ['errors late_file', 'one code'],
        ['errors', 'all of them'],
      ],
      load: async () => (await import('../errors.ts')).errors,
    },
  ]
}
