/**
 * What the tests of faults and of hostile input counted, by kind, as one block. A test says `task.meta.figures = { … }`.
 *
 * Figures of one kind with the same name are added up; those whose name begins with `slowest` or `largest` are compared.
 * A name that ends in `(varies)` depends on the machine's mood; every other figure is the same whenever the same tests run.
 */
declare module 'vitest' {
  interface TaskMeta {
    /** What this test counted, by name. */
    figures?: Figures
  }
}

export type Figures = Readonly<Record<string, number | string>>

/** A kind of test, and where it lives: a folder below `tests/`, or what the names of its files begin with. */
export interface Kind {
  readonly heading: string
  readonly places: readonly string[]
}

export const KINDS: readonly Kind[] = [
  { heading: 'crash model', places: ['crash-model/'] },
  { heading: 'faults', places: ['pipeline/faults.', 'pipeline/full-disk.'] },
  { heading: 'kills and writers', places: ['pipeline/processes.'] },
  { heading: 'interleavings', places: ['pipeline/interleaving.'] },
  { heading: 'log damage', places: ['pipeline/commit-log.'] },
  { heading: 'surroundings', places: ['pipeline/surroundings.'] },
  { heading: 'stores', places: ['connect/'] },
  { heading: 'hardening', places: ['hardening/', 'systems/transcripts/figures/linear.faults.'] },
  { heading: 'zones', places: ['time/zone-conformance.'] },
  { heading: 'other readers', places: ['format/round-trip-interop.'] },
  { heading: 'recovery', places: ['recovery.'] },
]

/** Returns the pattern of the test files in a place. */
export function filesOf(place: string): string {
  return `tests/${place}${place.endsWith('/') ? '**/' : ''}*test.ts`
}

/** What one test gave. */
export interface Told {
  /** Its file below `tests/`. */
  readonly file: string
  /** The suites around it, outermost first, and its name. */
  readonly names: readonly string[]
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending'
  readonly figures: Figures
}

/** One kind's share of the block. */
export interface Section {
  readonly heading: string
  readonly tests: number
  readonly failed: number
  readonly figures: Figures
  /** Tests that did not run, by name; a suite of which none ran stands for all of its tests. */
  readonly skipped: readonly string[]
}

function merged(name: string, before: number | string | undefined, figure: number | string): number | string {
  if (before === undefined) return figure
  if (typeof before === 'number' && typeof figure === 'number') {
    return /^(slowest|largest)/.test(name) ? Math.max(before, figure) : before + figure
  }
  return [...new Set([...String(before).split('; '), String(figure)])].join('; ')
}

function skippedOf(tests: readonly Told[]): readonly string[] {
  const suites = new Map<string, Told[]>()
  for (const test of tests) {
    const suite = `${test.file} ${test.names[0]}`
    suites.set(suite, [...(suites.get(suite) ?? []), test])
  }
  return [...suites.values()].flatMap((members) => {
    const skipped = members.filter(({ state }) => state === 'skipped')
    if (skipped.length > 1 && skipped.length === members.length) {
      return [`${skipped[0]?.names[0]}: all ${skipped.length} tests`]
    }
    return skipped.map(({ names }) => names.join(' > '))
  })
}

const isOf =
  ({ places }: Kind) =>
  ({ file }: Told): boolean =>
    places.some((place) => file.startsWith(place))

/** Returns the names of the skipped tests that belong to none of the {@link KINDS}. */
export function otherSkips(tests: readonly Told[]): readonly string[] {
  return skippedOf(tests.filter((test) => !KINDS.some((kind) => isOf(kind)(test))))
}

/** Returns a section for each kind of which a test is there, in the order of {@link KINDS}. */
export function sectionsOf(tests: readonly Told[]): readonly Section[] {
  return KINDS.flatMap((kind) => {
    const { heading } = kind
    const own = tests.filter(isOf(kind))
    if (own.length === 0) return []
    const figures: Record<string, number | string> = {}
    for (const test of own) {
      for (const [name, figure] of Object.entries(test.figures)) figures[name] = merged(name, figures[name], figure)
    }
    const failed = own.filter(({ state }) => state === 'failed').length
    return [{ heading, tests: own.length, failed, figures, skipped: skippedOf(own) }]
  })
}

/** A figure as people read it: 12,345. */
export function shown(figure: number | string): string {
  return typeof figure === 'number' ? figure.toLocaleString('en-US', { maximumFractionDigits: 1 }) : figure
}

/** Returns the block: a heading a kind, a line a figure, what was skipped at the end of its kind. */
export function blockOf(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ figures }) => Object.entries(figures))
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  const numbers = Math.max(0, ...rows.map(([, figure]) => (typeof figure === 'number' ? shown(figure).length : 0)))
  const line = ([name, figure]: readonly [string, number | string]): string => {
    const value = typeof figure === 'number' ? shown(figure).padStart(numbers) : figure
    return `    ${name.padEnd(width)}  ${value}`
  }
  const parts = sections.flatMap(({ heading, tests, failed, figures, skipped }) => [
    `  ${heading} (${tests} tests${failed === 0 ? '' : `, ${failed} FAILED`})`,
    ...Object.entries(figures).map(line),
    ...skipped.map((name) => `    skipped: ${name}`),
  ])
  return parts.join('\n')
}
