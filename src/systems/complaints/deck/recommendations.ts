/**
 * What to do about complaints, each sentence with the figure that it rests on.
 * @module
 */
import type { Comparison } from '../figures/comparison.ts'
import type { ComplaintInsights } from '../figures/insights.ts'
import { effectText } from '../figures/words.ts'

/** One recommendation. */
export interface Recommendation {
  readonly about: 'customers at risk' | 'categories' | 'staffing' | 'agents'
  readonly text: string
}

const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const number = (value: number): string => count.format(value)
const people = (value: number): string => `${number(value)} ${value === 1 ? 'customer' : 'customers'}`
const oneDecimal = (value: number): string => value.toFixed(1)

/** Those of some questions that show a difference. */
function different({ comparisons }: ComplaintInsights, names: readonly string[]): Comparison[] {
  return comparisons.filter(({ name, verdict }) => names.includes(name) && verdict === 'different')
}

function atRisk({ waiting, slaHours, repeats }: ComplaintInsights): string {
  if (waiting.customers === 0) return `No customer has waited for longer than ${slaHours} hours. Keep it that way.`
  const again =
    waiting.again === 0
      ? 'None of them has several open complaints.'
      : `${number(waiting.again)} of them have several open complaints: call these first, and give each one person to talk to.`
  return `${number(waiting.customers)} of the ${people(repeats.complainers)} who complained ${waiting.customers === 1 ? 'has' : 'have'} waited for longer than ${slaHours} hours. ${again}`
}

function categories(insights: ComplaintInsights): string {
  const found = different(insights, [
    ...['resolution_time_by_category', 'sla_by_category'],
    ...['backlog_age_by_category', 'status_by_category'],
  ])
  if (found.length === 0) {
    return 'No category stands out: what differs between them is within chance. Shorten the path of every complaint rather than that of one category.'
  }
  const oldest = insights.backlog.toSorted((a, b) => b.ages[3] - a.ages[3])[0]
  const effects = found.map((one) => `${one.name.replaceAll('_', ' ')} ${effectText(one)}`).join(', ')
  return `Categories differ by more than chance (${effects}). Begin with ${oldest?.category}: ${number(oldest?.ages[3] ?? 0)} of its complaints are open for more than 90 days.`
}

function staffing({ flow, backlog }: ComplaintInsights): string {
  const { days, to, opened, resolved } = flow
  if (to === null) return 'No complaint has come yet.'
  const open = backlog.reduce((sum, one) => sum + one.open, 0)
  const came = `In the ${days} days up to ${to} ${number(opened)} complaints came and ${number(resolved)} were resolved`
  if (resolved >= opened) {
    const spare = (resolved - opened) / days
    const until = spare > 0 ? ` At this rate the ${number(open)} open ones last for ${number(open / spare)} days.` : ''
    return `${came}: the team keeps up.${until}`
  }
  const factor =
    resolved === 0 ? '' : ` To keep up, ${oneDecimal(opened / resolved)} times as many have to be resolved.`
  return `${came}: the ${number(open)} open ones grow by ${oneDecimal((opened - resolved) / days)} a day.${factor}`
}

function agents(insights: ComplaintInsights): string {
  const { agents: all, ofUnknownAgents } = insights
  const [busiest, idlest] = [all[0], all.at(-1)]
  if (busiest === undefined || idlest === undefined) return 'No complaint names an agent: have each one assigned.'
  const unknown =
    ofUnknownAgents === 0
      ? ''
      : ` ${number(ofUnknownAgents)} complaints have no agent of the sheet: have them assigned.`
  const found = different(insights, ['complaints_by_agent', 'resolved_by_agent'])
  const range = `from ${number(idlest.complaints)} to ${number(busiest.complaints)} complaints each`
  return found.length === 0
    ? `The load of the ${number(all.length)} agents (${range}) and what they resolve are as even as chance makes them: train and hire for all, and single nobody out.${unknown}`
    : `Agents differ by more than chance (${range}): level the load before hiring.${unknown}`
}

/** Returns the recommendations on retention. */
export function recommendations(insights: ComplaintInsights): Recommendation[] {
  return [
    { about: 'customers at risk', text: atRisk(insights) },
    { about: 'categories', text: categories(insights) },
    { about: 'staffing', text: staffing(insights) },
    { about: 'agents', text: agents(insights) },
  ]
}
