/**
 * Figures as tables, and ratios held against their targets.
 * @module
 */
import { spread } from './measure.ts'
import type { Figures } from './rounds.ts'

/** One figure of ours over one of a rival's, by medians of the same race. */
export interface Ratio {
  readonly name: string
  readonly ratio: number
  /** The same by the fastest run of each: what a quiet machine comes nearest to. */
  readonly fastest: number
  /** Null where the ratio is told beside the targets. */
  readonly must: number | null
  readonly aim: number | null
}

function valuesOf(figures: readonly Figures[], entrant: string, step: string): readonly number[] {
  const found = figures.find(({ name }) => name === entrant)
  const values = step === 'memory' ? found?.peakMemory : found?.seconds[step]
  if (values === undefined || values.length === 0) throw new Error(`${entrant} has no figure for ${step}`)
  return values
}

/** The mean of several steps, round by round. */
function meansOf(figures: readonly Figures[], entrant: string, steps: readonly string[]): number[] {
  const all = steps.map((step) => valuesOf(figures, entrant, step))
  return (all[0] ?? []).map((_, round) => all.reduce((sum, values) => sum + (values[round] ?? 0), 0) / all.length)
}

/** Returns the ratio of two entrants' medians of a step (`memory` for peak memory), or of several steps' mean. */
export function judge(
  name: string,
  figures: readonly Figures[],
  step: string | readonly string[],
  ours: string,
  theirs: string,
  must: number | null = null,
  aim: number | null = null,
): Ratio {
  const steps = typeof step === 'string' ? [step] : step
  const [mine, other] = [spread(meansOf(figures, ours, steps)), spread(meansOf(figures, theirs, steps))]
  return { name, ratio: mine.median / other.median, fastest: mine.low / other.low, must, aim }
}

/** Returns a table of medians with the spread of each: seconds a step, MiB of peak memory. */
export function printFigures(figures: readonly Figures[]): string {
  const steps = [...new Set(figures.flatMap(({ seconds }) => Object.keys(seconds)))]
  const cell = (values: readonly number[] | undefined, digits: number) => {
    if (values === undefined || values.length === 0) return '–'
    const { median, low, high } = spread(values)
    return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`
  }
  const lines = figures.map(
    ({ name, seconds, peakMemory }) =>
      `| ${name} | ${steps.map((step) => cell(seconds[step], 3)).join(' | ')} | ${cell(peakMemory, 0)} |`,
  )
  return `${[
    `| | ${steps.map((step) => `${step}, s`).join(' | ')} | peak memory, MiB |`,
    `|---|${steps.map(() => '--:').join('|')}|--:|`,
    ...lines,
  ].join('\n')}\n`
}

/** Returns the ratios in words, for those who read no table. */
export function sayRatios(all: readonly Ratio[], rounds: number, cores: number): string {
  const of = (name: string): string => {
    const found = all.find((ratio) => ratio.name === name)
    if (found === undefined) throw new Error(`there is no ratio "${name}"`)
    return found.ratio.toFixed(2)
  }
  return [
    'A million interactions and two monthly deltas against DuckDB with two threads doing the same work (same answers, same published files); below 1 is faster, or smaller:',
    '',
    '| work | ratio |',
    '|---|--:|',
    `| files to committed state, report and published copies | ${of('files → committed state and published files')} |`,
    `| peak memory of that run | ${of('peak memory of that run')} |`,
    `| reading the CSV, all checks on | ${of('CSV → typed columns')} |`,
    `| applying a delta, each writing over the table before | ${of('apply one delta')} |`,
    `| applying a delta, each keeping the table before | ${of('apply one delta, table before kept by both')} |`,
    `| the public \`applyDelta\`, which also checks a million keys | ${of('public applyDelta, keys checked, table before kept by both')} |`,
    `| UTC to the local month | ${of('UTC → local month')} |`,
    `| the report | ${of('report')} |`,
    '',
    `The next month on a committed state takes ${of('next month, --publish report,dimensions, against a rebuild')} of a rebuild, and ${of('next month, --publish all, against a rebuild')} where all copies are published. Medians of ${rounds} runs (${2 * rounds + 1} of the month) on ${cores} cores.`,
  ].join('\n')
}

/** Returns a table of ratios held against their targets. */
export function printRatios(all: readonly Ratio[]): string {
  const lines = all.map(({ name, ratio, fastest, must, aim }) => {
    const figures = `| ${name} | ${ratio.toFixed(2)} | ${fastest.toFixed(2)} |`
    if (must === null || aim === null) return `${figures} – | – | no target |`
    return `${figures} ${must} | ${aim} | ${ratio <= aim ? 'aim met' : ratio <= must ? 'met' : 'missed'} |`
  })
  const header = '| ratio, lower is better | by medians | by fastest runs | must | aim | by medians |'
  return `${[header, '|---|--:|--:|--:|--:|---|', ...lines].join('\n')}\n`
}
