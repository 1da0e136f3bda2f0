import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { meantPath, meantText, refuseNoFolder } from '../../src/terminal/did-you-mean.ts'
import { emptyFolder } from '../cli/command-line.ts'

/** Words that are like no other word here. */
const words = (count: number) => Array.from({ length: count }, (_, at) => `word${String.fromCharCode(97 + at)}`)

describe('meantText', () => {
  it.each([
    ['the nearest word', 'agnets', ['calls', 'agents'], 'did you mean "agents"?'],
    ['that there is none', 'agents', [], 'there are none'],
    ['the only word', 'xyz', ['calls'], 'there are "calls"'],
    ['every word of a few', 'xyz', ['calls', 'agents'], 'there are "calls", "agents"'],
  ])('says %s', (_, written, known, text) => {
    expect(meantText(written, known)).toBe(text)
  })

  it('lists twelve words, and counts the others', () => {
    const listed = words(12).map((word) => `"${word}"`)
    expect(meantText('0', words(11))).toBe(`there are ${listed.slice(0, 11).join(', ')}`)
    expect(meantText('0', words(12))).toBe(`there are ${listed.join(', ')}`)
    expect(meantText('0', words(13))).toBe(`there are ${listed.join(', ')} and 1 more`)
    expect(meantText('0', words(20))).toBe(`there are ${listed.join(', ')} and 8 more`)
  })
})

describe('meantPath', () => {
  it('names a neighbour with almost the same name, in its folder; else nothing', () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'output'))
    writeFileSync(join(folder, 'calls.json'), '')
    expect(meantPath(join(folder, 'outptu'))).toBe(` (did you mean ${join(folder, 'output')}?)`)
    expect(meantPath(join(folder, 'call.json'))).toBe(` (did you mean ${join(folder, 'calls.json')}?)`)
    expect(meantPath(join(folder, 'elsewhere'))).toBe('')
    expect(meantPath(join(folder, 'nowhere', 'output'))).toBe('')
  })

  it('names no neighbour that only contains the name', () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'hsperfdata_root'))
    expect(meantPath(join(folder, 'data'))).toBe('')
    mkdirSync(join(folder, 'data1'))
    expect(meantPath(join(folder, 'data'))).toBe(` (did you mean ${join(folder, 'data1')}?)`)
    expect(meantPath(join(folder, 'data1'))).toBe('')
  })
})

describe('refuseNoFolder', () => {
  it('refuses a named folder that is not there, and neither the usual one nor an address', () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'output'))
    const near = join(folder, 'outptu')
    expect(() => refuseNoFolder(near)).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: `--data: there is no folder ${near} (did you mean ${join(folder, 'output')}?); give the folder that holds the source files`,
      }),
    )
    for (const path of [folder, 's3://bucket/data', 's3:/bucket', 'gs://bucket']) {
      expect(() => refuseNoFolder(path)).not.toThrow()
    }
    expect(() => refuseNoFolder(near, near)).not.toThrow()
    expect(() => refuseNoFolder(join(folder, 'C:'))).toThrow('there is no folder')
  })
})
