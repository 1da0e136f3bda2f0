/**
 * `support-etl complaints insights`: what complaints say, and which differences are more than chance.
 * @module
 */
import { effectsOf } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { printable } from '../../../terminal/lines.ts'
import { optionError, parseCount } from '../../../terminal/option-values.ts'
import { counted, figure, renderJson } from '../../../terminal/render.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { renderTable, type TableView } from '../../../terminal/text-table.ts'
import type { Comparison, Effect } from '../figures/comparison.ts'
import { type ComplaintInsights, complaintInsights } from '../figures/insights.ts'
import { readComplaints } from '../job/read-complaints.ts'

interface InsightsValues {
  readonly out: string
  readonly sla: string
  readonly json?: true
}

const right = (...titles: readonly string[]) => titles.map((title) => ({ title, align: 'right' }) as const)
const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)

/** Hours as people say them: minutes below two hours, days above three. */
function duration(hours: number | null): string {
  if (hours === null) return 'not reached'
  if (hours < 2) return `${(hours * 60).toFixed(0)} min`
  return hours < 72 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`
}

const EFFECTS: Readonly<Record<Effect['kind'], (value: number) => string>> = {
  cramers_v: (value) => `V ${value.toFixed(3)}`,
  speed_ratio: (value) => `× ${value.toFixed(2)}`,
  dispersion: (value) => `${value.toFixed(2)} × chance`,
}

const VERDICTS: Readonly<Record<Comparison['verdict'], string>> = {
  different: 'yes',
  no_significant_difference: 'no significant difference',
  too_few: 'too few cases',
}

function answer({ verdict, effect }: Comparison): string {
  return verdict === 'different' ? `yes, ${effect.size}` : VERDICTS[verdict]
}

function comparisonsTable(comparisons: readonly Comparison[], view: TableView): string {
  const rows = comparisons.map((one) => {
    const p = one.pAdjusted < 0.001 ? '< 0.001' : one.pAdjusted.toFixed(3)
    return [one.question, answer(one), EFFECTS[one.effect.kind](one.effect.value), p]
  })
  return renderTable([{ title: 'question' }, { title: 'answer' }, ...right('effect', 'p (Holm)')], rows, view)
}

function text(insights: ComplaintInsights, title: string, view: TableView): string {
  const { volumes, resolution, backlog, agents, ofUnknownAgents, repeats, slaHours, comparisons } = insights
  const [busiest, idlest] = [agents[0], agents.at(-1)]
  const load =
    busiest === undefined || idlest === undefined
      ? 'no complaint names an agent'
      : `${counted(agents.length, 'agent')}; the busiest has ${figure(busiest.complaints)} complaints, the least busy ${figure(idlest.complaints)}; ${figure(ofUnknownAgents)} complaints have no agent of the sheet`
  const { complainers, repeaters, expectedRepeaters } = repeats
  return [
    `${title}\n`,
    renderTable(
      [{ title: 'by' }, { title: '' }, ...right('complaints', 'share')],
      volumes.map(({ by, name, complaints, share }) => [by, name, complaints, percent(share)]),
      view,
    ),
    renderTable(
      [
        { title: 'channel' },
        { title: 'category' },
        ...right('complaints', 'resolved', 'median', 'p90', `within ${slaHours} h`),
      ],
      resolution.map(({ channel, category, complaints, resolved, medianHours, p90Hours, withinSla }) => {
        return [channel, category, complaints, resolved, duration(medianHours), duration(p90Hours), percent(withinSla)]
      }),
      view,
    ),
    renderTable(
      [{ title: 'backlog' }, ...right('open', 'to 7 days', 'to 30', 'to 90', 'older')],
      backlog.map(({ category, open, ages }) => [category, open, ...ages]),
      view,
    ),
    `${load}\n${figure(complainers)} customers complained, ${figure(repeaters)} of them more than once; chance would make ${figure(Math.round(expectedRepeaters))}\n`,
    comparisonsTable(comparisons, view),
  ].join('\n')
}

/** Prints the insights of a lake. */
export async function complaintsInsights({ out, sla, json }: InsightsValues, terminal: Terminal): Promise<ExitCode> {
  const slaHours = parseCount('--sla', sla)
  if (slaHours === 0) throw optionError('--sla', sla, 'at least 1 hour')
  const { set, customers, commit } = await readComplaints({ out }, effectsOf(terminal))
  const insights = complaintInsights(set, { slaHours, customers })
  const title = terminal.title(`${printable(out)}, version ${commit}: ${counted(insights.complaints, 'complaint')}`)
  await terminal.print(json ? renderJson({ commit, ...insights }) : terminal.fit(text(insights, title, terminal.view)))
  return EXIT.done
}
