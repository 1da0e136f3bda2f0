/**
 * Slides as a file of PowerPoint: the one file that imports pptxgenjs.
 * @module
 */
import { loadPackage } from '../../../connect/load-package.ts'
import { COLOURS, type DeckProperties, HEIGHT, INNER, LEFT, type Part, rowHeight, type Slide, WIDTH } from './slide.ts'

const FONT = 'Arial'
/** The library counts in inches. */
const inches = (points: number): number => points / 72

/** What the library's slides can do, as far as it is used here. */
type Drawing = import('pptxgenjs').default.Slide

function drawPart(slide: Drawing, part: Part): void {
  const box = { x: inches(part.x), y: inches(part.y), w: inches(part.width), h: inches(part.height) }
  if (part.kind === 'box') {
    slide.addShape('rect', { ...box, fill: { color: part.colour }, line: { color: part.colour, width: 0 } })
    return
  }
  if (part.kind === 'text') {
    const { text, size, isBold = false, colour = COLOURS.text, align = 'left' } = part
    const style = {
      fontFace: FONT,
      fontSize: size,
      bold: isBold,
      color: colour,
      align,
      valign: 'top',
      margin: 0,
    } as const
    slide.addText(text, { ...box, ...style })
    return
  }
  const { titles, rows, widths, words, size, width } = part
  const unit = width / widths.reduce((sum, one) => sum + one, 0)
  const cell = (text: string, at: number, isHead: boolean) => ({
    text,
    options: {
      align: at < words ? 'left' : 'right',
      bold: isHead,
      color: isHead ? COLOURS.muted : COLOURS.text,
    } as const,
  })
  const border = { type: 'solid', pt: 0.5, color: COLOURS.line } as const
  const none = { type: 'none' } as const
  slide.addTable(
    [
      titles.map((text, at) => cell(text, at, true)),
      ...rows.map((row) => row.map((text, at) => cell(text, at, false))),
    ],
    {
      ...{ x: box.x, y: box.y, w: box.w, colW: widths.map((one) => inches(one * unit)) },
      ...{ rowH: inches(rowHeight(size)), fontFace: FONT, fontSize: size, valign: 'middle' },
      // inches, as long as the first one is below 1
      margin: [0, inches(8), 0, 0],
      border: [none, none, border, none],
    },
  )
}

/** Returns the slides as a file of PowerPoint, which holds the time at which it was written. @throws ConnectError package_missing */
export async function pptxDeck(slides: readonly Slide[], { title }: DeckProperties): Promise<Uint8Array> {
  const { default: Presentation } = await loadPackage(() => import('pptxgenjs'), {
    ...{ name: 'pptxgenjs', install: 'pptxgenjs', what: 'a deck as PPTX' },
  })
  // the types of the package describe its CommonJS form, whose class is one level deeper
  const deck = new (Presentation as unknown as new () => import('pptxgenjs').default)()
  deck.defineLayout({ name: 'WIDE', width: inches(WIDTH), height: inches(HEIGHT) })
  deck.layout = 'WIDE'
  deck.title = title
  deck.author = 'support-etl'
  deck.company = 'support-etl'
  for (const [at, { title: heading, parts }] of slides.entries()) {
    const slide = deck.addSlide()
    const box = { kind: 'text', x: LEFT, y: 44, width: INNER, height: 40 } as const
    drawPart(slide, { ...box, text: heading, size: 28, isBold: true })
    for (const part of parts) drawPart(slide, part)
    const foot = { kind: 'text', x: LEFT, y: HEIGHT - 30, width: INNER, height: 16, size: 10 } as const
    drawPart(slide, { ...foot, text: `${at + 1} of ${slides.length}`, colour: COLOURS.muted, align: 'right' })
  }
  // as asked for with `nodebuffer`
  return new Uint8Array((await deck.write({ outputType: 'nodebuffer' })) as Buffer)
}
