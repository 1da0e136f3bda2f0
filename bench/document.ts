/**
 * The benchmark's own sections of `docs/performance.md` and README: what it found, written between two marks.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

const BEGIN = '<!-- bench: begin -->'
const END = '<!-- bench: end -->'

/** The machine and the versions that the figures are true of. */
export function describeMachine() {
  const version = (name: string): string => {
    const path = join(import.meta.dirname, 'node_modules', name, 'package.json')
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
  }
  return {
    cores: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    versions: {
      node: process.versions.node,
      duckdb: version('@duckdb/node-api'),
      polars: version('nodejs-polars'),
    },
  }
}

/** Puts the text in place of what stands between the marks of a document. */
export function writeSection(path: string, text: string): void {
  const document = readFileSync(path, 'utf8')
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`${path} has no ${BEGIN} … ${END}`)
  writeFileSync(path, `${document.slice(0, begin + BEGIN.length)}\n${text.trim()}\n${document.slice(end)}`)
}
