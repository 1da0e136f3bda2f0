import { describe, expect, it } from 'vitest'
import { folderStore } from '../../src/connect/index.ts'
import { describeFileStore } from '../conformance/file-store.ts'
import { type Crash, crashed } from './crash.ts'
import { Disk, emptyImage, filesOf } from './disk.ts'

describeFileStore('a folder on the disk of the crash model', () =>
  folderStore('/place', { port: new Disk(emptyImage).port() }),
)

/** The files that a loss of power leaves, as text. */
function leftOf({ base, journal }: Disk, crash: Partial<Crash> = {}): Record<string, string> {
  const whole = { moment: journal.length, order: 'reordered', fate: 'lost', seed: 1, ...crash } as const
  const files = filesOf(crashed(base, journal, whole))
  return Object.fromEntries(Array.from(files, ([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]))
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed)
const text = Buffer.from('x'.repeat(200))

/** A disk, and the calls of one process, with what a flush of a file or folder needs. */
function opened() {
  const disk = new Disk(emptyImage)
  const port = disk.port()
  const flush = async (path: string): Promise<void> => {
    const file = port.open(path, 'r')
    await port.sync(file)
    port.close(file)
  }
  const write = (path: string): void => {
    const file = port.open(path, 'wx')
    port.write(file, text)
    port.close(file)
  }
  return { disk, port, flush, write }
}

describe('a disk after a loss of power', () => {
  it('has lost a file of which nothing was flushed', () => {
    const { disk, write } = opened()
    write('/a')
    expect(leftOf(disk)).toEqual({})
  })

  it('has lost a file whose folder was not flushed, though its bytes were', async () => {
    const { disk, write, flush } = opened()
    write('/a')
    await flush('/a')
    expect(leftOf(disk)).toEqual({})
  })

  it('has an empty file where the folder was flushed and the bytes were not', async () => {
    const { disk, write, flush } = opened()
    write('/a')
    await flush('/')
    expect(leftOf(disk)).toEqual({ a: '' })
  })

  it('has what was flushed, whatever becomes of the rest', async () => {
    const { disk, port, write, flush } = opened()
    write('/a')
    await flush('/a')
    await flush('/')
    write('/b')
    port.rename('/b', '/c')
    for (const order of ['in order', 'reordered'] as const) {
      for (const fate of ['lost', 'torn', 'complete'] as const) {
        for (const seed of seeds) expect(leftOf(disk, { order, fate, seed })).toMatchObject({ a: String(text) })
      }
    }
  })

  it('has the bytes of before or after a flush that was under way', async () => {
    const { disk, port, write } = opened()
    write('/a')
    const folder = port.open('/', 'r')
    const flushing = port.sync(folder)
    expect(leftOf(disk)).toEqual({})
    await flushing
    expect(leftOf(disk)).toEqual({ a: '' })
  })

  it('has lost a folder, and all in it, whose name was not flushed', async () => {
    const { disk, port, write, flush } = opened()
    port.makeFolder('/f')
    write('/f/a')
    await flush('/f/a')
    await flush('/f')
    expect(leftOf(disk)).toEqual({})
    await flush('/')
    expect(leftOf(disk)).toEqual({ 'f/a': String(text) })
  })

  it('has a file that was renamed under one of its names, or both, and never under none', async () => {
    const { disk, port, write, flush } = opened()
    port.makeFolder('/f')
    write('/f/a')
    await flush('/f/a')
    await flush('/f')
    await flush('/')
    port.rename('/f/a', '/b')
    const found = new Set(seeds.map((seed) => Object.keys(leftOf(disk, { fate: 'complete', seed })).join()))
    expect(found).toEqual(new Set(['f/a', 'b', 'f/a,b']))
  })

  it('has torn writes: cut, with zeros, and with rubbish', () => {
    const { disk, write } = opened()
    write('/a')
    for (const order of ['in order', 'reordered'] as const) {
      const left = seeds.map((seed) => leftOf(disk, { order, fate: 'torn', seed }).a ?? 'gone')
      expect(left.some((bytes) => /^x*$/.test(bytes) && bytes.length < 200)).toBe(true)
      expect(left.some((bytes) => bytes.length === 200 && bytes.includes('\0'.repeat(64)))).toBe(true)
      expect(left.some((bytes) => bytes.length === 200 && /[^x\0]/.test(bytes))).toBe(true)
    }
  })

  it('has, in order, no later change without the earlier one; reordered, that too', () => {
    const { disk, write } = opened()
    write('/a')
    write('/b')
    const names = (order: Crash['order']) =>
      new Set(seeds.map((seed) => Object.keys(leftOf(disk, { order, fate: 'torn', seed })).join()))
    expect(names('in order')).toEqual(new Set(['', 'a', 'a,b']))
    expect(names('reordered')).toEqual(new Set(['', 'a', 'b', 'a,b']))
  })

  it('is, with its process alone killed, what it was, and what was not flushed may still be lost', async () => {
    const { disk, write } = opened()
    write('/a')
    const later = new Disk(disk.base, disk.journal)
    expect([...filesOf(later.image).keys()]).toEqual(['a'])
    const port = later.port()
    expect(() => port.open('/a', 'wx')).toThrow('EEXIST')
    expect(leftOf(later)).toEqual({})
  })
})
