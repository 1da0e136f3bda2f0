/**
 * The home page: which systems have data, their newest figures, and how to get data for the others.
 * @module
 */
import { definePage, type Page } from '../../../page/define-page.ts'
import { PLACES } from '../../../page/places.ts'
import { readVersion } from '../../../page/site/watch.ts'
import type { HomeData, SystemGlance } from './home-data.ts'

async function glanceOf(page: Page): Promise<SystemGlance> {
  const content = page.glance === undefined ? null : ((await readVersion(page.glance.file))?.content ?? null)
  return { page, glances: content === null ? null : (page.glance?.read(content) ?? null) }
}

async function load(pages: readonly Page[]): Promise<HomeData> {
  const [places, systems] = await Promise.all([readVersion(PLACES), Promise.all(pages.map(glanceOf))])
  // written by this package, beside this page
  return { systems, places: (places?.content ?? []) as HomeData['places'] }
}

/** Returns the home page of these systems. */
export function homePage(pages: readonly Page[]): Page {
  const page: Page<Record<never, never>, HomeData> = definePage({
    id: 'home',
    title: 'Home',
    summary: '',
    route: '',
    icon: '',
    versions: [...pages.flatMap(({ versions }) => versions), PLACES],
    empty: { title: '', text: '' },
    help: [],
    load: () => load(pages),
    state: { fromQuery: () => ({ state: {}, problem: null }), toQuery: () => '' },
    mount: async () => (await import('./home-view.ts')).homeView(),
  })
  // what it loads is shown by itself alone
  return page as Page
}
