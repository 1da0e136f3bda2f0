/**
 * The commands about calls, as values.
 * @module
 */

import type { CommandSpec, OptionSpec } from '../../../terminal/command-spec.ts'
import { FORMAT_FLAGS } from '../../../terminal/flags/format-flags.ts'
import { DEFAULT_ZONE } from '../default-zone.ts'

/** The curated file in the folder of the data. */
export const CURATED_FILE = 'cleaned_calls.parquet'
/** The curated file that `calls summary` and the dashboard read. */
export const CURATED: OptionSpec = {
  flags: '--data <file>',
  help: 'the curated calls',
  preset: `data/${CURATED_FILE}`,
}
/** Its manifest. */
export const MANIFEST_BESIDE: OptionSpec = {
  flags: '--manifest <file>',
  help: 'what the curated file holds (default: manifest.json beside it)',
}

const [CONFIG_FLAG, ...OTHER_FORMATS] = FORMAT_FLAGS as [OptionSpec, ...OptionSpec[]]

/** A log has its folder where other commands have that of `--data`, and a format of its own. */
const CLEAN_FORMATS: readonly OptionSpec[] = [
  { ...CONFIG_FLAG, help: CONFIG_FLAG.help.replace('--data', '--calls') },
  {
    flags: '--calls-format <format>',
    help: 'of the call log, where it is no JSON: csv, json or json_lines',
    choices: ['csv', 'json', 'json_lines'],
    ...(CONFIG_FLAG.group !== undefined && { group: CONFIG_FLAG.group }),
  },
  ...OTHER_FORMATS,
]

export const CALLS_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'calls clean',
    summary: 'clean a call log into one curated Parquet file',
    description:
      'Reads a call log (JSON lines or an array) and an agents list (CSV), and writes one typed row per call, then a manifest. Rows that cannot be used are refused, each with its reason and line; with too many of them nothing is published. A run with the same content writes nothing. Every file may be s3://bucket/folder/file.',
    options: [
      { flags: '--calls <file>', help: 'the call log', preset: 'data/sample_calls.json' },
      { flags: '--agents <file>', help: 'the agents list', preset: 'data/agents.csv' },
      { flags: '--output <file>', help: 'the curated file', preset: `data/${CURATED_FILE}` },
      { flags: '--manifest <file>', help: 'what the curated file holds', preset: 'data/manifest.json' },
      { flags: '--time-zone <zone>', help: 'of call_date and hour_of_day', preset: DEFAULT_ZONE },
      { flags: '--append', help: 'add the log to the calls that are there; the same bytes as cleaning both logs' },
      { flags: '--rejects <file>', help: 'write refused rows here: .csv, or JSON lines' },
      {
        flags: '--max-quarantined <share>',
        help: 'publish nothing when more rows, and more than 5, are refused (default: 5%)',
      },
      ...CLEAN_FORMATS,
    ],
    examples: [
      ['calls clean', 'from ./data, into ./data'],
      ['calls clean --rejects rejects.csv', 'and see what was refused'],
      ['calls clean --time-zone Europe/Berlin', 'days and hours of that clock'],
      ['calls clean --calls today.json --append', 'one more log'],
      ['calls clean --calls log.csv --calls-format csv --delimiter ";"', 'a log that is CSV'],
    ],
    load: async () => (await import('./clean.ts')).callsClean,
  },
  {
    name: 'calls summary',
    summary: 'the key figures of the calls, as in the dashboard',
    description:
      'Key figures with their change against the period before, whether the change is more than chance, by region and issue, with any filter of the dashboard; the same functions compute both. --json adds timeline, durations, heat map and agents.',
    options: [
      CURATED,
      {
        flags: '--period <period>',
        help: '7d, 28d, 91d: whole days before the newest; or days such as 2025-03-01..2025-03-31',
      },
      {
        flags: '--compare <with>',
        help: 'previous: the period before (default); year: the same weeks last year; none',
      },
      { flags: '--region <name...>', help: 'only these regions' },
      { flags: '--issue <name...>', help: 'only these issues' },
      { flags: '--agent <id...>', help: 'only these agents' },
      { flags: '--resolution <name...>', help: 'only these resolutions' },
      { flags: '--rating <stars...>', help: 'only these ratings: 1 to 5, other, or "" for none' },
      { flags: '--weekday <day...>', help: 'only these weekdays: Mon to Sun' },
      { flags: '--hour <hour...>', help: 'only these hours: 00 to 23' },
      { flags: '--minutes <range>', help: 'only durations from and to under: 2..10, 5.. or ..3' },
      { flags: '--minimum <count>', help: 'calls an agent needs to be ranked', preset: '10' },
      { flags: '--query <text>', help: "a filter, copied from the dashboard's address after the ?" },
    ],
    examples: [
      ['calls summary', 'of all calls'],
      ['calls summary --period 28d --issue Billing', 'the last four whole weeks'],
      ['calls summary --query "period=7d&region=North" --json', 'a shared view, for a machine'],
    ],
    load: async () => (await import('./summary.ts')).callsSummary,
  },
  {
    name: 'calls generate',
    summary: 'make a call log of any size to try things with',
    description:
      'Makes a call log and an agents list of a made-up call center, with refused rows and odd calls planted in them, and ground_truth.json, which lists these. The same seed gives the same bytes.',
    options: [
      { flags: '--calls <count>', help: 'how many, at least 100', preset: '10_000' },
      { flags: '--out <folder>', help: 'folder for the files', preset: 'data' },
      { flags: '--seed <number>', help: 'another seed, another center', preset: '1' },
      { flags: '--days <count>', help: 'of how many days, up to 2025-06-30', preset: '120' },
    ],
    examples: [
      ['calls generate', '10,000 calls into ./data'],
      ['calls generate --calls 1_000_000 --out big --seed 7', 'a large log'],
    ],
    load: async () => (await import('./generate.ts')).callsGenerate,
  },
]
