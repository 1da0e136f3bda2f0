/** The words of a PDF or a PowerPoint file, page by page, read without the libraries that wrote them. */
import { inflateRawSync, inflateSync } from 'node:zlib'

/** The files of a zip archive by name. */
function unzipped(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  const files = new Map<string, Buffer>()
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, nameLength] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
    ]
    const local = bytes.readUInt32LE(at + 42)
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(begin, begin + size)
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString()
    files.set(name, method === 0 ? packed : inflateRawSync(packed))
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return files
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The texts of each slide of a PowerPoint file. */
export function pptxTexts(bytes: Uint8Array): string[][] {
  const files = unzipped(Buffer.from(bytes))
  const slides = [...files.keys()].filter((name) => /^ppt\/slides\/slide\d+\.xml$/.test(name)).length
  return Array.from({ length: slides }, (_, at) => {
    const xml = String(files.get(`ppt/slides/slide${at + 1}.xml`))
    return [...xml.matchAll(/<a:t>([^<]*)<\/a:t>/g)].map(([, text = '']) =>
      text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole),
    )
  })
}

/** A cell of a table on a slide: how wide its column is, and what of that its margins take, in the format's own unit. */
export interface DeckCell {
  readonly width: number
  readonly margins: number
}

/** The cells of the tables of all slides of a PowerPoint file. */
export function pptxCells(bytes: Uint8Array): DeckCell[] {
  const slides = [...unzipped(Buffer.from(bytes))].filter(([name]) => /^ppt\/slides\/slide\d+\.xml$/.test(name))
  return slides.flatMap(([, xml]) =>
    [...String(xml).matchAll(/<a:tbl>.*?<\/a:tbl>/gs)].flatMap(([table]) => {
      const widths = [...table.matchAll(/<a:gridCol w="(\d+)"/g)].map(([, width]) => Number(width))
      return [...table.matchAll(/<a:tr .*?<\/a:tr>/gs)].flatMap(([row]) =>
        [...row.matchAll(/<a:tcPr[^>]*>/g)].map(([cell], column) => ({
          width: widths[column] ?? Number.NaN,
          margins: [...cell.matchAll(/ mar[LR]="(\d+)"/g)].reduce((sum, [, margin]) => sum + Number(margin), 0),
        })),
      )
    }),
  )
}

/** The lines of each page of a PDF whose fonts are the standard ones. */
export function pdfTexts(bytes: Uint8Array): string[][] {
  const all = Buffer.from(bytes)
  const pages: string[][] = []
  for (let at = all.indexOf('stream\n'); at >= 0; at = all.indexOf('stream\n', at + 7)) {
    if (all.subarray(at - 3, at).toString() === 'end') continue
    const from = at + 'stream\n'.length
    const content = inflateSync(all.subarray(from, all.indexOf('\nendstream', from))).toString('latin1')
    const decoder = new TextDecoder('windows-1252')
    const lines = [...content.matchAll(/\[([^\]]*)\] TJ/g)].map(([, pieces = '']) => {
      const hex = [...pieces.matchAll(/<([0-9a-f]*)>/gi)].map(([, digits]) => digits).join('')
      return decoder.decode(Buffer.from(hex, 'hex'))
    })
    pages.push(lines)
  }
  return pages
}
