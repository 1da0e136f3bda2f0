/**
 * What all drawings have in common: size, axes, colours by the page's own style.
 * @module
 */
import * as Plot from '@observablehq/plot'

export const HEIGHT = 232

/** Options of every drawing; the class name is what the content security policy allows a style for. */
export const FRAME = {
  className: 'plot',
  marginTop: 10,
  marginRight: 6,
  marginBottom: 26,
  marginLeft: 40,
  style: { fontSize: '11px', overflow: 'visible' },
} satisfies Plot.PlotOptions

/** Returns a drawing; Plot gives a figure only to those with a legend, a title or a caption, and none of ours has. */
export function draw(options: Plot.PlotOptions): SVGSVGElement {
  // see above
  return Plot.plot({ ...FRAME, ...options }) as unknown as SVGSVGElement
}

/** A scale's places in pixels, as numbers. */
export function placer(drawing: SVGSVGElement, name: 'x' | 'y'): (value: unknown) => number {
  // Plot adds `scale` to the element that it returns
  const scale = (drawing as unknown as Plot.Plot).scale(name)
  return (value) => Number(scale?.apply(value))
}

/** Widths by element: measuring anew would make the browser lay out the page between two drawings. */
const widths = new WeakMap<HTMLElement, { readonly at: number; readonly width: number }>()

/** The width to draw in: that of the element, at least so much that axes have room. Measured once a width of the window. */
export function widthOf(element: HTMLElement): number {
  const known = widths.get(element)
  if (known !== undefined && known.at === innerWidth) return known.width
  const width = Math.max(240, Math.floor(element.clientWidth))
  if (element.isConnected) widths.set(element, { at: innerWidth, width })
  return width
}
