/**
 * Places: where files lie and rows come from, behind two small contracts.
 * @module
 */

export type { IsolationOptions } from '../isolate/isolate.ts'
export { type IsolatedParquetOptions, isolatedParquet } from '../isolate/isolated-parquet.ts'
export type { EntryKind, FilePort, FileStatus, FolderEntry } from './file-port.ts'
export { nodeFiles } from './file-port.ts'
export type { Chunks, FileEntry, FileStore, FileWindows, OpenedBytes, OpenedFile, StagedFile } from './file-store.ts'
export { type FolderOptions, type FolderStore, folderStore } from './files.ts'
export { memoryRows, memoryStore } from './memory.ts'
export { openStore } from './open.ts'
export type { RowBatch, RowSource } from './row-source.ts'
export { type S3Options, s3Store } from './s3.ts'
export type { S3ClientOptions } from './s3-calls.ts'
export type { Waiting } from './s3-retry.ts'
