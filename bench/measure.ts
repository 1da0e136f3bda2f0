/**
 * What a rival measures and returns.
 * @module
 */

/** Where a rival finds its files, and the months of its deltas in order. */
export interface Inputs {
  readonly data: string
  readonly out: string
  readonly months: readonly string[]
}

/** One step of the job and the seconds it took. */
export interface Step {
  readonly name: string
  readonly seconds: number
}

/** One row of the support report: the answer that all rivals must give alike. */
export interface ReportRow {
  readonly month: string
  readonly contact_center_name: string
  readonly department: string
  readonly total_interactions: number
  readonly total_calls: number
  readonly total_call_duration: number
}

/** What one rival's process says at its end. */
export interface Outcome {
  readonly steps: readonly Step[]
  readonly report: readonly ReportRow[]
  /** The process's peak resident memory in MiB. */
  readonly peakMemory: number
}

/** Runs a step and notes how long it took. */
export async function measured<Result>(
  steps: Step[],
  name: string,
  step: () => Result | Promise<Result>,
): Promise<Result> {
  const start = performance.now()
  const result = await step()
  steps.push({ name, seconds: (performance.now() - start) / 1000 })
  return result
}

/** The middle of the values, and the smallest and largest. */
export function spread(values: readonly number[]): { median: number; low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
  return { median, low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0 }
}

/** One text for one answer: two rivals agree when these are equal. Durations are compared to a millionth of a minute. */
export function fingerprint(report: readonly ReportRow[]): string {
  return report
    .map((row) =>
      [
        row.month,
        row.contact_center_name,
        row.department,
        Number(row.total_interactions),
        Number(row.total_calls),
        Number(row.total_call_duration).toFixed(4),
      ].join('|'),
    )
    .sort()
    .join('\n')
}
