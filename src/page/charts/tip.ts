/**
 * One note beside the pointer, shared by all drawings.
 * @module
 */
import { element, setProperty } from '../element.ts'

/** The text of a note: a heading, and lines of a name and a figure. */
export interface TipText {
  readonly title: string
  readonly lines: readonly (readonly [name: string, figure: string])[]
}

const GAP = 14

let note: HTMLElement | null = null

function theNote(): HTMLElement {
  if (note === null) {
    note = element('div', { class: 'tip', 'aria-hidden': 'true' })
    document.body.append(note)
  }
  return note
}

/** Shows the note beside a point of the window, above or below it, within the window. */
export function showTip({ title, lines }: TipText, x: number, y: number, side: 'above' | 'below' = 'above'): void {
  const tip = theNote()
  tip.replaceChildren(
    element('strong', {}, title),
    ...lines.map(([name, figure]) => element('span', {}, element('span', {}, name), element('b', {}, figure))),
  )
  tip.classList.add('is-shown')
  const { offsetWidth, offsetHeight } = tip
  const left = x + GAP + offsetWidth > innerWidth ? x - GAP - offsetWidth : x + GAP
  const wanted = side === 'above' ? y - offsetHeight - 8 : y + 8
  const top = Math.min(Math.max(8, wanted), innerHeight - offsetHeight - 8)
  setProperty(tip, 'transform', `translate(${Math.max(8, left)}px, ${top}px)`)
}

export function hideTip(): void {
  note?.classList.remove('is-shown')
}
