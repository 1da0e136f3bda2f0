/**
 * The commands that only the program of this package has: about all of its systems, its samples and its kits.
 * @module
 */
import type { System } from '../../systems/system.ts'
import type { CommandSpec } from '../../terminal/command-spec.ts'
import type { DemoParts } from '../demo.ts'
import type { DashboardValues } from '../serve/dashboard.ts'

/** Returns the command that shows the pages of systems; each system adds the flags that say where its data lies. */
export function dashboardCommand(systems: readonly System[]): CommandSpec {
  return {
    name: 'dashboard',
    summary: 'look at the figures of every system and the tables of any job in a browser',
    description:
      'Serves the dashboard to this machine only; it shows new data and a new commit by itself. --export writes it as a folder of files for any file server instead. Nothing is loaded from elsewhere.',
    options: [
      ...systems.flatMap(({ pages }) => pages?.options ?? []),
      {
        flags: '--out <folder>',
        help: 'folder with the state of the monthly job; those of other jobs lie in its subfolders',
        preset: 'output',
      },
      { flags: '--port <number>', help: 'where to listen; 0 takes a free one', preset: '8787' },
      { flags: '--open', help: 'open it in the browser' },
      { flags: '--export <folder>', help: 'write the site here and end' },
      { flags: '--tables <list>', help: 'tables that the site holds beside the outputs: names, or all' },
    ],
    examples: [
      ['dashboard', 'then open http://127.0.0.1:8787'],
      ['dashboard --data big/cleaned_calls.parquet --open', 'another file, in the browser at once'],
      ['dashboard --export site', 'a static site'],
      ['dashboard --export site --tables agents', 'one that holds the rows of agents as well'],
    ],
    load: async () => {
      const { dashboard } = await import('../serve/dashboard.ts')
      return (values: DashboardValues, terminal) => dashboard(values, terminal, systems)
    },
  }
}

/** Returns the command that shows the program on the samples of the package. */
export function demoCommand(parts: DemoParts): CommandSpec {
  return {
    name: 'demo',
    summary: 'run the sample of the package, answer, and open the pages',
    description:
      'Copies the samples that come with the package, runs the monthly job and the call log on them, answers the three questions, and serves the pages to this machine until Ctrl+C. Shows each command line before what it prints. Needs no network.',
    options: [
      { flags: '--out <folder>', help: 'keep everything here (default: a temporary folder, removed at the end)' },
      { flags: '--port <number>', help: 'where the pages are; 0 takes a free one', preset: '0' },
      { flags: '--no-open', help: 'open no browser; the address is printed anyway' },
    ],
    examples: [
      ['demo', 'see what it does, and leave nothing behind'],
      ['demo --out demo', 'keep the files, to change them and run again'],
      ['demo --no-open --port 8787', 'on a machine without a screen'],
    ],
    load: async () => {
      const { demo } = await import('../demo.ts')
      return (values: Parameters<typeof demo>[0], terminal) => demo(values, terminal, parts)
    },
  }
}

/** The kits that this package ships. */
export const KIT: CommandSpec = {
  name: 'kit',
  summary: 'copy files that run a system elsewhere, such as an Airflow DAG',
  description:
    'Copies a folder of files that people change and keep: schedules, images, settings. Files that are there already and differ stop the copy before anything is written.',
  arguments: [{ name: 'folder', help: 'where to copy to' }],
  options: [{ flags: '--for <system>', help: 'which kit, such as transcripts' }],
  examples: [
    ['kit airflow --for transcripts', 'transcripts every minute, in containers'],
    ['kit cloud --for calls', 'a job of AWS Glue, with its Terraform'],
    ['kit airflow --for transcripts --json', 'the list of files, for a machine'],
  ],
  load: async () => (await import('../kit.ts')).kit,
}
