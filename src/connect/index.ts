/**
 * Places: where files are kept and rows come from, behind two small contracts.
 * @module
 */

export type { Chunks, FileEntry, FileStore, FileWindows, OpenedBytes, OpenedFile, StagedFile } from './file-store.ts'
export type { EntryKind, FilePort, FileStatus, FolderEntry } from './files/file-port.ts'
export { nodeFiles } from './files/file-port.ts'
export { type FolderOptions, type FolderStore, folderStore } from './files/folder-store.ts'
export { memoryRows, memoryStore } from './memory.ts'
export { mountedStores } from './mounted-stores.ts'
export { openStore } from './open.ts'
export type { RowBatch, RowSource } from './row-source.ts'
export type { S3ClientOptions } from './s3/s3-calls.ts'
export type { Waiting } from './s3/s3-retry.ts'
export { type S3Options, s3Store } from './s3/s3-store.ts'
