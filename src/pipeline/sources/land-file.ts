/**
 * Files as they came: copied into the state byte for byte, before anything reads them.
 * @module
 */
import type { StoredFile } from '../log/commit-record.ts'
import type { Work } from '../work.ts'
import { extensionOf } from './file-extension.ts'
import { openStream, type SourceStream } from './source-stream.ts'

/** A file that was copied, and how its copy is read. */
export interface LandedFile {
  readonly file: StoredFile
  open(): Promise<SourceStream>
}

/** A chunk is only valid until the next one, and the copy is written later. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.slice()
}

/**
 * Copies a source file into `landed/`. It is read from the copy: what is kept is what was read.
 * @throws InputGone - it is gone since it was listed
 */
export async function landFile(
  { data, out, draft, effects, onChunk }: Pick<Work, 'data' | 'out' | 'draft' | 'effects' | 'onChunk'>,
  stem: string,
  name: string,
): Promise<LandedFile> {
  const context = { effects, onChunk }
  const stream = await openStream(data, name, context)
  const file = await draft.land(stem, extensionOf(name), copies(stream.packed))
  const entry = stream.entry()
  return {
    file,
    open: async () => ({ packed: (await openStream(out, file.name, context)).packed, entry: () => entry }),
  }
}
