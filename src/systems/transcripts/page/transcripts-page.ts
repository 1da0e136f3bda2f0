/**
 * The transcripts page: key figures, agents, days, products, and calls to read with the evidence marked.
 * @module
 */

import { card } from '../../../page/card.ts'
import { bars } from '../../../page/charts/bars.ts'
import type { MountedPage, Told } from '../../../page/define-page.ts'
import { button, element } from '../../../page/element.ts'
import { nothingHere } from '../../../page/empty.ts'
import { figureTable } from '../../../page/figure-table.ts'
import { countText } from '../../../page/figure-text.ts'
import { keyFigures } from '../../../page/key-figures.ts'
import type { PageStore } from '../../../page/store.ts'
import { callReader } from './call-reader.ts'
import { agentScatter, dailyTrend } from './charts.ts'
import type { AgentRow, ShownCall, TranscriptsSnapshot } from './snapshot.ts'
import type { TranscriptsState } from './state.ts'
import { dollarText, MOODS, rateText, secondsText, wholeDollarText } from './words.ts'

/** Agents and products that a card has room for as bars, and calls in the list. */
const MOST = 6
const LISTED = 40

function overviewFigures({ overview }: TranscriptsSnapshot): HTMLElement {
  const { upsell_revenue, conversion_rate, conversions, calls, moods } = overview
  const count = (name: string, title: string, value: number) => ({ name, title, text: countText(value), value })
  return keyFigures([
    {
      name: 'upsell_revenue',
      title: 'Upsell revenue',
      text: wholeDollarText(upsell_revenue),
      value: upsell_revenue,
    },
    { name: 'conversion_rate', title: 'Conversion rate', text: rateText(conversion_rate), value: conversion_rate },
    count('conversions', 'Conversions', conversions),
    count('calls', 'Calls', calls),
    count('positive', 'Positive calls', moods.positive),
    count('neutral', 'Neutral calls', moods.neutral),
    count('negative', 'Negative calls', moods.negative),
  ])
}

function leaderboard({ agents }: TranscriptsSnapshot): HTMLElement {
  const best = agents.toSorted((a, b) => b.total_upsell_amount - a.total_upsell_amount)
  return card(
    { title: 'Upsell leaderboard', note: 'Upsell revenue by agent.' },
    bars(
      best.map(({ agent_name: name, total_upsell_amount: value }, at) => {
        return { name, value, text: dollarText(value), isFirst: at === 0 }
      }),
      MOST,
    ),
  )
}

function products({ products: sold }: TranscriptsSnapshot): HTMLElement {
  return card(
    {
      title: 'Revenue by product',
      note: 'Accepted offers with a known price.',
    },
    sold.length === 0
      ? nothingHere('No product was offered.')
      : bars(
          sold.map(({ product: name, revenue: value, accepted, offers }, at) => {
            const text = `${dollarText(value)}, ${countText(accepted)} of ${countText(offers)} offers`
            return { name, value, text, isFirst: at === 0 }
          }),
          MOST,
        ),
  )
}

function moods(agents: readonly AgentRow[], choose: (agent: string) => void): HTMLElement {
  const titles = ['Agent', 'Calls', 'Positive', 'Negative', 'Conversions', 'Conversion rate', 'Upsell revenue']
  const rows = agents.map((row) => [
    button(row.agent_name, { class: 'link' }, () => choose(row.agent_name)),
    countText(row.total_calls),
    rateText(row.positive_sentiment_pct),
    rateText(row.negative_sentiment_pct),
    countText(row.total_conversions),
    rateText(row.conversion_rate),
    dollarText(row.total_upsell_amount),
  ])
  return card(
    {
      title: 'Mood by agent',
      class: 'wide',
      note: 'The share of calls whose customer sounds so. A name shows its calls.',
    },
    figureTable('Agents with moods and sales', titles, rows, 1),
  )
}

function durations({ durations: all }: TranscriptsSnapshot): HTMLElement {
  const rows = all.map((row) => [
    row.outcome,
    countText(row.calls),
    secondsText(row.median_seconds),
    secondsText(row.p90_seconds),
  ])
  return card(
    { title: 'Duration by outcome', class: 'wide', note: 'By the number of words: transcripts hold no times.' },
    figureTable('Durations by outcome', ['Outcome', 'Calls', 'Median', 'Nine of ten below'], rows, 1),
  )
}

function callList(
  calls: readonly ShownCall[],
  readable: number,
  { agent, day }: TranscriptsState,
  read: ShownCall | null,
  store: PageStore<TranscriptsState>,
): HTMLElement {
  const rows = calls
    .slice(0, LISTED)
    .map((call) => [
      button(call.call_id, { class: 'link', 'aria-current': call === read && 'true', 'data-call': call.call_id }, () =>
        store.change({ call: call.call_id }),
      ),
      call.agent_name,
      call.day,
      call.is_conversion ? 'yes' : 'no',
      MOODS[call.mood],
      dollarText(call.upsell_amount),
    ])
  const of = [agent, day].filter((one) => one !== null).join(', ')
  const newest = readable === 1 ? 'The newest call' : `The newest ${countText(readable)} calls`
  const chosen = of === '' ? newest : `${countText(calls.length)} of the newest ${countText(readable)} calls, of ${of}`
  const rest = calls.length > LISTED ? `; the first ${LISTED} are listed` : ''
  return card(
    {
      title: 'Calls',
      class: 'calls',
      note: `${chosen}${rest}. Choose one to read it.`,
      tools:
        of === ''
          ? []
          : [button('All calls', { class: 'quiet' }, () => store.change({ agent: null, day: null, call: null }))],
    },
    figureTable('Newest calls', ['Call', 'Agent', 'Day', 'Conversion', 'Mood', 'Upsells'], rows, 5),
  )
}

/** What the snapshot is, for the head of the page. */
function tell({ commit, committed_at, time_zone, profile, quarantined }: TranscriptsSnapshot): Told {
  const waiting = `${countText(quarantined)} ${quarantined === 1 ? 'call' : 'calls'} in quarantine`
  return {
    about: `Days of ${time_zone}, rules of the profile ${profile}`,
    asOf: committed_at,
    quality: [{ text: `commit ${commit}` }, ...(quarantined > 0 ? [{ text: waiting, isWarning: true }] : [])],
  }
}

/** Returns the page; it follows the store. */
export function transcriptsPage(store: PageStore<TranscriptsState>): MountedPage<TranscriptsSnapshot> {
  const outer = element('div', { class: 'transcripts-page' })
  const scatter = agentScatter((agent) => store.change({ agent, call: null }))
  const trend = dailyTrend((day) => store.change({ day, call: null }))
  const calls = element('div', { class: 'grid reading' })
  let snapshot: TranscriptsSnapshot | null = null

  const update = (state: TranscriptsState) => {
    if (snapshot === null) return
    const { agent, day } = state
    const focused = document.activeElement?.getAttribute('data-call') ?? null
    const { scrollTop = 0 } = calls.querySelector('.calls .scroll') ?? {}
    const found = snapshot.calls.filter(
      (call) => (agent === null || call.agent_name === agent) && (day === null || call.day === day),
    )
    const named = snapshot.calls.find(({ call_id }) => call_id === state.call)
    const read = named ?? found[0] ?? null
    const reader =
      state.call !== null && named === undefined
        ? nothingHere(`${state.call} is not among the newest calls, which this page can show.`)
        : read === null
          ? nothingHere('None of the newest calls is of them.')
          : callReader(read)
    calls.replaceChildren(callList(found, snapshot.calls.length, state, read, store), reader)
    scatter.draw(snapshot.agents, agent)
    trend.draw(snapshot.days, day)
    // the list was made anew: what had the focus keeps it, where it was
    const list = calls.querySelector('.calls .scroll')
    const again = focused === null ? null : list?.querySelector<HTMLElement>(`[data-call="${CSS.escape(focused)}"]`)
    if (list === null || !again) return
    list.scrollTop = scrollTop
    again.focus({ preventScroll: true })
  }
  store.subscribe(update)
  return {
    element: outer,
    show(next) {
      snapshot = next
      outer.replaceChildren(
        overviewFigures(next),
        element(
          'div',
          { class: 'grid' },
          ...[leaderboard(next), scatter.element, trend.element, products(next)],
          moods(next.agents, (agent) => store.change({ agent, call: null })),
          durations(next),
        ),
        calls,
      )
      update(store.state)
      return tell(next)
    },
  }
}
