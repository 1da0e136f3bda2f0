import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { mountedStores } from '../../src/connect/mounted-stores.ts'

const place = () =>
  mountedStores({
    's3/': memoryStore({ 'call logs/1.csv': 'one', 'customers/all.csv': 'two' }),
    'sheet/': memoryStore({ 'agents.json': '[]' }),
  })
const namesOf = async (prefix: string) => (await place().list(prefix)).map(({ name }) => name)

describe('mountedStores', () => {
  it('lists files of all places below their folders', async () => {
    expect(await namesOf('')).toEqual(['s3/call logs/1.csv', 's3/customers/all.csv', 'sheet/agents.json'])
    expect(await namesOf('s3')).toEqual(['s3/call logs/1.csv', 's3/customers/all.csv'])
    expect(await namesOf('s3/call logs/')).toEqual(['s3/call logs/1.csv'])
    expect(await namesOf('sheet/agents.json')).toEqual(['sheet/agents.json'])
    expect(await namesOf('other/')).toEqual([])
  })

  it('reads a file of each place', async () => {
    const read = async (name: string): Promise<string> => {
      let text = ''
      for await (const chunk of place().read(name)) text += new TextDecoder().decode(chunk)
      return text
    }
    expect([await read('s3/call logs/1.csv'), await read('sheet/agents.json')]).toEqual(['one', '[]'])
    await expect(read('s3/gone.csv')).rejects.toMatchObject({ code: 'not_found' })
    await expect(read('agents.json')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('reads through one buffer where each place can, and names the file as it was asked for', async () => {
    const folder = folderStore(import.meta.dirname)
    const one = mountedStores({ 'here/': folder })
    const windows = one.windows?.('here/mounted-stores.test.ts')
    expect(windows?.entry.name).toBe('here/mounted-stores.test.ts')
    expect([...(windows?.windows ?? [])].length).toBeGreaterThan(0)
    expect(mountedStores({ 'here/': folder, 'there/': memoryStore() }).windows).toBeUndefined()
  })

  it('opens a file by whatever way its place has, and knows its version where the place does', async () => {
    const chunks = (async function* () {})()
    const opened: string[] = []
    const store: FileStore = {
      ...memoryStore(),
      async open(name) {
        opened.push(name)
        return { entry: { name, size: 0, version: null, changedAt: null }, chunks }
      },
    }
    const folder = folderStore(import.meta.dirname)
    const all = mountedStores({ 's3/': store, 'here/': folder, 'sheet/': memoryStore({ 'a.json': '[]' }) })
    const file = await all.open?.('s3/call logs/1.csv')
    expect([file?.entry.name, opened]).toEqual(['s3/call logs/1.csv', ['call logs/1.csv']])
    const name = 'mounted-stores.test.ts'
    const here = await all.open?.(`here/${name}`)
    const [listed] = await folder.list(name)
    expect([here?.entry.name, here?.entry.version]).toEqual([`here/${name}`, listed?.version])
    let bytes = 0
    for await (const chunk of here?.chunks ?? []) bytes += chunk.length
    expect(bytes).toBe(listed?.size)
    expect((await all.open?.('sheet/a.json'))?.entry).toMatchObject({ name: 'sheet/a.json', size: 2, version: null })
  })

  it('is never written', async () => {
    const { write, writeIfAbsent, remove } = place()
    for (const call of [write('s3/a', []), writeIfAbsent('s3/a', new Uint8Array()), remove('sheet/agents.json')]) {
      await expect(call).rejects.toMatchObject({ code: 'path_invalid' })
    }
  })

  it.each([
    ['no folder', { s3: memoryStore() }, 'invalid_option'],
    ['a folder in a folder', { 's3/': memoryStore(), 's3/calls/': memoryStore() }, 'path_invalid'],
  ])('refuses %s', (_, folders, code) => {
    expect(() => mountedStores(folders)).toThrow(expect.objectContaining({ code }))
  })
})
