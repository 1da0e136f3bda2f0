/**
 * The header of every page: the tabs, what the data is, and the colour theme.
 * @module
 */
import { button, element, svgElement } from '../../page/element.ts'
import type { PageStore } from '../../page/store.ts'
import type { ViewState } from './state.ts'

const PAGES = { calls: 'Calls', months: 'Monthly report' } as const
const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]
const THEME_KEY = 'support-etl-theme'

function knownTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(THEME_KEY)) ?? 'auto'
  } catch {
    // a browser may refuse storage
    return 'auto'
  }
}

function applyTheme(theme: Theme): void {
  document.documentElement.setAttribute('data-theme', theme)
  try {
    localStorage.setItem(THEME_KEY, theme)
  } catch {
    // then the choice lasts as long as the page
  }
}

function themeButton(): HTMLElement {
  let theme = knownTheme()
  applyTheme(theme)
  const label = () => `Appearance: ${theme}`
  const toggle = button(label(), { class: 'quiet theme' }, () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
    applyTheme(theme)
    toggle.textContent = label()
  })
  return toggle
}

function mark(): SVGElement {
  const bar = (x: number, y: number) => svgElement('rect', { x, y, width: 4, height: 25 - y, rx: 1.5 })
  return svgElement(
    'svg',
    { viewBox: '0 0 32 32', class: 'mark', 'aria-hidden': 'true' },
    bar(7, 17),
    bar(14, 11),
    bar(21, 7),
  )
}

export interface Header {
  readonly element: HTMLElement
  /** Describes the data: rows, last day, zone. */
  describe(text: string): void
}

/** Returns the head; its tabs change the store. */
export function header(store: PageStore<ViewState>): Header {
  const tabs = (Object.keys(PAGES) as ViewState['page'][]).map((page) => ({
    page,
    tab: button(PAGES[page], {}, () => store.change({ page })),
  }))
  const description = element('p', { class: 'about', role: 'status' })
  store.subscribe(({ page }) => {
    for (const { page: other, tab } of tabs) {
      if (other === page) tab.setAttribute('aria-current', 'page')
      else tab.removeAttribute('aria-current')
    }
    document.title = `${PAGES[page]} – Support analytics`
  })
  return {
    element: element(
      'header',
      { class: 'top' },
      element('p', { class: 'brand' }, mark(), 'Support analytics'),
      element('nav', { 'aria-label': 'Pages' }, ...tabs.map(({ tab }) => tab)),
      description,
      themeButton(),
    ),
    describe(text) {
      description.textContent = text
    },
  }
}
