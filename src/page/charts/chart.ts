/**
 * An interactive drawing: its parts can be hovered, picked, dragged over and reached by keyboard.
 * @module
 */
import { append, element, svgElement } from '../element.ts'
import { hideTip, showTip, type TipText } from './tip.ts'

/** A part of a drawing. */
export interface Target {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** What a screen reader says. */
  readonly label: string
  readonly tip: TipText
  readonly isSelected: boolean
}

export interface ChartOptions {
  readonly label: string
  /** Parts per row; without it all parts form one row. */
  readonly columns?: number
  /** Called with one part, or with the first and last part of a range. */
  readonly onPick: (first: number, last: number) => void
  readonly onClear: () => void
}

let charts = 0

export class Chart {
  /** Keeps the focus while its content is redrawn. */
  readonly element: HTMLElement
  readonly #options: ChartOptions
  readonly #id = `chart-${++charts}`
  #targets: readonly Target[] = []
  #parts: SVGRectElement[] = []
  #active = -1
  /** Where a drag or a Shift selection began; −1 when none is active. */
  #anchor = -1
  #isDragging = false

  constructor(options: ChartOptions) {
    this.#options = options
    this.element = element('div', {
      class: 'chart',
      role: 'listbox',
      tabindex: 0,
      'aria-label': options.label,
      'aria-multiselectable': 'true',
      onkeydown: (event: KeyboardEvent) => this.#key(event),
      onfocus: () => this.#point(Math.max(0, this.#active)),
      onblur: () => this.#leave(),
      onpointerleave: (event: PointerEvent) => this.#exit(event),
      onpointermove: (event: PointerEvent) => this.#hover(event),
      onpointerdown: (event: PointerEvent) => this.#press(event),
      onpointerup: (event: PointerEvent) => this.#release(event),
      onpointercancel: () => this.#end(),
    })
  }

  /** Shows a new drawing with its parts. */
  draw(drawing: SVGSVGElement | HTMLElement, targets: readonly Target[]): void {
    const svg = drawing instanceof SVGSVGElement ? drawing : drawing.querySelector('svg')
    this.#targets = targets
    if (this.#active >= targets.length) this.#active = -1
    this.#parts = targets.map((target, index) => {
      const { x, y, width, height, label, isSelected } = target
      return svgElement('rect', {
        class: 'part',
        id: `${this.#id}-${index}`,
        role: 'option',
        'aria-label': label,
        'aria-selected': String(isSelected),
        x,
        y,
        width: Math.max(0, width),
        height: Math.max(0, height),
        'data-index': index,
      })
    })
    svg?.setAttribute('role', 'presentation')
    // a list holds options alone: what else is drawn stands in their labels
    for (const child of svg?.children ?? []) child.setAttribute('aria-hidden', 'true')
    this.element.setAttribute('role', 'listbox')
    if (svg) append(svg, svgElement('g', { class: 'parts', role: 'presentation' }, ...this.#parts))
    this.element.replaceChildren(drawing)
    if (this.#active >= 0 && document.activeElement === this.element) this.#mark(this.#active)
  }

  /** Shows something else instead, such as why there is nothing to draw. */
  show(instead: HTMLElement): void {
    this.#targets = []
    this.#parts = []
    // a list without options is none
    this.element.setAttribute('role', 'group')
    this.element.replaceChildren(instead)
  }

  #indexAt(event: PointerEvent): number {
    const part = event.target instanceof Element ? event.target.closest('.part') : null
    return part === null ? -1 : Number(part.getAttribute('data-index'))
  }

  /** A drag goes on while the button is held: it may leave the drawing and come back, as when the page scrolls under it. */
  #exit({ buttons }: PointerEvent): void {
    if (this.#isDragging && buttons !== 0) hideTip()
    else this.#leave()
  }

  #hover(event: PointerEvent): void {
    // the button was let go elsewhere
    if (this.#isDragging && event.buttons === 0) this.#end()
    const index = this.#indexAt(event)
    const target = this.#targets[index]
    if (target === undefined) {
      hideTip()
      return
    }
    showTip(target.tip, event.clientX, event.clientY)
    if (this.#anchor >= 0) this.#markRange(index)
  }

  #press(event: PointerEvent): void {
    const index = this.#indexAt(event)
    if (index < 0 || event.button !== 0) return
    this.#anchor = index
    this.#isDragging = true
    this.#active = index
    this.#markRange(index)
  }

  #release(event: PointerEvent): void {
    const index = this.#indexAt(event)
    if (this.#anchor >= 0 && index >= 0) this.#pick(index)
    this.#end()
  }

  #pick(index: number): void {
    const anchor = this.#anchor < 0 ? index : this.#anchor
    this.#anchor = -1
    hideTip()
    this.#options.onPick(Math.min(anchor, index), Math.max(anchor, index))
  }

  #end(): void {
    this.#anchor = -1
    this.#isDragging = false
    for (const part of this.#parts) part.classList.remove('in-range')
  }

  #leave(): void {
    hideTip()
    this.#end()
    for (const part of this.#parts) part.classList.remove('is-active')
    this.element.removeAttribute('aria-activedescendant')
  }

  #markRange(to: number): void {
    const { columns = Number.POSITIVE_INFINITY } = this.#options
    const cell = (index: number) => [index % columns, Math.floor(index / columns)] as const
    const [[x1, y1], [x2, y2]] = [cell(this.#anchor), cell(to)]
    for (const [index, part] of this.#parts.entries()) {
      const [x, y] = cell(index)
      const isInside = x >= Math.min(x1, x2) && x <= Math.max(x1, x2) && y >= Math.min(y1, y2) && y <= Math.max(y1, y2)
      part.classList.toggle('in-range', isInside)
    }
  }

  #mark(index: number): void {
    this.#active = index
    for (const [other, part] of this.#parts.entries()) part.classList.toggle('is-active', other === index)
    this.element.setAttribute('aria-activedescendant', `${this.#id}-${index}`)
  }

  /** Moves the keyboard position to a part and announces it. */
  #point(index: number): void {
    const target = this.#targets[index]
    const part = this.#parts[index]
    // a click also focuses, and sets its own position
    if (target === undefined || part === undefined || !this.element.matches(':focus-visible')) return
    this.#mark(index)
    const { left, top, width } = part.getBoundingClientRect()
    showTip(target.tip, left + width / 2, top)
  }

  #key(event: KeyboardEvent): void {
    const { columns = 1 } = this.#options
    const last = this.#targets.length - 1
    const rows: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
    }
    const place = Math.max(0, this.#active)
    const step = rows[event.key]
    if (step !== undefined || event.key === 'Home' || event.key === 'End') {
      const next = event.key === 'Home' ? 0 : event.key === 'End' ? last : place + (step ?? 0)
      if (event.shiftKey && this.#anchor < 0) this.#anchor = place
      if (!event.shiftKey) this.#end()
      if (next >= 0 && next <= last) this.#point(next)
      if (event.shiftKey) this.#markRange(this.#active)
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (this.#active >= 0) this.#pick(this.#active)
      this.#end()
    } else if (event.key === 'Escape') {
      this.#end()
      this.#options.onClear()
    } else return
    event.preventDefault()
  }
}
