/**
 * Draws a page anew when the window gets another width.
 * @module
 */

/** Calls `draw` once a frame at most, while the page is visible and was drawn at another width. */
export function redrawOnResize(page: HTMLElement, drawnWidth: () => number | undefined, draw: () => void): void {
  let waiting = 0
  addEventListener('resize', () => {
    cancelAnimationFrame(waiting)
    waiting = requestAnimationFrame(() => {
      if (page.checkVisibility() && drawnWidth() !== innerWidth) draw()
    })
  })
}
