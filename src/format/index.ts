/**
 * Converts bytes to tables and back: CSV, JSON, Parquet and Arrow, with a reader and a writer for
 * each.
 * @module
 */

export type { DurationUnit, DurationWriting } from '../time/duration-form.ts'
export { readArrow, type WriteOptions, writeArrow } from './arrow/table.ts'
export { type CsvDialect, dialect } from './csv/dialect.ts'
export type { BooleanWords, DurationForm, TimestampForm } from './csv/forms.ts'
export type { CsvNote } from './csv/read/notes.ts'
export type { RejectedRecord } from './csv/read/origin.ts'
export { type CheckedCsv, type CsvReadOptions, checkCsv, readCsv, writeCsv } from './csv/table.ts'
export type { CsvWriteOptions } from './csv/write/write.ts'
export type { InspectedColumn, SeenKind } from './inspect/columns.ts'
export { type Inspection, type InspectOptions, inspectFile } from './inspect/inspect.ts'
export type { FormCandidate, TimeForms } from './inspect/time-shapes.ts'
export type { JsonDialect } from './json/dialect.ts'
export { type JsonTableOptions, readJson, readJsonLines, writeJson, writeJsonLines } from './json/table.ts'
export type { ParquetDecoder, ParquetReading } from './parquet/parquet.ts'
export { type ParquetReadOptions, readParquet, writeParquet } from './parquet/table.ts'
export { PRESETS, type PresetName } from './presets/index.ts'
export type { Preset } from './presets/preset.ts'
export type { ReadOptions, TableAs, TableKind } from './tables.ts'
export type { TextEncoding } from './text/encodings.ts'
