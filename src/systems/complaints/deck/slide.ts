/**
 * A slide as data: what it says, and where each part lies. Both file formats draw the same parts.
 * @module
 */

/** A slide is so many points wide and high: the wide layout of every program of slides. */
export const WIDTH = 960
export const HEIGHT = 540
/** Where the parts of a slide begin, below its title, and how wide they are. */
export const LEFT = 48
export const TOP = 112
export const INNER = WIDTH - 2 * LEFT

/** Colours as RRGGBB. */
export const COLOURS = { text: '1B1E28', muted: '5B6070', accent: '3E5BCB', faint: 'E9ECF8', line: 'D5D8E2' } as const

/** A place on a slide, in points from its upper left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Words; a text wraps within its box. */
export interface TextPart extends Box {
  readonly kind: 'text'
  readonly text: string
  readonly size: number
  readonly isBold?: boolean
  readonly colour?: string
  readonly align?: 'left' | 'center' | 'right'
}

/** A filled rectangle. */
export interface BoxPart extends Box {
  readonly kind: 'box'
  readonly colour: string
}

/** A table; the first `words` columns are words, the others figures. */
export interface TablePart extends Box {
  readonly kind: 'table'
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Shares of the width. */
  readonly widths: readonly number[]
  readonly words: number
  readonly size: number
}

export type Part = TextPart | BoxPart | TablePart

/** One slide. */
export interface Slide {
  readonly title: string
  readonly parts: readonly Part[]
}

/** What a file of slides says of itself. */
export interface DeckProperties {
  readonly title: string
  /** When the commit was made, which the slides show. */
  readonly madeAt: Date
}

/** The height of a row of a table: a line of its text, with room around it. */
export const rowHeight = (size: number): number => Math.round(size * 1.9)

/** Returns a table that begins at `y`. */
export function tablePart(
  y: number,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  options: { readonly widths: readonly number[]; readonly words: number; readonly size?: number },
): TablePart {
  const { widths, words, size = 13 } = options
  const height = rowHeight(size) * (rows.length + 1)
  return { kind: 'table', x: LEFT, y, width: INNER, height, titles, rows, widths, words, size }
}

/** Returns a paragraph that begins at `y`. */
export function paragraph(y: number, text: string, options: Partial<TextPart> = {}): TextPart {
  return { kind: 'text', x: LEFT, y, width: INNER, height: 40, text, size: 16, ...options }
}

/** Returns headings with their text in boxes side by side, over the whole width. */
export function tileParts(
  y: number,
  height: number,
  tiles: readonly { readonly heading: string; readonly text: string }[],
  headingSize = 18,
): Part[] {
  const gap = 24
  const width = (INNER - (tiles.length - 1) * gap) / tiles.length
  return tiles.flatMap(({ heading, text }, at): Part[] => {
    const box = { x: LEFT + at * (width + gap), y, width }
    const inner = { x: box.x + 14, width: width - 28 }
    const below = y + 26 + headingSize * 1.6
    return [
      { kind: 'box', ...box, height, colour: COLOURS.faint },
      { kind: 'box', ...box, height: 6, colour: COLOURS.accent },
      {
        ...{ kind: 'text', ...inner, y: y + 22, height: headingSize * 1.4 },
        ...{ text: heading, size: headingSize, isBold: true },
      },
      { kind: 'text', ...inner, y: below, height: y + height - below, text, size: 14 },
    ]
  })
}

/** Returns shares of a whole as bars with their text, a line each, in a column of the slide. A bar of the whole width is all. */
export function barParts(
  { x, y, width }: Pick<Box, 'x' | 'y' | 'width'>,
  title: string,
  bars: readonly { readonly name: string; readonly share: number; readonly text: string }[],
): Part[] {
  const line = 46
  return [
    { kind: 'text', x, y, width, height: 22, text: title, size: 15, isBold: true },
    ...bars.flatMap(({ name, share, text }, at): Part[] => {
      const top = y + 32 + at * line
      return [
        { kind: 'text', x, y: top, width: width * 0.6, height: 18, text: name, size: 13 },
        {
          ...{ kind: 'text', x: x + width * 0.5, y: top, width: width * 0.5, height: 18 },
          ...{ text, size: 13, isBold: true, align: 'right' },
        },
        { kind: 'box', x, y: top + 22, width, height: 8, colour: COLOURS.faint },
        { kind: 'box', x, y: top + 22, width: Math.max(1, width * share), height: 8, colour: COLOURS.accent },
      ]
    }),
  ]
}
