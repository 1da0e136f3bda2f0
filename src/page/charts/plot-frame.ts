/**
 * What all drawings share: size, axes, and colours from the page's own style.
 * @module
 */
import * as Plot from '@observablehq/plot'

export const HEIGHT = 232

/** Options of every drawing; the content security policy allows styles only for this class name. */
export const FRAME = {
  className: 'plot',
  marginTop: 10,
  marginRight: 6,
  marginBottom: 26,
  marginLeft: 40,
  style: { fontSize: '11px', overflow: 'visible' },
} satisfies Plot.PlotOptions

/**
 * Returns a drawing. Plot wraps a drawing in a figure only for a legend, a title or a caption;
 * these drawings have none.
 */
export function draw(options: Plot.PlotOptions): SVGSVGElement {
  // an SVG, as said above
  return Plot.plot({ ...FRAME, ...options }) as unknown as SVGSVGElement
}

/** Maps values of a scale to pixels. */
export function placer(drawing: SVGSVGElement, name: 'x' | 'y'): (value: unknown) => number {
  // Plot adds `scale` to the element that it returns
  const scale = (drawing as unknown as Plot.Plot).scale(name)
  return (value) => Number(scale?.apply(value))
}

/** Widths by element: measuring again would force a layout between two drawings. */
const widths = new WeakMap<HTMLElement, { readonly at: number; readonly width: number }>()

/**
 * The width to draw in: the element's, but wide enough for the axes. Measured once per window
 * width.
 */
export function widthOf(element: HTMLElement): number {
  const known = widths.get(element)
  if (known !== undefined && known.at === innerWidth) return known.width
  const width = Math.max(240, Math.floor(element.clientWidth))
  if (element.isConnected) widths.set(element, { at: innerWidth, width })
  return width
}
