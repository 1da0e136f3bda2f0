/**
 * `support-etl gc`: lists or removes the files that no version refers to.
 * @module
 */
import { collectGarbage, type Garbage, type GarbageOptions } from '../../pipeline/gc.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { parseCount } from '../../terminal/flags/option-values.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { counted, renderJson } from '../../terminal/text/render.ts'
import { renderTable } from '../../terminal/text/text-table.ts'

interface GcValues {
  readonly out: string
  readonly remove?: true
  readonly graceDays: string
  readonly keepVersions?: string
  readonly json?: true
}

/** Lists files without a reference, and removes them if asked to. */
export async function gc(
  { out, remove, graceDays, keepVersions, json }: GcValues,
  terminal: Terminal,
): Promise<ExitCode> {
  const options: GarbageOptions = {
    out,
    action: remove ? 'remove' : 'list',
    graceDays: parseCount('--grace-days', graceDays),
    ...(keepVersions === undefined ? {} : { keepVersions: parseCount('--keep-versions', keepVersions) }),
  }
  const garbage = await collectGarbage(options, effectsOf(terminal))
  await terminal.print(json ? renderJson(garbage) : terminal.fit(garbageText(garbage, out, terminal)))
  return EXIT.done
}

function garbageText({ files, bytes, isRemoved }: Garbage, out: string, { view }: Terminal): string {
  if (files.length === 0) return `nothing to remove in ${out}\n`
  const sum = `${counted(files.length, 'file')}, ${counted(bytes, 'byte')} ${isRemoved ? 'removed' : 'would be removed by --remove'}\n`
  const columns = [{ title: 'file' }, { title: 'bytes', align: 'right' }, { title: 'reason' }] as const
  return `${renderTable(
    columns,
    files.map((file) => [file.name, file.bytes, file.reason]),
    view,
  )}\n${sum}`
}
