/**
 * Members of a dimension as bars that are buttons: to compare, and to choose.
 * @module
 */
import { button, element, setProperty } from '../element.ts'

/** One bar. */
export interface MemberBar {
  /** What programs know it by. */
  readonly member: string
  readonly name: string
  readonly value: number
  readonly text: string
  readonly share: string
  /** Figures of the member in a line below; none where it is left out. */
  readonly detail?: string
  readonly isChosen: boolean
  /** Whether others are chosen and this one is not. */
  readonly isOff: boolean
}

/** Returns the first bars as items of a list; `choose` is called with the member of a bar. */
export function memberBars(bars: readonly MemberBar[], choose: (member: string) => void): HTMLElement[] {
  const most = Math.max(0, ...bars.map(({ value }) => value))
  return bars.map(({ member, name, value, text, share, detail, isChosen, isOff }) => {
    const fill = element('span', { class: 'fill' })
    setProperty(fill, '--share', most === 0 ? 0 : value / most)
    return element(
      'li',
      {},
      button(
        element(
          'span',
          { class: 'bar' },
          element('span', { class: 'name' }, name),
          element('span', { class: 'count' }, text),
          element('span', { class: 'share' }, share),
          element('span', { class: 'track', 'aria-hidden': 'true' }, fill),
          detail !== undefined && element('span', { class: 'detail' }, detail),
        ),
        {
          class: isOff ? 'is-off' : '',
          'aria-pressed': String(isChosen),
          'data-member': member,
          'data-value': value,
        },
        () => choose(member),
      ),
    )
  })
}

/** Puts bars into a list; the bar that had the focus keeps it, though it is made anew. */
export function replaceBars(list: HTMLElement, bars: readonly HTMLElement[]): void {
  const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-member') : null
  list.replaceChildren(...bars)
  if (focused === null || focused === undefined) return
  for (const one of list.querySelectorAll('button')) if (one.getAttribute('data-member') === focused) one.focus()
}
