/**
 * A table in an Arrow file that reads only the columns and rows it is asked for.
 * @module
 */
import { ARROW } from '../../../table/arrow/shape.ts'
import type { Column } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { bytesWithHeadroom } from '../../../table/headroom.ts'
import { everyColumn, type LazyRows } from '../../../table/lazy-rows.ts'
import { takeColumn } from '../../../table/take.ts'
import { type Arrays, columnFrom, NO_OFFSETS } from './arrays.ts'
import { type ArrayPlace, type ColumnPlace, type FileBytes, placesOf, type Region, widthOf } from './file.ts'
import { type Picks, pickBits, picksOf, pickValues } from './picks.ts'

/**
 * An open file. It is described by its shape, because rooms on one floor do not import each other.
 */
export interface OpenFile extends FileBytes {
  /** Fills `into` with the bytes from `at` on, asynchronously. */
  readLater(at: number, into: Uint8Array): Promise<void>
  close(): void
}

/** Rows in a file. A whole column is read once, into arrays with headroom. */
export interface FileRows extends LazyRows {
  /** The table's metadata. */
  readonly metadata: ReadonlyMap<string, string>
  /** Reads everything, or all rows of the named columns, asynchronously. */
  load(names?: readonly string[]): Promise<Frame>
}

/** Arrays to fill, and the regions to fill them from. */
interface Filling {
  readonly arrays: Arrays
  readonly fills: readonly (readonly [region: Region, into: Uint8Array])[]
}

const NO_REGION: Region = { at: 0, length: 0 }

function bitmapFor({ length, nulls, regions }: ArrayPlace): Uint8Array | null {
  // a column of nulls has no bitmap
  return nulls === 0 || regions.length === 0 ? null : new Uint8Array(Math.ceil(length / 8))
}

function fillingOf(place: ArrayPlace): Filling {
  const { type, length: rows } = place
  const [bits = NO_REGION, second = NO_REGION, third = NO_REGION] = place.regions
  const validity = bitmapFor(place)
  const marks: [Region, Uint8Array][] = validity === null ? [] : [[bits, validity]]
  if (type.typeId !== ARROW.utf8) {
    const values = bytesWithHeadroom(Math.ceil((rows * (widthOf(type) ?? 0)) / 8))
    return { arrays: { rows, validity, values, offsets: NO_OFFSETS }, fills: [...marks, [second, values]] }
  }
  const values = bytesWithHeadroom(third.length)
  // without rows, the file may have no offsets
  const ends = bytesWithHeadroom((rows + 1) * 4)
  const offsets = new Int32Array(ends.buffer, 0, rows + 1)
  const filled = rows === 0 ? ends.subarray(0, 0) : ends
  return { arrays: { rows, validity, values, offsets }, fills: [...marks, [second, filled], [third, values]] }
}

function fillNow(file: FileBytes, { arrays, fills }: Filling): Arrays {
  for (const [{ at }, into] of fills) if (into.length > 0) file.read(at, into)
  return arrays
}

async function fillLater(file: OpenFile, { arrays, fills }: Filling): Promise<Arrays> {
  const filled = fills.filter(([, into]) => into.length > 0)
  await allDone(filled.map(([{ at }, into]) => file.readLater(at, into)))
  return arrays
}

/**
 * Waits for all promises, even if one fails, so that no file is closed during a read. All reads
 * have begun before the caller continues.
 */
async function allDone(doing: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(doing)
  await Promise.all(doing)
}

/**
 * A dictionary's values; null if one repeats or is null, because then comparing codes is not
 * comparing values.
 */
function textsOf(file: FileBytes, { name, dictionary }: ColumnPlace): readonly string[] | null {
  if (dictionary === null) return []
  const { type, length } = dictionary
  const column = columnFrom({ name, type, texts: null }, fillNow(file, fillingOf(dictionary)))
  const texts = new Set<string>()
  for (const text of column) if (typeof text === 'string') texts.add(text)
  return texts.size === length ? [...texts] : null
}

function reading<Result>(open: () => OpenFile, read: (file: OpenFile) => Result): Result {
  const file = open()
  try {
    return read(file)
  } finally {
    file.close()
  }
}

/** A column, with the parts of it already read. */
class FileColumn {
  readonly name: string
  readonly #place: ColumnPlace
  readonly #texts: readonly string[] | null
  #whole: Column | null = null

  constructor(place: ColumnPlace, texts: readonly string[]) {
    this.name = place.name
    this.#place = place
    this.#texts = place.dictionary === null ? null : texts
  }

  #made(arrays: Arrays): Column {
    return columnFrom({ name: this.name, type: this.#place.type, texts: this.#texts }, arrays)
  }

  whole(file: FileBytes): Column {
    this.#whole ??= this.#made(fillNow(file, fillingOf(this.#place)))
    return this.#whole
  }

  async load(file: OpenFile): Promise<Column> {
    this.#whole ??= this.#made(await fillLater(file, fillingOf(this.#place)))
    return this.#whole
  }

  /** Zero rows: a column of this kind, without any read. */
  none(): Column {
    const none = new Uint8Array(0)
    return this.#made({ rows: 0, validity: null, values: none, offsets: new Int32Array(1) })
  }

  some(file: FileBytes, picks: Picks): Column {
    const [bits = NO_REGION, values = NO_REGION] = this.#place.regions
    const width = widthOf(this.#place.type) ?? 0
    if (width < 32 || this.#whole !== null) return takeColumn(this.whole(file), picks.rows)
    const bitmap = bitmapFor(this.#place)
    if (bitmap !== null) file.read(bits.at, bitmap)
    return this.#made({
      rows: picks.rows.length,
      validity: bitmap === null ? null : pickBits(bitmap, picks),
      values: pickValues(file, values, width / 32, picks),
      offsets: NO_OFFSETS,
    })
  }
}

/**
 * Returns the rows of an Arrow file with one batch and types that a state uses; null for other
 * Arrow files, which must be read as a whole. Each request opens the file and closes it again.
 *
 * @throws Damage - the file is damaged, found now or at a later request; TextDamage - text is not
 *   UTF-8
 */
export function fileRows(open: () => OpenFile): FileRows | null {
  const columns: FileColumn[] = []
  const table = reading(open, (file) => {
    const places = placesOf(file)
    for (const place of places?.columns ?? []) {
      const texts = textsOf(file, place)
      if (texts === null) return null
      columns.push(new FileColumn(place, texts))
    }
    return places
  })
  if (table === null) return null
  const { rows, metadata } = table
  const frame = (of: readonly FileColumn[], column: (one: FileColumn) => Column, length = rows): Frame =>
    frameOf(
      of.map((one) => [one.name, column(one)] as const),
      length,
    )
  const named = (names: readonly string[]) => names.flatMap((name) => columns.find((one) => one.name === name) ?? [])
  return {
    rows,
    metadata,
    columns: (names) => reading(open, (file) => frame(named(names), (column) => column.whole(file))),
    at: (places, isNeeded = everyColumn) => {
      const needed = columns.filter(({ name }) => isNeeded(name))
      if (places.length === 0) return frame(needed, (column) => column.none(), 0)
      const picks = picksOf(places)
      const pick = (file: FileBytes) => (column: FileColumn) =>
        picks === null ? takeColumn(column.whole(file), places) : column.some(file, picks)
      return reading(open, (file) => frame(needed, pick(file), places.length))
    },
    all: () => reading(open, (file) => frame(columns, (column) => column.whole(file))),
    load: async (names) => {
      const file = open()
      const asked = names === undefined ? columns : named(names)
      try {
        await allDone(asked.map((column) => column.load(file)))
        return frame(asked, (column) => column.whole(file))
      } finally {
        file.close()
      }
    },
  }
}
