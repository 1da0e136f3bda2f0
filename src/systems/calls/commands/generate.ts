/**
 * `support-etl calls generate`: the log of a made-up call center.
 * @module
 */
import { folderStore } from '../../../connect/files/folder-store.ts'
import { ConnectError } from '../../../errors.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { parseCount } from '../../../terminal/option-values.ts'
import { renderJson, renderTable } from '../../../terminal/render.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { callLog } from '../sample/call-log.ts'

interface GenerateValues {
  readonly calls: string
  readonly out: string
  readonly seed: string
  readonly days: string
  readonly json?: true
}

/** Makes the files and lists them. Files that are there already are refused: they may be real. */
export async function callsGenerate({ out, json, ...numbers }: GenerateValues, terminal: Terminal): Promise<ExitCode> {
  const options = {
    calls: parseCount('--calls', numbers.calls),
    seed: parseCount('--seed', numbers.seed),
    days: parseCount('--days', numbers.days),
  }
  const files = callLog(options)
  const store = folderStore(out)
  const present = new Set((await store.list('')).map(({ name }) => name))
  const taken = files.find(({ name }) => present.has(name))
  if (taken !== undefined) {
    throw new ConnectError('path_invalid', `${out} already holds ${taken.name}; choose another folder with --out`)
  }
  for (const { name, chunks } of files) {
    terminal.progress(`writing ${out}/${name}`)
    await store.write(name, chunks())
  }
  const names = new Set(files.map(({ name }): string => name))
  const made = (await store.list('')).filter(({ name }) => names.has(name)).map(({ name, size }) => ({ name, size }))
  const columns = [{ title: `file in ${out}` }, { title: 'bytes', align: 'right' as const }]
  await terminal.print(
    json
      ? renderJson({ out, ...options, files: made })
      : renderTable(
          columns,
          made.map(({ name, size }) => [name, size]),
        ),
  )
  return EXIT.done
}
