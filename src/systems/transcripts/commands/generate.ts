/**
 * `support-etl transcripts generate`: adds made-up calls to a place, and what is true of them beside it.
 * @module
 */
import type { FileStore } from '../../../connect/file-store.ts'
import { openStore } from '../../../connect/open.ts'
import { ConnectError } from '../../../errors.ts'
import { readWhole } from '../../../pipeline/state/data-files.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { parseCount } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { counted, renderJson } from '../../../terminal/text/render.ts'
import { type SampledCall, sampleTranscripts } from '../sample/transcripts.ts'
import { prefixOf } from './settings.ts'
import { encodeTruth, readTruth, TRUTH } from './truth-file.ts'

interface GenerateValues {
  readonly numCalls: string
  readonly seed: string
  readonly lastDay: string
  readonly out: string
  readonly prefix: string
  readonly json?: true
}

/** Files that are written at once: each waits for its flush. */
const AT_ONCE = 16

interface MadeFile {
  readonly name: string
  readonly bytes: Uint8Array
}

function isSame(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, at) => byte === second[at])
}

/** The files that are not there yet. @throws ConnectError file_exists - one is there with other content */
async function missingFiles(store: FileStore, prefix: string, files: readonly MadeFile[]): Promise<MadeFile[]> {
  const present = new Set((await store.list(prefix)).map(({ name }) => name))
  const missing: MadeFile[] = []
  for (const file of files) {
    if (!present.has(file.name)) missing.push(file)
    else if (!isSame(await readWhole(store, file.name), file.bytes)) {
      throw new ConnectError(
        'file_exists',
        `${store.location} has a ${file.name} with another call; nothing was written. Choose another seed or another folder`,
      )
    }
  }
  return missing
}

async function writeAll(store: FileStore, files: readonly MadeFile[], onFile: (name: string) => void): Promise<void> {
  const waiting = files.values()
  const worker = async (): Promise<void> => {
    for (const { name, bytes } of waiting) {
      onFile(name)
      await store.write(name, [bytes])
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

function fileOf(prefix: string, { call }: SampledCall): MadeFile {
  return {
    name: `${prefix}${call.call_id}.json`,
    bytes: new TextEncoder().encode(`${JSON.stringify(call, null, 2)}\n`),
  }
}

/** Writes the calls that are not there yet. Run again with the same seed, it writes nothing. */
export async function transcriptsGenerate(values: GenerateValues, terminal: Terminal): Promise<ExitCode> {
  const calls = parseCount('--num-calls', values.numCalls)
  const seed = parseCount('--seed', values.seed)
  const prefix = prefixOf(values.prefix)
  const store = openStore(values.out)
  const sample = [...sampleTranscripts({ calls, seed, lastDay: values.lastDay })]
  const missing = await missingFiles(
    store,
    prefix,
    sample.map((made) => fileOf(prefix, made)),
  )
  // first what is true of them: a call without a truth could never be scored
  const known = await readTruth(store)
  const size = known.size
  for (const { truth } of sample) known.set(truth.call_id, truth)
  if (known.size > size) await store.write(TRUTH, [encodeTruth(known)])
  let written = 0
  await writeAll(store, missing, (name) => {
    written += 1
    terminal.progress(`writing ${values.out}/${name} (${written} of ${missing.length})`)
  })
  const result = { out: values.out, prefix, seed, calls, written: missing.length, ground_truth: TRUTH }
  const place = printable(`${values.out}/${prefix}`)
  const rest = calls - missing.length
  const there = rest === 0 ? '' : `; ${counted(rest, 'call')} ${rest === 1 ? 'was' : 'were'} there already`
  await terminal.print(
    values.json
      ? renderJson(result)
      : terminal.fit(
          `${counted(missing.length, 'call')} written to ${place}${there}\nwhat is true of them: ${printable(`${values.out}/${TRUTH}`)}\n`,
        ),
  )
  return EXIT.done
}
