/**
 * Slides as a PDF: the one file that imports pdfkit.
 * @module
 */
import { loadPackage } from '../../../connect/load-package.ts'
import {
  COLOURS,
  type DeckProperties,
  HEIGHT,
  INNER,
  LEFT,
  type Part,
  rowHeight,
  type Slide,
  type TablePart,
  WIDTH,
} from './slide.ts'

const FONTS = { plain: 'Helvetica', bold: 'Helvetica-Bold' } as const

type Document = PDFKit.PDFDocument

function writeText(
  doc: Document,
  { x, y, width, height, text, size, isBold, colour, align }: Part & { kind: 'text' },
): void {
  doc
    .font(isBold ? FONTS.bold : FONTS.plain)
    .fontSize(size)
    .fillColor(`#${colour ?? COLOURS.text}`)
    .text(text, x, y, { width, height, align: align ?? 'left', lineGap: 2 })
}

function drawTable(doc: Document, { x, y, width, titles, rows, widths, words, size }: TablePart): void {
  const unit = width / widths.reduce((sum, one) => sum + one, 0)
  const high = rowHeight(size)
  const line = (cells: readonly string[], top: number, isHead: boolean): void => {
    let left = x
    for (const [at, cell] of cells.entries()) {
      const wide = unit * (widths[at] ?? 1)
      doc
        .font(isHead ? FONTS.bold : FONTS.plain)
        .fontSize(size)
        .fillColor(`#${isHead ? COLOURS.muted : COLOURS.text}`)
        .text(cell, left, top + (high - size) / 2, {
          ...{ width: wide - 8, height: size + 4, ellipsis: true, lineBreak: false },
          align: at < words ? 'left' : 'right',
        })
      left += wide
    }
    doc
      .moveTo(x, top + high)
      .lineTo(x + width, top + high)
      .lineWidth(0.5)
      .strokeColor(`#${COLOURS.line}`)
      .stroke()
  }
  line(titles, y, true)
  for (const [at, cells] of rows.entries()) line(cells, y + high * (at + 1), false)
}

function drawPart(doc: Document, part: Part): void {
  if (part.kind === 'text') writeText(doc, part)
  else if (part.kind === 'table') drawTable(doc, part)
  else doc.rect(part.x, part.y, part.width, part.height).fill(`#${part.colour}`)
}

/** Returns the slides as a PDF, a page each. The same slides give the same bytes. @throws ConnectError package_missing */
export async function pdfDeck(slides: readonly Slide[], { title, madeAt }: DeckProperties): Promise<Uint8Array> {
  const { default: PDFDocument } = await loadPackage(() => import('pdfkit'), {
    ...{ name: 'pdfkit', install: 'pdfkit', what: 'a deck as PDF' },
  })
  const doc = new PDFDocument({
    ...{ size: [WIDTH, HEIGHT], margin: 0, autoFirstPage: false, compress: true },
    info: { Title: title, Producer: 'support-etl', Creator: 'support-etl', CreationDate: madeAt, ModDate: madeAt },
  })
  const chunks: Uint8Array[] = []
  const whole = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    doc.on('error', reject)
  })
  for (const [at, slide] of slides.entries()) {
    doc.addPage()
    const heading = { kind: 'text', x: LEFT, y: 44, width: INNER, height: 40, text: slide.title } as const
    drawPart(doc, { ...heading, size: 28, isBold: true })
    for (const part of slide.parts) drawPart(doc, part)
    const foot = { kind: 'text', x: LEFT, y: HEIGHT - 30, width: INNER, height: 16, size: 10 } as const
    drawPart(doc, { ...foot, text: `${at + 1} of ${slides.length}`, colour: COLOURS.muted, align: 'right' })
  }
  doc.end()
  return whole
}
