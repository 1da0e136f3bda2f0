import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROTECTIONS } from '../tools/protection-list.ts'

const root = join(import.meta.dirname, '..')

/** How often a protection's code is in its file; null where there is no such file. */
function countOf({ file, from }: { readonly file: string; readonly from: string }): number | null {
  const path = join(root, 'src', file)
  return existsSync(path) ? readFileSync(path, 'utf8').split(from).length - 1 : null
}

describe('the list of protections', () => {
  it('names code that is in its file once', () => {
    const edits = PROTECTIONS.flatMap(({ name, edits }) => edits.map((edit) => ({ name, ...edit })))
    expect(edits.length).toBeGreaterThan(100)
    const stale = edits.filter((edit) => countOf(edit) !== 1).map((edit) => [edit.name, edit.file, countOf(edit)])
    expect(stale).toEqual([])
  })

  it('names files of tests', () => {
    const gone = PROTECTIONS.filter(({ test }) => !existsSync(join(root, 'tests', test.file)))
    expect(gone.map(({ name, test }) => [name, test.file])).toEqual([])
  })
})
