/**
 * The head of the page that is shown: its title, how old its data is, what is to be known of it, and what its figures mean.
 * @module
 */
import type { Definition, Told } from '../../page/define-page.ts'
import { button, element } from '../../page/element.ts'
import { siteLink } from '../../page/site/site.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago something was, in its largest unit: `3 hours old`. */
export function ageText(milliseconds: number): string {
  const old = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'} old`
  if (milliseconds < MINUTE) return 'new'
  if (milliseconds < HOUR) return old(Math.floor(milliseconds / MINUTE), 'minute')
  if (milliseconds < DAY) return old(Math.floor(milliseconds / HOUR), 'hour')
  return old(Math.floor(milliseconds / DAY), 'day')
}

/** An instant as the reader's own clock shows it. */
const clockText = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

export interface Head {
  readonly element: HTMLElement
  /** Heads another page: nothing is known of its data yet. */
  title(title: string, help: readonly Definition[]): void
  /** Says what the data is; `route` is the page that notes lead to. Null where there is none. */
  tell(told: Told | null, route: string): void
}

/** Returns the head. */
export function head(): Head {
  const heading = element('h1', { tabindex: -1 })
  const about = element('p', { class: 'about', role: 'status' })
  const age = element('p', { class: 'age' })
  const notes = element('ul', { class: 'quality', 'aria-label': 'About the data' })
  const terms = element('dl', { class: 'terms' })
  const panel = element(
    'dialog',
    { class: 'help', 'aria-labelledby': 'help-title' },
    element('h2', { id: 'help-title' }, 'What the figures mean'),
    terms,
    button('Close', { class: 'quiet' }, () => panel.close()),
  )
  const ask = button('What the figures mean', { class: 'quiet', 'aria-haspopup': 'dialog' }, () => panel.showModal())
  const paper = button('Print', { class: 'quiet' }, () => print())
  let asOf: string | null = null
  const tellAge = () => {
    const made = asOf === null ? Number.NaN : Date.parse(asOf)
    age.hidden = Number.isNaN(made)
    if (!age.hidden) age.textContent = `as of ${clockText.format(made)}, ${ageText(Date.now() - made)}`
  }
  setInterval(tellAge, MINUTE)
  // a click beside the panel closes it
  panel.addEventListener('click', ({ target }) => {
    if (target === panel) panel.close()
  })
  return {
    element: element(
      'header',
      { class: 'top' },
      element('div', { class: 'titles' }, heading, about, age),
      element('div', { class: 'top-tools' }, ask, paper),
      notes,
      panel,
    ),
    title(title, help) {
      heading.textContent = title
      document.title = `${title} – Support analytics`
      terms.replaceChildren(...help.flatMap(({ term, text }) => [element('dt', {}, term), element('dd', {}, text)]))
      ask.hidden = help.length === 0
      this.tell(null, '')
    },
    tell(told, route) {
      about.textContent = told?.about ?? ''
      asOf = told?.asOf ?? null
      tellAge()
      notes.hidden = told === null || told.quality.length === 0
      notes.replaceChildren(
        ...(told?.quality ?? []).map(({ text, query, isWarning }) =>
          element(
            'li',
            { class: isWarning ? 'is-warning' : '' },
            query === undefined ? text : element('a', { href: siteLink({ route, query }) }, text),
          ),
        ),
      )
    },
  }
}
