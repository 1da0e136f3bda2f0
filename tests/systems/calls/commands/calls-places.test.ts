import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../../src/connect/file-store.ts'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { openStore } from '../../../../src/connect/open.ts'
import { nodeEffects } from '../../../../src/pipeline/effects.ts'
import { refuseSamePaths, withFileTimes } from '../../../../src/systems/calls/commands/places.ts'
import { callsEffects } from '../../../../src/systems/calls/job/run-calls.ts'
import { temporaryFolder } from '../places.ts'

/** A folder with a file, a folder of files, and links to all of them. */
function scene() {
  const folder = temporaryFolder()
  const path = (name: string) => join(folder, name)
  writeFileSync(path('calls.json'), '')
  mkdirSync(path('data'))
  writeFileSync(path('data/calls.json'), '')
  symlinkSync(path('data'), path('linked'))
  symlinkSync(path('calls.json'), path('link.json'))
  return path
}

describe('refuseSamePaths', () => {
  it.each([
    ['of one name', 'calls.json', 'calls.json'],
    ['of one name in a folder that is linked', 'data/calls.json', 'linked/calls.json'],
    ['of which one is a link to the other', 'calls.json', 'link.json'],
    ['by way of another folder', 'calls.json', 'data/../calls.json'],
    ['that are not there', 'new.json', './data/../new.json'],
    ['that are not there, in a folder that is linked', 'data/new.json', 'linked/new.json'],
    ['whose folders are not there', 'data/a/b/new.json', 'linked/a/b/new.json'],
    ['below a file', 'calls.json/x', 'link.json/x'],
  ])('refuses two files %s', (_, first, second) => {
    const path = scene()
    const twice = () =>
      refuseSamePaths({ '--calls': path(first), '--rejects': undefined, '--output': `${path('')}/${second}` })
    const message = `--calls and --output are the same file, ${path('')}/${second}, which would be lost; give each its own`
    expect(twice).toThrow(expect.objectContaining({ code: 'path_invalid', message }))
  })

  it('compares relative paths from the folder of the process, up to the root', () => {
    expect(() => refuseSamePaths({ '--a': 'x.json', '--b': join(process.cwd(), 'x.json') })).toThrow('--a and --b are')
    expect(() => refuseSamePaths({ '--a': '/', '--b': '//' })).toThrow('--a and --b are the same file, //')
  })

  it('compares objects of buckets by their address alone', () => {
    const object = 's3://bucket/a/calls.json'
    expect(() => refuseSamePaths({ '--a': object, '--b': object })).toThrow(`the same file, ${object}, which`)
    for (const other of ['s3://bucket/b/calls.json', 's3://bucket/a/../a/calls.json', 's3:/bucket/a/calls.json'])
      expect(() => refuseSamePaths({ '--a': object, '--b': other })).not.toThrow()
  })

  it('takes files that differ, and options that are not given', () => {
    const path = scene()
    const files = { '--a': path('calls.json'), '--b': path('data/calls.json'), '--c': path('new.json') }
    expect(() =>
      refuseSamePaths({ ...files, '--d': path('data/new.json'), '--e': undefined, '--f': undefined }),
    ).not.toThrow()
  })
})

describe('withFileTimes', () => {
  const { modifiedAt } = withFileTimes(nodeEffects())

  it("is the file's own time in a folder", async () => {
    const path = scene()
    const when = new Date('2024-05-06T07:08:09.000Z')
    utimesSync(path('data/calls.json'), when, when)
    expect(await modifiedAt({ store: openStore(path('data')), name: 'calls.json' })).toBe(when.getTime())
  })

  it('is what the place says where there is no such file', async () => {
    const store = memoryStore({ 'calls.json': 'x' })
    const file = { store, name: 'calls.json' }
    expect(await modifiedAt(file)).toBe(await callsEffects().modifiedAt(file))
    const list: FileStore['list'] = async () => [{ name: 'calls.json', size: 1, changedAt: 7 }] as never
    expect(await modifiedAt({ store: { ...store, location: 's3://bucket', list }, name: 'calls.json' })).toBe(7)
  })
})
