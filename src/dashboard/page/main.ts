/**
 * The dashboard: starts the page, reads its data, and reads again when the data changes.
 * @module
 */

import { element } from '../../page/element.ts'
import { blankPage } from '../../page/empty.ts'
import { countText, dayText } from '../../page/figure-text.ts'
import { Store } from '../../page/store.ts'
import type { CallSet } from '../../systems/calls/figures/call-set.ts'
import { dayRange } from '../../systems/calls/figures/filter.ts'
import { callsPage } from '../../systems/calls/page/calls-page.ts'
import { type KnownManifest, loadCalls, loadManifest, watchManifest } from '../../systems/calls/page/load.ts'
import { monthsPage } from '../../systems/support/page/months-page.ts'
import { header } from './header.ts'
import { viewAddress } from './state.ts'

/** Milliseconds between two checks for new data. */
const LOOK_AGAIN = 5000

const NO_DATA = {
  title: 'No calls yet',
  text: 'There is no curated file here. Clean a call log, and this page fills by itself.',
  commands: ['support-etl calls generate', 'support-etl calls clean', 'support-etl dashboard'],
}

const store = new Store(viewAddress)
const top = header(store)
const calls = callsPage(store)
const months = monthsPage(store)
const stage = element('div', { class: 'stage' })
const content = element('main', { id: 'content', tabindex: -1 }, stage, months.element)
document.querySelector('#app')?.replaceChildren(top.element, content)

let about = ''
store.subscribe(({ page }) => {
  stage.hidden = page !== 'calls'
  months.element.hidden = page !== 'months'
  top.describe(page === 'calls' ? about : months.about())
})

function describe(set: CallSet, known: KnownManifest): string {
  if (set.rows === 0) return 'No calls'
  const [oldest, newest] = dayRange(set).map((day) => dayText(day * 86_400_000))
  return `${countText(set.rows)} calls, ${oldest} to ${newest}, days and hours in ${known.manifest.time_zone}`
}

async function show(): Promise<void> {
  const known = await loadManifest().catch(() => null)
  if (known === null) {
    stage.replaceChildren(blankPage(NO_DATA))
    return
  }
  const bar = element('progress', { max: 1, value: 0, 'aria-label': 'Reading the calls' })
  if (calls.element.parentNode === null) {
    stage.replaceChildren(
      element(
        'section',
        { class: 'blank' },
        element('h2', {}, `Reading ${countText(known.manifest.row_count)} calls`),
        bar,
      ),
    )
  }
  const set = await loadCalls((share) => {
    bar.value = share
  }).catch((error: Error) => error)
  if (set instanceof Error) {
    const action = { label: 'Try again', act: () => void show() }
    stage.replaceChildren(blankPage({ title: 'The calls could not be read', text: set.message, action }))
    return
  }
  about = describe(set, known)
  if (store.state.page === 'calls') top.describe(about)
  stage.replaceChildren(calls.element)
  calls.show(set)
  document.documentElement.setAttribute('data-ready', known.hash)
}

months.onReady(() => {
  if (store.state.page === 'months') top.describe(months.about())
})
const first = await loadManifest().catch(() => null)
await show()
watchManifest(first?.hash ?? null, LOOK_AGAIN, () => void show())
