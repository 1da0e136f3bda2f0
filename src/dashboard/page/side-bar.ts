/**
 * The side bar: links to every page. It folds; on a phone it is a bar with a menu.
 * @module
 */
import type { Page } from '../../page/define-page.ts'
import { button, element, svgElement } from '../../page/element.ts'
import { siteLink } from '../../page/site/site.ts'
import { forgetSiteKey, onSiteKey } from '../../page/site/site-key.ts'
import { keep, recall, themeButton } from './theme.ts'

const FOLD_KEY = 'support-etl-side-bar'
const HOME_ICON = 'M4 11 12 4l8 7v9h-5v-6H9v6H4Z'
const FOLD_ICON = 'M4 6h16M4 12h16M4 18h16'
/** As in the styles: below it the links stand above the page and are folded at first. */
const PHONE = '(max-width: 860px)'

function icon(path: string): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' },
    svgElement('path', { d: path }),
  )
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

/** Returns the button that forgets the reader's key, and with it everything that the page read. It is there while there is a key. */
function forgetButton(): HTMLElement {
  const forget = button('Forget the key', { class: 'quiet' }, () => {
    forgetSiteKey()
    location.reload()
  })
  onSiteKey((hasKey) => {
    forget.hidden = !hasKey
  })
  return forget
}

export interface SideBar {
  readonly element: HTMLElement
  /** Marks the page that is shown, by its route. */
  mark(route: string): void
  /** Sets where a page's link leads: to the state in which it was left. */
  link(route: string, address: string): void
}

/** Returns the side bar of these pages. */
export function sideBar(pages: readonly Page[]): SideBar {
  const links = new Map<string, HTMLAnchorElement>()
  const entry = (route: string, title: string, path: string) => {
    const link = element(
      'a',
      { href: siteLink({ route }), title },
      icon(path),
      element('span', { class: 'name' }, title),
    )
    links.set(route, link)
    return element('li', {}, link)
  }
  const list = element(
    'ul',
    { id: 'pages' },
    entry('', 'Home', HOME_ICON),
    ...pages.map((page) => entry(page.route, page.title, page.icon)),
  )
  const fold = button(
    element('span', {}, icon(FOLD_ICON), element('span', { class: 'unseen' }, 'Menu')),
    { class: 'fold', 'aria-controls': 'pages', title: 'Fold or unfold the menu' },
    () => set(!isFolded, 'keep'),
  )
  const bar = element(
    'nav',
    { class: 'side', 'aria-label': 'Pages' },
    element(
      'div',
      { class: 'side-head' },
      element(
        'a',
        { class: 'brand', href: siteLink({}), title: 'Support analytics' },
        mark(),
        element('span', { class: 'name' }, 'Support analytics'),
      ),
      fold,
    ),
    list,
    element('div', { class: 'side-foot' }, forgetButton(), themeButton()),
  )
  const phone = matchMedia(PHONE)
  let isFolded = false
  const set = (next: boolean, how: 'keep' | 'once') => {
    isFolded = next
    bar.classList.toggle('is-folded', next)
    fold.setAttribute('aria-expanded', String(!next))
    if (how === 'keep' && !phone.matches) keep(FOLD_KEY, next ? 'folded' : 'open')
  }
  const first = () => set(phone.matches || recall(FOLD_KEY) === 'folded', 'once')
  first()
  phone.addEventListener('change', first)
  return {
    element: bar,
    mark(route) {
      for (const [other, link] of links) {
        if (other === route) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
      if (phone.matches) set(true, 'once')
    },
    link(route, address) {
      links.get(route)?.setAttribute('href', address)
    },
  }
}
