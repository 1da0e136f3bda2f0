/**
 * `support-etl complaints insights`: what complaints say, and which differences are more than chance.
 * @module
 */
import { effectsOf } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { optionError, parseCount } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { counted, figure, renderJson } from '../../../terminal/text/render.ts'
import { renderTable, type TableView } from '../../../terminal/text/text-table.ts'
import type { Comparison } from '../figures/comparison.ts'
import { type ComplaintInsights, complaintInsights } from '../figures/insights.ts'
import { answerText, chanceText, durationText, effectText, shareText } from '../figures/words.ts'
import { readComplaints } from '../job/read-complaints.ts'
import { deckFormat, lakeSlides, writeDeck } from './deck.ts'

interface InsightsValues {
  readonly out: string
  readonly sla: string
  readonly deck?: string
  readonly json?: true
}

const right = (...titles: readonly string[]) => titles.map((title) => ({ title, align: 'right' }) as const)

function comparisonsTable(comparisons: readonly Comparison[], view: TableView): string {
  const rows = comparisons.map((one) => [one.question, answerText(one), effectText(one), chanceText(one)])
  return renderTable([{ title: 'question' }, { title: 'answer' }, ...right('effect', 'p (Holm)')], rows, view)
}

function text(insights: ComplaintInsights, title: string, view: TableView): string {
  const { volumes, days, service, resolution, backlog, agents, ofUnknownAgents, comparisons } = insights
  const { repeats, waiting, flow, slaHours } = insights
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
      volumes.map(({ by, name, complaints, share }) => [by, name, complaints, shareText(share)]),
      view,
    ),
    ...(days.length === 0 ? [] : [`opened from ${days[0]?.openedOn} to ${days.at(-1)?.openedOn}\n`]),
    renderTable(
      [{ title: `within ${slaHours} h` }, ...right('resolved', 'in time', 'missed', 'undecided', 'share')],
      service.map(({ channel, resolved, kept, missed, undecided, withinSla }) => {
        return [channel ?? 'all', resolved, kept, missed, undecided, shareText(withinSla)]
      }),
      view,
    ),
    renderTable(
      [
        { title: 'channel' },
        { title: 'category' },
        ...right('complaints', 'resolved', 'median', 'p90', `within ${slaHours} h`),
      ],
      resolution.map(({ channel, category, complaints, resolved, medianHours, p90Hours, withinSla }) => {
        return [
          channel,
          category,
          complaints,
          resolved,
          durationText(medianHours),
          durationText(p90Hours),
          shareText(withinSla),
        ]
      }),
      view,
    ),
    renderTable(
      [{ title: 'backlog' }, ...right('open', 'to 7 days', 'to 30', 'to 90', 'older')],
      backlog.map(({ category, open, ages }) => [category, open, ...ages]),
      view,
    ),
    `${load}\n${figure(complainers)} customers complained, ${figure(repeaters)} of them more than once; chance would make ${figure(Math.round(expectedRepeaters))}`,
    `${counted(waiting.customers, 'customer')} wait for longer than ${slaHours} hours, ${figure(waiting.again)} of them with several complaints`,
    flow.to === null
      ? ''
      : `in the ${flow.days} days up to ${flow.to} ${figure(flow.opened)} complaints came, and ${figure(flow.resolved)} were resolved\n`,
    comparisonsTable(comparisons, view),
  ].join('\n')
}

/** Prints the insights of a lake, and writes them as slides where a file is named. */
export async function complaintsInsights(values: InsightsValues, terminal: Terminal): Promise<ExitCode> {
  const { out, sla, deck, json } = values
  const slaHours = parseCount('--sla', sla)
  if (slaHours === 0) throw optionError('--sla', sla, 'at least 1 hour')
  if (deck !== undefined) deckFormat(deck)
  const effects = effectsOf(terminal)
  const { set, customers, commit } = await readComplaints({ out }, effects)
  const insights = complaintInsights(set, { slaHours, customers })
  if (deck !== undefined) {
    const { slides, madeAt } = await lakeSlides(out, insights, customers, effects)
    await writeDeck(deck, slides, madeAt)
    terminal.log('info', `wrote ${counted(slides.length, 'slide')} to ${printable(deck)}`)
  }
  const title = terminal.title(`${printable(out)}, version ${commit}: ${counted(insights.complaints, 'complaint')}`)
  await terminal.print(json ? renderJson({ commit, ...insights }) : terminal.fit(text(insights, title, terminal.view)))
  return EXIT.done
}
