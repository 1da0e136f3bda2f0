import { describe, expect, it } from 'vitest'
import { placed, placedFolder } from '../../../src/terminal/text/placed.ts'

const refusal = (message: string) => expect.objectContaining({ code: 'path_invalid', message })
const FILE = 'use a file of this machine or s3://bucket/folder/file'
const FOLDER = 'use a folder of this machine or s3://bucket/folder'

/** The folder and the name that a path is taken apart into. */
function parts(path: string): readonly string[] {
  const opened: string[] = []
  const { name } = placed('--data', path, (folder) => {
    opened.push(folder)
    return {} as never
  })
  return [...opened, name]
}

describe('placed', () => {
  it.each([
    ['calls.json', '.', 'calls.json'],
    ['data/calls.json', 'data', 'calls.json'],
    ['/data/calls.json', '/data', 'calls.json'],
    ['./a.b/.hidden', './a.b', '.hidden'],
    ['s3://bucket/calls.json', 's3://bucket', 'calls.json'],
    ['s3://bucket/a/b/calls.json', 's3://bucket/a/b', 'calls.json'],
    ['C:/data/calls.json', 'C:/data', 'calls.json'],
  ])('takes %s apart', (path, folder, name) => {
    expect(parts(path)).toEqual([folder, name])
  })

  it.each(['', '.', '..', 'data/', 'data\\', 'data/.', 'data/..', '/', 's3://bucket/folder/', 'a\u001b/'])(
    'refuses %j, which is no file',
    (path) => {
      const shown = path.replace('\u001b', '\\u001b')
      expect(() => parts(path)).toThrow(refusal(`--data "${shown}" names no file; ${FILE}`))
    },
  )

  it.each([
    ['gs://bucket/x', 'gs'],
    ['s3:/bucket/x', 's3'],
    ['S3://bucket/x', 'S3'],
    ['git+ssh://me:secret@host/x', 'git+ssh'],
    ['file:/x', 'file'],
  ])('refuses %s by its kind alone', (path, kind) => {
    const problem = `--data names a place of the kind ${kind}:, which cannot be used`
    expect(() => parts(path)).toThrow(refusal(`${problem}; ${FILE}`))
    expect(() => placedFolder('--data', path)).toThrow(refusal(`${problem}; ${FOLDER}`))
  })

  it.each(['data/s3://secret', '1x://secret', '://secret', 'a b://secret'])('refuses %s, which is no place', (path) => {
    const problem = '--data names an address that is not a place'
    expect(() => parts(path)).toThrow(refusal(`${problem}; ${FILE}`))
    expect(() => placedFolder('--data', path)).toThrow(refusal(`${problem}; ${FOLDER}`))
  })
})

describe('placedFolder', () => {
  it.each(['data', './a:b', 'C:/data', 's3://bucket', 's3://bucket/folder'])('opens %s as it is', (path) => {
    const opened: string[] = []
    placedFolder('--data', path, (folder) => {
      opened.push(folder)
      return {} as never
    })
    expect(opened).toEqual([path])
  })
})
