import { describe, expect, it } from 'vitest'
import { type Outcome, outcomesOf, type TypeFile, typeFiles } from './type-files.ts'

/** What is refused, and in what words: anything else that is refused, or is not any more, fails the test. */
interface Refusal {
  /** `writer.format type container`. */
  readonly files: RegExp
  /** Who refuses; every reader where it is not given. */
  readonly reader?: RegExp
  readonly told: RegExp
}

const TYPES_THAT_ARE_NOT_READ: readonly Refusal[] = [
  { files: /^duckdb\.arrow UNION/, told: /column "v[\w.]*" is a union, which cannot be read; write the column in/ },
  { files: /^pyarrow\.arrow union/, told: /column "v[\w.]*" is a union, which cannot be read; write the column in/ },
  { files: /^pyarrow\.arrow run_end /, told: /column "v[\w.]*" is run-end encoded, which cannot be read; write/ },
  {
    files: /^pyarrow\.arrow (large_)?list_view /,
    told: /column "v[\w.]*" is a (large )?list view, which cannot be read/,
  },
  { files: /^pyarrow\.\w+ struct_twice /, told: /column "v": a struct<x: int32, x: int32> has two fields of one name/ },
  { files: /^duckdb\.parquet INTERVAL /, told: /column "v" holds intervals, whose months would be lost; write them/ },
]

const VALUES_THAT_ARE_NOT_WRITTEN: readonly Refusal[] = [
  {
    files: /binary|BLOB|arrow BIT|parquet UUID/,
    reader: /^json$/,
    told: /column "v" holds bytes, which JSON cannot hold/,
  },
  {
    files: /\.arrow (interval|INTERVAL) /,
    reader: /^parquet again$/,
    told: /Parquet cannot hold.*interval|holds intervals/i,
  },
  { files: /decimal_(negative|small) /, reader: /^parquet again$/, told: /Parquet cannot hold.*Invalid DECIMAL/ },
  {
    files: /timestamp_s(_utc)?_ends /,
    reader: /^parquet again$/,
    told: /column "v" row \d+ holds an instant that milliseconds in a double cannot reach/,
  },
  // a place reads states, which hold no such instants: such a file is read whole
  { files: /timestamp_\w+_ends /, reader: /^file rows$/, told: /an instant that a double cannot hold/ },
]

const REFUSALS = [...TYPES_THAT_ARE_NOT_READ, ...VALUES_THAT_ARE_NOT_WRITTEN]

const nameOf = ({ writer, format, type, container }: TypeFile) => `${writer}.${format} ${type} ${container}`

/** What is not as it should be, in words; nothing where all is. */
function complaint(file: TypeFile, { reader, is, told }: Outcome, met: Set<Refusal>): string[] {
  const name = nameOf(file)
  if (is === 'equal') return []
  const known = REFUSALS.find((refusal) => refusal.files.test(name) && (refusal.reader?.test(reader) ?? true))
  if (is === 'refused' && known?.told.test(told)) {
    met.add(known)
    return []
  }
  return [`${name} by ${reader} is ${is}: ${told.slice(0, 400)}`]
}

/** Files that hold only types that are not read. */
const isRefusedWhole = (file: TypeFile) => TYPES_THAT_ARE_NOT_READ.some(({ files }) => files.test(nameOf(file)))

describe('files of every type, container and writer', () => {
  const groups = Map.groupBy(typeFiles(), ({ writer, format }) => `${writer}.${format}`)
  const met = new Set<Refusal>()

  it('are there', () => {
    const counts = Object.fromEntries(Array.from(groups, ([writer, files]) => [writer, files.length]))
    expect(counts).toEqual({
      'duckdb.arrow': 288,
      'duckdb.parquet': 288,
      'javascript.arrow': 670,
      'polars-oldest.arrow': 448,
      'polars.arrow': 448,
      'polars.parquet': 448,
      'pyarrow.arrow': 888,
      'pyarrow.parquet': 831,
    })
  })

  const told = '%s are read cell by cell as pyarrow reads them, or refused by name'
  it.for([...groups.keys()])(told, { timeout: 180_000 }, async (writer, { task }) => {
    const files = groups.get(writer) ?? []
    const complaints: string[] = []
    let equal = 0
    for (const file of files) {
      const outcomes = await outcomesOf(file)
      equal += outcomes.filter(({ is }) => is === 'equal').length
      for (const outcome of outcomes) complaints.push(...complaint(file, outcome, met))
      // a reader that reads what the others refuse is a change as well
      const isRefused = outcomes.every(({ is }) => is === 'refused')
      if (isRefusedWhole(file) !== isRefused) complaints.push(`${nameOf(file)} is ${isRefused ? '' : 'not '}refused`)
    }
    expect(complaints).toEqual([])
    task.meta.figures = { 'readings of files of every type, equal cell by cell': equal }
  })

  it('meet every refusal that is listed', () => {
    expect(REFUSALS.filter((refusal) => !met.has(refusal))).toEqual([])
  })
})
