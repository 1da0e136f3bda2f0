/**
 * What this browser remembers of the shell: its appearance, and whether the side bar is folded.
 * @module
 */
import { button } from '../../page/element.ts'

const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]
const THEME_KEY = 'support-etl-theme'

/** Returns what was kept under a key; null where nothing was, or where the browser refuses storage. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** Keeps a text; where the browser refuses storage it lasts as long as the page. */
export function keep(key: string, text: string): void {
  try {
    localStorage.setItem(key, text)
  } catch {
    // then the choice lasts as long as the page
  }
}

/** Returns the button that turns from the system's appearance to light, and to dark. */
export function themeButton(): HTMLElement {
  let theme: Theme = THEMES.find((known) => known === recall(THEME_KEY)) ?? 'auto'
  const label = () => `Appearance: ${theme}`
  const apply = () => document.documentElement.setAttribute('data-theme', theme)
  apply()
  const toggle = button(label(), { class: 'quiet' }, () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
    apply()
    keep(THEME_KEY, theme)
    toggle.textContent = label()
  })
  return toggle
}
