import { describe, expect, it } from 'vitest'
import { boundFiles } from '../../src/connect/bound-files.ts'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'

const files = () => {
  const [a, b] = [memoryStore({ 'x.csv': 'x', 'x.csv.old': 'old' }), memoryStore({ 'y/z.csv': 'zz' })]
  return boundFiles({ 'log/1.csv': { store: b, name: 'y/z.csv' }, 'agents.csv': { store: a, name: 'x.csv' } })
}

async function textOf(name: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of files().read(name)) parts.push(part)
  return Buffer.concat(parts).toString()
}

describe('boundFiles', () => {
  it('lists and reads files of several places under the names it is given', async () => {
    const entries = await files().list('')
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['agents.csv', 1],
      ['log/1.csv', 2],
    ])
    expect((await files().list('log/')).map(({ name }) => name)).toEqual(['log/1.csv'])
    expect([await textOf('agents.csv'), await textOf('log/1.csv')]).toEqual(['x', 'zz'])
  })

  it('says what the place says of a file that does not exist', async () => {
    const none = boundFiles({ 'a.csv': { store: memoryStore(), name: 'gone.csv' } })
    await expect(none.list('')).rejects.toThrow('cannot read memory/gone.csv: does not exist')
    await expect(textOf('other.csv')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('reads through one buffer where each of its places can, and is never written', async () => {
    const folder = folderStore(import.meta.dirname)
    const here = { store: folder, name: 'bound-files.test.ts' }
    expect(boundFiles({ a: here }).windows?.('a').entry.size).toBeGreaterThan(100)
    expect(boundFiles({ a: here, b: { store: memoryStore(), name: 'b' } }).windows).toBeUndefined()
    await expect(files().write('a', [])).rejects.toMatchObject({ code: 'path_invalid' })
    await expect(files().remove('agents.csv')).rejects.toMatchObject({ code: 'path_invalid' })
  })
})
