/**
 * `support-etl generate`: writes source files of a made-up support operation.
 * @module
 */
import type { FileEntry } from '../../../connect/file-store.ts'
import { openStore } from '../../../connect/open.ts'
import { ConnectError } from '../../../errors.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { parseCount } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { renderTable } from '../../../terminal/text/text-table.ts'
import { supportExtracts } from '../sample/extracts.ts'

interface GenerateValues {
  readonly interactions: string
  readonly out: string
  readonly seed: string
  readonly deltas: string
  readonly json?: true
}

/**
 * Writes the files and lists them. Refuses a folder that already holds source files: the two sets
 * would mix.
 */
export async function generate(values: GenerateValues, terminal: Terminal): Promise<ExitCode> {
  const interactions = parseCount('--interactions', values.interactions)
  const seed = parseCount('--seed', values.seed)
  const deltas = parseCount('--deltas', values.deltas)
  const store = openStore(values.out)
  const [present] = [...(await store.list('initial/')), ...(await store.list('delta/'))]
  if (present !== undefined) {
    throw new ConnectError('path_invalid', `${values.out} already holds ${present.name}; choose an empty folder`)
  }
  const made: Pick<FileEntry, 'name' | 'size'>[] = []
  for (const { name, chunks } of supportExtracts({ interactions, seed, deltas })) {
    terminal.progress(`writing ${values.out}/${name}`)
    let size = 0
    await store.write(
      name,
      measured(chunks(), (bytes) => (size += bytes)),
    )
    made.push({ name, size })
  }
  await terminal.print(
    values.json
      ? renderJson({ out: values.out, interactions, seed, files: made })
      : renderTable(
          [{ title: `file in ${values.out}` }, { title: 'bytes', align: 'right' }],
          made.map(({ name, size }) => [name, size]),
          terminal.view,
        ),
  )
  return EXIT.done
}

function* measured(chunks: Iterable<Uint8Array>, measure: (bytes: number) => void): Generator<Uint8Array> {
  for (const chunk of chunks) {
    measure(chunk.length)
    yield chunk
  }
}
