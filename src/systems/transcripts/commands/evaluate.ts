/**
 * `support-etl transcripts evaluate`: how well the rules find what calls are labelled with.
 * @module
 */
import { type Work, workLine } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { optionError, parseCount } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { counted, renderJson } from '../../../terminal/text/render.ts'
import { renderTable, type TableView } from '../../../terminal/text/text-table.ts'
import type { Profile } from '../figures/analysis/analysis.ts'
import { type Evaluation, evaluateCalls, type LabelledCall } from '../figures/evaluate/evaluate-calls.ts'
import type { ClassScores, Confusion, Score } from '../figures/evaluate/scores.ts'
import { callsOfSeed, generatedCalls, handLabelled } from './labelled-calls.ts'
import { prefixOf } from './settings.ts'

interface EvaluateValues {
  readonly data: string
  readonly prefix: string
  readonly out: string
  readonly profile: Profile
  readonly seed?: string
  readonly numCalls: string
  readonly rules?: true
  readonly json?: true
}

/** An evaluation of calls that were labelled in one way. */
interface Scored {
  readonly calls: string
  readonly evaluation: Evaluation
}

/** An evaluation of the generated calls of one seed. */
interface SeedScores {
  readonly seed: number
  readonly by_label: Evaluation
  readonly by_phrase: Evaluation
}

/** The seeds of `--seed`: whole numbers with commas between them. */
function seedsOf(text: string): readonly number[] {
  const seeds = text.split(',').map((seed) => parseCount('--seed', seed))
  if (new Set(seeds).size === seeds.length) return seeds
  throw optionError('--seed', text, 'each seed once: a seed gives the same calls again')
}

/** Scores the rules on calls that seeds give: each seed by itself, and all of them together. */
function ofSeeds({ seed = '', numCalls, profile }: EvaluateValues, show: (work: Work) => void) {
  const calls = parseCount('--num-calls', numCalls)
  const made = seedsOf(seed).map((number) => {
    show({ what: `making the calls of seed ${number}`, done: null, total: null })
    return { number, ...callsOfSeed(number, calls, profile) }
  })
  const scores = made.map(({ number, byLabel, byPhrase }): SeedScores => {
    const onProgress = (done: number, total: number) =>
      show({ what: `scoring the calls of seed ${number}`, done, total })
    const [by_label, by_phrase] = [byLabel, byPhrase].map((labelled) =>
      evaluateCalls(labelled, { profile, onProgress }),
    )
    return { seed: number, by_label: by_label as Evaluation, by_phrase: by_phrase as Evaluation }
  })
  const byLabel = made.flatMap((one) => one.byLabel)
  return { scores, all: { byLabel, byPhrase: made.flatMap((one) => one.byPhrase) } }
}

/** Scores the rules on the hand-labelled calls, and on generated ones: those of seeds, else those of the state where it has some. */
export async function transcriptsEvaluate(values: EvaluateValues, terminal: Terminal): Promise<ExitCode> {
  const { data, out, profile, rules, json } = values
  const show = workLine(terminal)
  const score = (calls: string, labelled: readonly LabelledCall[]): Scored => {
    const onProgress = (done: number, total: number) => show({ what: `scoring calls: ${calls}`, done, total })
    return { calls, evaluation: evaluateCalls(labelled, { profile, onProgress }) }
  }
  const seeds = values.seed === undefined ? null : ofSeeds(values, show)
  const stored = seeds === null ? await generatedCalls(data, out, prefixOf(values.prefix)) : null
  const generated = seeds?.all ?? stored
  const { work, scored } = handLabelled()
  const all = [
    score('hand-labelled, the part for work', work),
    score('hand-labelled, only scored', scored),
    ...(generated === null
      ? []
      : [
          score('generated, mood by label', generated.byLabel),
          score('generated, mood by what is said', generated.byPhrase),
        ]),
  ]
  if (stored !== null && stored.missing > 0) {
    terminal.log('warn', `${counted(stored.missing, 'generated call')} not in ${out}; run transcripts run first`)
  }
  const shown = { profile, evaluations: all, ...(seeds !== null && { seeds: seeds.scores }) }
  await terminal.print(
    json
      ? renderJson(shown)
      : terminal.fit(text(all, rules === true, terminal) + seedText(seeds?.scores ?? [], terminal)),
  )
  if (generated === null && json !== true) {
    terminal.log('info', `no generated calls: transcripts generate makes some, and ${terminal.advised.run} reads them`)
  }
  return EXIT.done
}

const right = (title: string) => ({ title, align: 'right' as const })
const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`)

/** `92.0 % (88.1–94.7)`. */
function scoreText({ value, interval }: Score): string {
  if (value === null || interval === null) return share(value)
  return `${share(value)} (${(100 * interval.low).toFixed(1)}–${(100 * interval.high).toFixed(1)})`
}

function matrix(title: string, { names, counts }: Confusion, view: TableView): string {
  return renderTable(
    [{ title: `${title}: labelled` }, ...names.map((name) => right(`found ${name}`))],
    names.map((name, at) => [name, ...(counts[at] ?? [])]),
    view,
  )
}

function classLine({ name, labelled, found, precision, recall, f1 }: ClassScores): (string | number)[] {
  return [name, labelled, found, scoreText(precision), scoreText(recall), scoreText(f1)]
}

function classTable({ mood, conversion, upsells, upsellProducts, spans }: Evaluation, view: TableView): string {
  const sale = conversion.classes.find(({ name }) => name === 'conversion')
  const classes = [
    ...mood.classes,
    ...(sale === undefined ? [] : [sale]),
    ...[upsells, upsellProducts],
    ...(spans === null ? [] : [spans]),
  ]
  const columns = [{ title: 'class' }, ...['labelled', 'found', 'precision', 'recall', 'F1'].map(right)]
  return renderTable(columns, classes.map(classLine), view)
}

function ruleTable({ rules }: Evaluation, view: TableView): string {
  return renderTable(
    [{ title: 'rule' }, { title: 'metric' }, ...['calls', 'precision', 'recall', 'F1'].map(right)],
    rules.map(({ rule, metric, found, precision, recall, f1 }) => [
      ...[rule, metric, found, scoreText(precision), share(recall.value), share(f1.value)],
    ]),
    view,
  )
}

/** One line a seed: what the rules promise of generated calls. */
function seedText(scores: readonly SeedScores[], terminal: Terminal): string {
  if (scores.length === 0) return ''
  const columns = ['seed', 'mood', 'mood said', 'precision', 'recall', 'products', 'amounts']
  const lines = scores.map(({ seed, by_label, by_phrase }) => {
    const sale = by_label.conversion.classes.find(({ name }) => name === 'conversion')
    const shares = [by_label.mood.accuracy, by_phrase.mood.accuracy, sale?.precision, sale?.recall]
    const exact = [by_label.upsellProducts.f1, by_label.upsellAmounts]
    // as it is given: no separators of thousands
    return [String(seed), ...[...shares, ...exact].map((score) => share(score?.value ?? null))]
  })
  return `\n${terminal.title('each seed')}\nmood by label and by what is said; precision and recall of conversions; F1 of product names; exact amounts\n\n${renderTable(columns.map(right), lines, terminal.view)}`
}

function text(all: readonly Scored[], withRules: boolean, terminal: Terminal): string {
  return all
    .flatMap(({ calls, evaluation }) => [
      terminal.title(`${calls}: ${counted(evaluation.calls, 'call')}`),
      `mood right in ${scoreText(evaluation.mood.accuracy)}, macro F1 ${scoreText(evaluation.mood.macroF1)}; amounts exact in ${scoreText(evaluation.upsellAmounts)} of calls with upsells`,
      '',
      matrix('mood', evaluation.mood, terminal.view),
      matrix('conversion', evaluation.conversion, terminal.view),
      classTable(evaluation, terminal.view),
      ...(withRules ? [ruleTable(evaluation, terminal.view)] : []),
    ])
    .join('\n')
}
