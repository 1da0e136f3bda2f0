/**
 * The dashboard: the shell with all pages.
 * @module
 */
import { homePage } from './home/index.ts'
import { PAGES, SYSTEM_PAGES } from './pages.ts'
import { startShell } from './shell.ts'

const root = document.querySelector('#app')
if (root !== null) startShell(homePage(SYSTEM_PAGES), PAGES, root)
