/**
 * The whole job as a user starts it: `support-etl run`, process start included, and DuckDB writing the same files.
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Inputs, Outcome, ReportRow } from './measure.ts'
import { type Entrant, runProcess } from './rounds.ts'

const COMMAND = join(import.meta.dirname, '..', 'dist', 'cli', 'main.js')
const PRELOAD = join(import.meta.dirname, 'peak-memory.mjs')

/** The rows of a published report: names of the job's data hold no quotes. */
export function readReport(path: string): ReportRow[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    if (line.includes('"') || cells.length !== names.length) throw new Error(`${path}: cannot read ${line}`)
    // the report's header names the row's columns
    return Object.fromEntries(names.map((name, at) => [name, cells[at]])) as unknown as ReportRow
  })
}

function command(args: readonly string[], memoryFile: string, env: Readonly<Record<string, string>>) {
  const { seconds } = runProcess(['--import', PRELOAD, COMMAND, ...args], { PEAK_MEMORY_FILE: memoryFile, ...env })
  return { seconds, peakMemory: Number(readFileSync(memoryFile, 'utf8')) }
}

/** `support-etl run` into an empty folder; `sync` off leaves out waiting for the disk, which DuckDB's COPY does not do either. */
export function supportEtlRun(
  name: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Entrant {
  return {
    name,
    run: ({ data, out }: Inputs): Outcome & { seconds: number } => {
      rmSync(out, { recursive: true, force: true })
      const memoryFile = `${out}.memory`
      const figures = command(['run', '--data', data, '--out', out, ...args], memoryFile, env)
      return { ...figures, steps: [], report: readReport(join(out, 'support_report.csv')) }
    },
  }
}

/** Reads every file once: what is at hand of the sources, which every round reads, is then at hand of the state too. */
function keepAtHand(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name))
  }
}

/**
 * The next month on a committed state. The months before are committed once for every round, before the first, and each
 * state is used where it was made: copied files are not those that a run has left, and would be read to see whether they are.
 */
export function nextMonth(name: string, months: readonly string[], publish: string, rounds: number): Entrant {
  const earlier = ['--months', months.slice(0, -1).join(','), '--publish', publish]
  let round = 0
  return {
    name,
    run: ({ data, out }: Inputs): Outcome & { seconds: number } => {
      const states = Array.from({ length: rounds }, (_, at) => `${out}-${at}`)
      if (round === 0) {
        for (const state of states) runProcess([COMMAND, 'run', '--data', data, '--out', state, ...earlier])
      }
      const state = states[round++] as string
      keepAtHand(state)
      const figures = command(['run', '--data', data, '--out', state], `${out}.memory`, {})
      return { ...figures, steps: [], report: readReport(join(state, 'support_report.csv')) }
    },
  }
}

/** A folder for one benchmark's outputs, and how to remove it. */
export function workspace(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'support-etl-bench-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
