/**
 * The pages of the systems, collected by the bundler, and those of the shell itself.
 * @module
 */
import type { Page } from '../../page/define-page.ts'
import { page as dataPage } from './data/index.ts'

/** The pages in the order of their titles. What they load and show is their own affair, so that their types are not known here. */
export const SYSTEM_PAGES: readonly Page[] = Object.values(
  import.meta.glob<Page>('../../systems/*/page/index.ts', { eager: true, import: 'page' }),
).sort((a, b) => (a.title < b.title ? -1 : 1))

/** Every page that has a route. */
export const PAGES: readonly Page[] = [...SYSTEM_PAGES, dataPage as Page]
