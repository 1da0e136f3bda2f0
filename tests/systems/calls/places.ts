/**
 * Places with logs, as the tests of the calls job need them.
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import type { CallsManifest } from '../../../src/systems/calls/figures/manifest.ts'
import { supportEtlHere } from '../../cli/command-line.ts'

/** The sample that is shipped. */
export const sample = join(import.meta.dirname, '..', '..', '..', 'examples', 'data', 'calls')

export const encode = (text: string) => new TextEncoder().encode(text)

export async function bytesOf(store: FileStore, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part.slice())
  return Buffer.concat(parts)
}

/** The files of a run that reads from one place and writes to another. */
export function filesIn(store: FileStore, log: FileStore = store) {
  return {
    calls: { store: log, name: 'sample_calls.json' },
    agents: { store: log, name: 'agents.csv' },
    output: { store, name: 'cleaned_calls.parquet' },
    manifest: { store, name: 'manifest.json' },
  }
}

const START = { agent_id: 'A1', start_time: '2025-01-01T10:00:00Z', issue_type: 'billing', resolution: 'resolved' }

/** A line of a log: a fine call of a minute unless the test says otherwise. */
export const line = (row: object) => `${JSON.stringify({ ...START, end_time: '2025-01-01T10:01:00Z', ...row })}\n`

/** A place with a log of the given text and two agents. */
export async function placeOf(
  log: string,
  agents = 'agent_id,name,region\nA1,Ada,North\nA2,Ben,South\n',
): Promise<FileStore> {
  return memoryStore({ 'sample_calls.json': log, 'agents.csv': agents })
}

export const manifestIn = async (store: FileStore) =>
  JSON.parse(new TextDecoder().decode(await bytesOf(store, 'manifest.json'))) as CallsManifest

/** What a command line in this process says, and its exit status. */
export const commandLine = (...args: string[]) => supportEtlHere(args)

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-calls-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
