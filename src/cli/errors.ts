/**
 * `support-etl errors`: says what an error code means and what to do, as docs/errors.md does.
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConnectError, type ErrorCode, EtlError } from '../errors.ts'
import { packageFolder } from '../isolate/package-file.ts'
import { refuseNoName } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../terminal/exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { printable } from '../terminal/text/lines.ts'
import { renderJson } from '../terminal/text/render.ts'
import { renderTable } from '../terminal/text/text-table.ts'

interface ErrorsValues {
  readonly code?: string
  readonly json?: true
}

/** One code, as the page about errors explains it. */
interface ExplainedCode {
  readonly code: string
  /** The heading that it stands below. */
  readonly topic: string
  readonly meaning: string
  readonly cure: string
  readonly exit_status: ExitCode
}

const CURE = '**Cure:**'

/** `[encoding](formats.md#declared-formats)` as text for people: the page that a link leads to is a file of the package. */
function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]\n]{1,200})\]\(([\w./-]{1,200})(?:#[\w-]{0,200})?\)/g, '$1 (docs/$2)')
    .replaceAll('**', '')
    .replace(/\s+/g, ' ')
    .trim()
}

function entryOf(block: string, topic: string): ExplainedCode {
  const [code = '', ...lines] = block.split('\n')
  const [meaning = '', cure = ''] = lines.join('\n').split(CURE)
  // every heading of the third level is a code; a test compares them
  const status = exitCodeOf(new EtlError(code as ErrorCode, ''))
  return { code, topic, meaning: plain(meaning), cure: plain(cure), exit_status: status }
}

/** The codes of a page in its order: sections are topics, and in them each heading is a code. */
function explainedCodes(page: string): ExplainedCode[] {
  return page
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const [opening = '', ...blocks] = section.split(/^### /m)
      // a heading may have a paragraph below it
      const [topic = ''] = opening.split('\n')
      return blocks.map((block) => entryOf(block, topic.trim()))
    })
}

function readPage(): string {
  const file = join(packageFolder(), 'docs', 'errors.md')
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConnectError('io_failed', `cannot read ${file}, which belongs to this package; install it again`, {
      cause,
    })
  }
}

/** Prints one code, or the list of all. */
export async function errors({ code, json }: ErrorsValues, terminal: Terminal): Promise<ExitCode> {
  const known = explainedCodes(readPage())
  if (code === undefined) {
    const rows = known.map((one) => [one.code, one.topic])
    const columns = [{ title: 'code' }, { title: 'about' }]
    await terminal.print(json ? renderJson(known) : renderTable(columns, rows, terminal.view))
    return EXIT.done
  }
  refuseNoName(
    'errors',
    'code',
    code,
    known.map((one) => one.code),
  )
  const found = known.find((one) => one.code === code) as ExplainedCode
  const { meaning, cure, exit_status } = found
  const text = `${terminal.title(code)}\n\n${printable(meaning)}\n\nCure: ${printable(cure)}\n\nexit status ${exit_status}\n`
  await terminal.print(json ? renderJson(found) : terminal.fit(text))
  return EXIT.done
}
