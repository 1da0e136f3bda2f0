/**
 * Runs rivals in alternating order, each time in a new process, and keeps every figure.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fingerprint, type Inputs, type Outcome } from './measure.ts'

/** One thing to run: its name, and how to run it once. */
export interface Entrant {
  readonly name: string
  readonly run: (inputs: Inputs) => Outcome & { readonly seconds: number }
}

/** The figures of one entrant: one list a measured step, a value a round. */
export interface Figures {
  readonly name: string
  readonly seconds: Readonly<Record<string, readonly number[]>>
  readonly peakMemory: readonly number[]
}

/** Runs a command in a process of its own; throws with what it said when it fails. */
export function runProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { text: string; seconds: number; errors: string } {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: { ...process.env, ...env },
  })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`)
  return { text: stdout, seconds, errors: stderr }
}

/** An entrant that is a module of `rivals/`, called so or otherwise. */
export function rival(name: string, form: 'steps' | 'stepsKept' | 'job', called = name): Entrant {
  return {
    name: called,
    run: (inputs) => {
      const child = join(import.meta.dirname, 'child.ts')
      const conditions = '--conditions=support-etl-source'
      // compiled code is kept from one run to the next, as the command keeps it
      const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, 'data', 'compiled') }
      const { text, seconds } = runProcess([conditions, child, name, form, JSON.stringify(inputs)], env)
      return { ...(JSON.parse(text) as Outcome), seconds }
    },
  }
}

/**
 * Runs every entrant `rounds` times, A B C, C B A, A B C …, and returns their figures.
 * Throws when two of them give different answers: a benchmark of different work is none.
 */
export function race(entrants: readonly Entrant[], inputs: (name: string) => Inputs, rounds: number): Figures[] {
  const figures = new Map(
    entrants.map(({ name }) => [name, { seconds: {} as Record<string, number[]>, peakMemory: [] as number[] }]),
  )
  let answer: string | null = null
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of round % 2 === 0 ? entrants : entrants.toReversed()) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${name}\n`)
      const outcome = run(inputs(name))
      const given = fingerprint(outcome.report)
      answer ??= given
      if (given !== answer) throw new Error(`${name} gives another report than ${entrants[0]?.name}`)
      const kept = figures.get(name)
      for (const { name: step, seconds } of [...outcome.steps, { name: 'process', seconds: outcome.seconds }]) {
        if (kept !== undefined) kept.seconds[step] = [...(kept.seconds[step] ?? []), seconds]
      }
      kept?.peakMemory.push(outcome.peakMemory)
    }
  }
  return Array.from(figures, ([name, kept]) => ({ name, ...kept }))
}
