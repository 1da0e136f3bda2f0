/**
 * How long the steps of a run take.
 * @module
 */
import type { Effects } from './effects.ts'

/** The time that each step took, by the name of the table, derived table, rollup or output that it is for. */
export class StepTimes {
  readonly #now: Effects['now']
  readonly #milliseconds = new Map<string, number>()

  constructor({ now }: Pick<Effects, 'now'>) {
    this.#now = now
  }

  /** Returns what a step gives, and adds its time to that of its name. */
  async measure<Value>(name: string, step: () => Promise<Value> | Value): Promise<Value> {
    const begun = this.#now()
    const value = await step()
    // a clock may be set back
    const spent = Math.max(0, this.#now() - begun)
    this.#milliseconds.set(name, (this.#milliseconds.get(name) ?? 0) + spent)
    return value
  }

  /** Milliseconds by name, in the order of the steps. */
  get milliseconds(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#milliseconds)
  }
}
