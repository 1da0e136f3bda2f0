/** One suite for every place: whatever implements `FileStore` passes it. */
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/connect/index.ts'

const encode = (text: string) => new TextEncoder().encode(text)

async function textOf(store: FileStore, name: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of store.read(name)) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}

const namesOf = async (store: FileStore, prefix: string) => (await store.list(prefix)).map(({ name }) => name)

/** Declares the suite for the empty places that `open` gives, one a test. */
export function describeFileStore(kind: string, open: () => FileStore | Promise<FileStore>): void {
  describe(`${kind} as a FileStore`, () => {
    it('gives back what was written, chunk after chunk', async () => {
      const store = await open()
      await store.write('a/b/c.txt', [encode('one '), encode(''), encode('two')])
      expect(await textOf(store, 'a/b/c.txt')).toBe('one two')
    })

    it('takes chunks that come later', async () => {
      const store = await open()
      await store.write(
        'late.txt',
        (async function* () {
          yield encode('one ')
          await Promise.resolve()
          yield encode('two')
        })(),
      )
      expect(await textOf(store, 'late.txt')).toBe('one two')
    })

    it('keeps its own copy of the chunks', async () => {
      const store = await open()
      const chunk = encode('first')
      await store.write('a.txt', [chunk])
      await store.writeIfAbsent('b.txt', chunk)
      chunk.fill(0)
      expect([await textOf(store, 'a.txt'), await textOf(store, 'b.txt')]).toEqual(['first', 'first'])
    })

    it('keeps an empty file', async () => {
      const store = await open()
      await store.write('empty', [])
      expect((await store.list('')).map(({ name, size }) => [name, size])).toEqual([['empty', 0]])
      expect(await textOf(store, 'empty')).toBe('')
    })

    it('keeps three megabytes byte for byte', async () => {
      const store = await open()
      const bytes = Uint8Array.from({ length: 3 << 20 }, (_, at) => (at * 31) % 251)
      await store.write('big', [bytes.subarray(0, 1_500_001), bytes.subarray(1_500_001)])
      const parts: Uint8Array[] = []
      for await (const part of store.read('big')) parts.push(part)
      expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    })

    it('replaces a file', async () => {
      const store = await open()
      await store.write('a.txt', [encode('old and long')])
      await store.write('a.txt', [encode('new')])
      expect(await textOf(store, 'a.txt')).toBe('new')
    })

    it('lists by name what begins with the prefix, with its size', async () => {
      const store = await open()
      for (const name of ['delta/b.csv', 'delta/a.csv', 'initial/a.csv', 'delta/deep/c.csv', 'deltas.txt']) {
        await store.write(name, [encode(name)])
      }
      expect(await namesOf(store, 'delta/')).toEqual(['delta/a.csv', 'delta/b.csv', 'delta/deep/c.csv'])
      expect(await namesOf(store, 'delta/a')).toEqual(['delta/a.csv'])
      expect(await namesOf(store, 'delta')).toEqual(['delta/a.csv', 'delta/b.csv', 'delta/deep/c.csv', 'deltas.txt'])
      expect((await store.list('initial/')).map(({ size }) => size)).toEqual([13])
    })

    it('lists nothing where nothing is', async () => {
      const store = await open()
      expect(await store.list('')).toEqual([])
      expect(await store.list('no/such/folder/')).toEqual([])
    })

    it('shows another version after a change, the same without one', async () => {
      const store = await open()
      await store.write('a.txt', [encode('one')])
      const [first] = await store.list('a')
      expect(await store.list('a')).toEqual([first])
      await store.write('a.txt', [encode('two')])
      const [second] = await store.list('a')
      expect(second?.version).not.toBe(first?.version)
    })

    it('says of a file that it opens what its list says, where it can open files', async () => {
      const store = await open()
      await store.write('a.txt', [encode('one '), encode('two')])
      if (store.open === undefined) return
      const { entry, chunks } = await store.open('a.txt')
      let text = ''
      for await (const chunk of chunks) text += new TextDecoder().decode(chunk)
      expect([text, [entry]]).toEqual(['one two', await store.list('a')])
      await expect(store.open('missing.txt')).rejects.toMatchObject({ code: 'not_found' })
    })

    it('knows beforehand the version of a file that gets its name later, where it can stage files', async () => {
      const store = await open()
      for (const [name, size] of [
        ['a', 0],
        ['b', 70_000],
        ['c', 70_001],
        ['d', 200_000],
      ] as const) {
        const staged = await store.stage?.([new Uint8Array(size).fill(size % 251)])
        if (staged === undefined) return
        const { version } = staged
        const durable = size === 0 ? 'later' : 'now'
        await staged.moveTo(name, durable)
        if (durable === 'later') await store.flush?.(name)
        expect(await store.list(name)).toMatchObject([{ name, size, version }])
      }
    })

    it('says not_found for a file that is not there', async () => {
      const store = await open()
      await expect(textOf(store, 'missing.txt')).rejects.toMatchObject({ name: 'ConnectError', code: 'not_found' })
      await store.write('a/b.txt', [encode('x')])
      await expect(textOf(store, 'a/c.txt')).rejects.toMatchObject({ code: 'not_found' })
    })

    it('leaves the old file when the chunks break off', async () => {
      const store = await open()
      await store.write('a.txt', [encode('old')])
      const broken = (function* () {
        yield encode('half of the new')
        throw new TypeError('broke off')
      })()
      await expect(store.write('a.txt', broken)).rejects.toThrow('broke off')
      expect(await textOf(store, 'a.txt')).toBe('old')
      expect(await namesOf(store, '')).toEqual(['a.txt'])
    })

    it('writes a file if its name is free, and says whether it was', async () => {
      const store = await open()
      expect(await store.writeIfAbsent('log/1', encode('first'))).toBe(true)
      expect(await store.writeIfAbsent('log/1', encode('second'))).toBe(false)
      expect(await textOf(store, 'log/1')).toBe('first')
    })

    it('lets one of twenty writers at once have a name', async ({ task }) => {
      const store = await open()
      const wins = await Promise.all(
        Array.from({ length: 20 }, (_, writer) => store.writeIfAbsent('log/1', encode(`writer ${writer}`))),
      )
      expect(wins.filter(Boolean)).toHaveLength(1)
      expect(await textOf(store, 'log/1')).toBe(`writer ${wins.indexOf(true)}`)
      expect(await namesOf(store, '')).toEqual(['log/1'])
      task.meta.figures = { 'places where one of 20 writers at once wins': 1 }
    })

    it('never shows a mixture of concurrent writers', async ({ task }) => {
      const store = await open()
      const texts = Array.from({ length: 8 }, (_, writer) => String(writer).repeat(100_000))
      await Promise.all(texts.map((text) => store.write('same', [encode(text), encode(text)])))
      expect(texts.map((text) => text + text)).toContain(await textOf(store, 'same'))
      task.meta.figures = { 'places that never mix 8 writers': 1 }
    })

    it('removes a file, and one that is gone', async () => {
      const store = await open()
      await store.write('a/b.txt', [encode('x')])
      await store.remove('a/b.txt')
      await store.remove('a/b.txt')
      await store.remove('no/such/folder.txt')
      expect(await store.list('')).toEqual([])
    })

    it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', './a', 'a/', 'a\\..\\b', 'a\0b', 'a\nb'])(
      'refuses the name %j',
      async (name) => {
        const store = await open()
        const refusal = { name: 'ConnectError', code: 'path_invalid' }
        await expect(store.write(name, [encode('x')])).rejects.toMatchObject(refusal)
        await expect(store.writeIfAbsent(name, encode('x'))).rejects.toMatchObject(refusal)
        await expect(textOf(store, name)).rejects.toMatchObject(refusal)
        await expect(store.remove(name)).rejects.toMatchObject(refusal)
      },
    )

    it('refuses to list outside', async () => {
      const store = await open()
      await expect(store.list('../')).rejects.toMatchObject({ code: 'path_invalid' })
      await expect(store.list('/etc/')).rejects.toMatchObject({ code: 'path_invalid' })
    })

    it.each(['__proto__', 'constructor', 'toString', 'a b', 'é', '100%', 'a:b', '~'])(
      'takes the name %j',
      async (name) => {
        const store = await open()
        expect(await namesOf(store, name)).toEqual([])
        expect(await store.writeIfAbsent(`folder/${name}`, encode(name))).toBe(true)
        expect(await textOf(store, `folder/${name}`)).toBe(name)
        expect(await namesOf(store, 'folder/')).toEqual([`folder/${name}`])
      },
    )
  })
}
