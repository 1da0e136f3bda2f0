/**
 * The shell of all pages: shows the page that the address names, loads it on its first visit, and reads its data again when it
 * has changed.
 * @module
 */

import { hideTip } from '../../page/charts/tip.ts'
import type { MountedPage, Page, Told } from '../../page/define-page.ts'
import { element } from '../../page/element.ts'
import { type Blank, blankPage } from '../../page/empty.ts'
import { isWritten, readSite, type SiteAddress, siteLink, writeSite } from '../../page/site/site.ts'
import { setSiteKey, siteKey } from '../../page/site/site-key.ts'
import { KeyRefused, readTag, watchTag } from '../../page/site/watch.ts'
import { Store } from '../../page/store.ts'
import { head } from './head.ts'
import { type KeyForm, keyForm } from './key-form.ts'
import { sideBar } from './side-bar.ts'

/** Milliseconds between two looks for new data. */
const LOOK_AGAIN = 5000

/** A page that was visited. */
interface Visited {
  readonly page: Page
  readonly store: Store<unknown>
  /** What it shows: itself, or why there is nothing to show. */
  readonly stage: HTMLElement
  mounted: MountedPage<unknown> | null
  /** What it said of the data that it shows; null while it shows none. */
  told: Told | null
  /** The tag of what it shows. */
  shown: string | null
  /** The tag that is being read, so that a slow answer does not replace a later one. */
  wanted: string | null
  /** Asks for a key; null while none is needed. */
  form: KeyForm | null
}

const NOWHERE: Blank = {
  title: 'There is no such page',
  text: 'The address names none of the pages. It may have been cut, or come from another version.',
}

/** Starts the shell with these pages; those that are `listed` stand in the navigation. */
export function startShell(home: Page, pages: readonly Page[], root: Element): void {
  const top = head()
  const side = sideBar(pages)
  const content = element('main', { id: 'content', tabindex: -1 })
  root.replaceChildren(side.element, element('div', { class: 'column' }, top.element, content))

  const visited = new Map<string, Visited>()
  let current: Visited | null = null

  const visit = (page: Page): Visited => {
    const known = visited.get(page.route)
    if (known !== undefined) return known
    const { route } = page
    const store: Store<unknown> = new Store(page.state, ({ path, query }, how) => {
      writeSite({ route, path, query }, how)
      side.link(route, siteLink({ route, ...store.address }))
    })
    const made: Visited = {
      page,
      store,
      stage: element('div', { class: 'stage' }),
      mounted: null,
      told: null,
      shown: null,
      wanted: null,
      form: null,
    }
    visited.set(route, made)
    content.append(made.stage)
    return made
  }

  const showBlank = (one: Visited, blank: Blank, tag: string | null) => {
    one.form = null
    one.told = null
    one.shown = tag
    one.stage.replaceChildren(blankPage(blank))
    if (one === current) top.tell(null, '')
  }

  const tell = (one: Visited, told: Told | null) => {
    one.told = told
    if (one !== current) return
    top.tell(one.told, one.page.route)
    document.documentElement.setAttribute('data-ready', one.page.id)
  }

  /** Asks for a key in place of the data; where a key was refused, the form says so. */
  const askForKey = (one: Visited, { problem }: KeyRefused) => {
    if (one.form === null) {
      one.form = keyForm((key, life) => {
        setSiteKey(key, life)
        void look(one)
      })
      one.stage.replaceChildren(one.form.element)
    }
    one.told = null
    one.shown = null
    one.wanted = null
    if (one === current) top.tell(null, '')
    if (siteKey() !== null) one.form.refuse(problem)
  }

  const showFailure = (one: Visited, error: unknown) => {
    if (error instanceof KeyRefused) return askForKey(one, error)
    const text = error instanceof Error ? error.message : String(error)
    const action = { label: 'Try again', act: () => void look(one) }
    showBlank(one, { title: 'The data could not be read', text, action }, null)
  }

  const read = async (one: Visited, tag: string): Promise<void> => {
    const { page, stage } = one
    one.wanted = tag
    one.form = null
    const bar = element('progress', { max: 1, value: 0, 'aria-label': `Reading: ${page.title}` })
    if (one.mounted === null || one.mounted.element.parentNode !== stage) {
      stage.replaceChildren(element('section', { class: 'blank' }, element('p', {}, 'Reading the data'), bar))
    }
    try {
      // its code and its data at once
      const [mounted, data] = await Promise.all([
        one.mounted ?? page.mount({ store: one.store, tell: (told) => tell(one, told) }),
        page.load((share) => {
          bar.value = share
        }),
      ])
      // a later version was asked for meanwhile
      if (one.wanted !== tag) return
      one.mounted ??= mounted
      if (data === null) {
        showBlank(one, page.empty, tag)
        return
      }
      stage.replaceChildren(one.mounted.element)
      const told = await one.mounted.show(data)
      if (one.wanted !== tag) return
      one.shown = tag
      tell(one, told)
    } catch (error) {
      if (one.wanted === tag) showFailure(one, error)
    }
  }

  const look = async (one: Visited): Promise<void> => {
    try {
      const tag = await readTag(one.page.versions)
      if (one.told !== null && tag === one.shown) tell(one, one.told)
      else await read(one, tag)
    } catch (error) {
      // what is shown may be old, and is more than nothing; but it is not for a reader without a key
      if (one.told !== null && !(error instanceof KeyRefused)) tell(one, one.told)
      else showFailure(one, error)
    }
  }

  const go = (address: SiteAddress) => {
    hideTip()
    document.documentElement.removeAttribute('data-ready')
    const page = address.route === '' ? home : pages.find(({ route }) => route === address.route)
    for (const { stage } of visited.values()) stage.hidden = true
    content.querySelector(':scope > .blank')?.remove()
    side.mark(address.route)
    if (page === undefined) {
      current = null
      top.title('Not found', [])
      content.append(blankPage({ ...NOWHERE, link: { label: 'Home', address: siteLink({}) } }))
      return
    }
    const one = visit(page)
    current = one
    one.stage.hidden = false
    top.title(page.title, page.help)
    one.store.read(address)
    side.link(page.route, siteLink({ route: page.route, ...one.store.address }))
    void look(one)
  }

  const follow = () => {
    const address = readSite()
    // an address of an earlier version is written as it is now
    if (!isWritten(address)) writeSite(address, 'stay')
    go(address)
  }
  addEventListener('popstate', follow)
  root.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const { metaKey, ctrlKey, shiftKey, altKey, button } = event as MouseEvent
    if (link === null || metaKey || ctrlKey || shiftKey || altKey || button !== 0) return
    if (link.origin !== location.origin || link.download !== '' || link.classList.contains('skip')) return
    event.preventDefault()
    history.pushState(null, '', link.href)
    follow()
    content.focus({ preventScroll: true })
    scrollTo(0, 0)
  })
  watchTag(
    () => current?.page.versions ?? [],
    () => current?.wanted ?? null,
    LOOK_AGAIN,
    (tag) => {
      if (current !== null) void read(current, tag)
    },
    (error) => {
      // while the form is there, the reader may be typing
      if (current !== null && current.form === null && error instanceof KeyRefused) askForKey(current, error)
    },
  )
  follow()
}
