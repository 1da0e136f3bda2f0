/**
 * `support-etl demo`: runs commands on the samples of the package, and shows the pages of what came out.
 * @module
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConnectError } from '../errors.ts'
import { packageFolder } from '../isolate/package-file.ts'
import type { System } from '../systems/system.ts'
import { EXIT } from '../terminal/exit-code.ts'
import { type ProgramSpec, runProgram } from '../terminal/program.ts'
import type { LogLevel, Terminal } from '../terminal/terminal.ts'
import { renderJson } from '../terminal/text/render.ts'
import { copyFiles, filesBelow } from './copied-files.ts'
import { hasScreen } from './serve/browser.ts'
import { serveUntilEnd } from './serve/dashboard.ts'

/** What a demo runs and shows. */
export interface Demo {
  /** The folders of `examples/data` that it copies. */
  readonly samples: readonly string[]
  /** The words of its command lines, in their order. */
  lines(data: string, out: string): readonly (readonly string[])[]
  /** Values of the flags that say where the pages find their data. */
  pages(out: string): Readonly<Record<string, string>>
}

/** What the program gives to its demo. */
export interface DemoParts {
  readonly demo: Demo
  /** The program whose commands it runs. */
  readonly program: () => ProgramSpec
  readonly systems: readonly System[]
}

interface DemoValues {
  readonly out?: string
  readonly port: string
  /** False with `--no-open`. */
  readonly open: boolean
  readonly logLevel: LogLevel
  readonly json?: true
}

/** The folder of a demo, and whether it is there for this demo alone. */
interface DemoFolder {
  readonly folder: string
  readonly isTemporary: boolean
}

function folderOf({ out }: DemoValues): DemoFolder {
  if (out === undefined) return { folder: mkdtempSync(join(tmpdir(), 'support-etl-demo-')), isTemporary: true }
  if (out.includes('://')) {
    throw new ConnectError('path_invalid', '--out of a demo is a folder of this machine, and not an address')
  }
  return { folder: out, isTemporary: false }
}

const REMOVED = { recursive: true, force: true } as const

/** Removes a temporary folder when a signal ends the process before the pages are served. */
function removeWhenInterrupted({ folder, isTemporary }: DemoFolder): () => void {
  const signals = { SIGINT: 130, SIGTERM: 143 } as const
  const ends = Object.entries(signals).map(([signal, status]) => {
    const end = () => {
      if (isTemporary) rmSync(folder, REMOVED)
      process.exit(status)
    }
    process.once(signal, end)
    return () => process.removeListener(signal, end)
  })
  return () => {
    for (const remove of ends) remove()
  }
}

/** Copies the samples below a folder, so that people can change them and run the commands again. */
async function copySamples(samples: readonly string[], data: string): Promise<void> {
  for (const sample of samples) {
    const source = join(packageFolder(), 'examples', 'data', sample)
    if (!existsSync(source)) {
      throw new ConnectError('io_failed', `cannot read ${source}, which belongs to this package; install it again`)
    }
    await copyFiles(
      filesBelow(source),
      join(data, sample),
      'Name another folder with --out, or run there the commands that demo shows',
    )
  }
}

const quoted = (word: string): string => (/^[\w./:-]+$/.test(word) ? word : `'${word}'`)

/** A terminal that keeps what is printed. */
function keeping(terminal: Terminal): { readonly kept: Terminal; readonly text: () => string } {
  const parts: Uint8Array[] = []
  const print = async (chunk: string | Uint8Array) => {
    parts.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk.slice())
  }
  return { kept: { ...terminal, print }, text: () => Buffer.concat(parts).toString() }
}

/** Copies, runs, serves; the pages are there until the process is interrupted. */
export async function demo(
  values: DemoValues,
  terminal: Terminal,
  { demo: shown, program, systems }: DemoParts,
): Promise<number> {
  const { json, logLevel } = values
  const place = folderOf(values)
  const { folder, isTemporary } = place
  const stopRemoving = removeWhenInterrupted(place)
  try {
    const [data, out] = [join(folder, 'data'), join(folder, 'output')]
    await copySamples(shown.samples, data)
    const name = program().name
    if (!json) await terminal.print(terminal.fit(placeText(place)))
    const steps: { readonly command: string; readonly result: unknown }[] = []
    for (const words of shown.lines(data, out)) {
      const command = [name, ...words].map(quoted).join(' ')
      if (!json) await terminal.print(terminal.fit(`\n${terminal.title(`$ ${command}`)}\n`))
      const { kept, text } = keeping(terminal)
      const level = ['--log-level', logLevel]
      const status = await runProgram(
        program(),
        [...words, ...level, ...(json ? ['--json'] : [])],
        json ? kept : terminal,
      )
      if (status !== EXIT.done) {
        if (json) await terminal.print(text())
        return status
      }
      if (json) steps.push({ command, result: JSON.parse(text()) })
    }
    stopRemoving()
    const opens = values.open && terminal.isInteractive && hasScreen()
    const pages = { ...shown.pages(out), out, port: values.port, ...(opens && { open: true as const }) }
    await serveUntilEnd(pages, terminal, systems, async (address) => {
      const text = `\nThe pages, until Ctrl+C: ${terminal.title(address)}\n`
      await terminal.print(json ? renderJson({ folder, is_temporary: isTemporary, steps, address }) : text)
    })
    return EXIT.done
  } finally {
    stopRemoving()
    if (isTemporary) rmSync(folder, REMOVED)
  }
}

function placeText({ folder, isTemporary }: DemoFolder): string {
  const kept = isTemporary ? 'it is removed at the end, and --out FOLDER keeps one' : 'it stays'
  return `The samples and what is made of them are in ${folder}: ${kept}.\n`
}
