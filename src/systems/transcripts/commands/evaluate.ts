/**
 * `support-etl transcripts evaluate`: how well the rules find what calls are labelled with.
 * @module
 */
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { counted, renderJson } from '../../../terminal/render.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { renderTable, type TableView } from '../../../terminal/text-table.ts'
import type { Profile } from '../figures/analysis/analysis.ts'
import { type Evaluation, evaluateCalls, type LabelledCall } from '../figures/evaluate/evaluate-calls.ts'
import type { ClassScores, Confusion, Score } from '../figures/evaluate/scores.ts'
import { generatedCalls, handLabelled } from './labelled-calls.ts'
import { prefixOf } from './settings.ts'

interface EvaluateValues {
  readonly data: string
  readonly prefix: string
  readonly out: string
  readonly profile: Profile
  readonly rules?: true
  readonly json?: true
}

/** An evaluation of calls that were labelled in one way. */
interface Scored {
  readonly calls: string
  readonly evaluation: Evaluation
}

/** Scores the rules on the hand-labelled calls, and on generated ones where the state has some. */
export async function transcriptsEvaluate(values: EvaluateValues, terminal: Terminal): Promise<ExitCode> {
  const { data, out, profile, rules, json } = values
  const score = (calls: string, labelled: readonly LabelledCall[]): Scored => {
    return { calls, evaluation: evaluateCalls(labelled, { profile }) }
  }
  const { work, scored } = handLabelled()
  const all = [score('hand-labelled, the part for work', work), score('hand-labelled, only scored', scored)]
  const generated = await generatedCalls(data, out, prefixOf(values.prefix))
  if (generated !== null) {
    all.push(score('generated, mood by label', generated.byLabel))
    all.push(score('generated, mood by what is said', generated.byPhrase))
    if (generated.missing > 0) {
      terminal.log('warn', `${counted(generated.missing, 'generated call')} not in ${out}; run transcripts run first`)
    }
  }
  await terminal.print(
    json ? renderJson({ profile, evaluations: all }) : terminal.fit(text(all, rules === true, terminal)),
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
    [{ title: 'rule' }, { title: 'metric' }, right('found'), right('precision')],
    rules.map(({ rule, metric, found, precision }) => [rule, metric, found, scoreText(precision)]),
    view,
  )
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
