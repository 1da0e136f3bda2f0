import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type FilePort, folderStore, nodeFiles } from '../../../src/connect/index.ts'
import { describeFileStore } from '../../conformance/file-store.ts'
import { systemError, watchedPort } from './watched-port.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-files-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

let places = 0
function newFolder(): string {
  places += 1
  return join(base, `place-${places}`, 'deep')
}

const encode = (text: string) => new TextEncoder().encode(text)

describeFileStore('a folder', () => folderStore(newFolder()))
describeFileStore('a folder with a folder for temporary files', () =>
  folderStore(newFolder(), { temporaryFolder: '.unnamed/files' }),
)
describeFileStore('a folder on a file system without links', () =>
  folderStore(newFolder(), {
    port: watchedPort((call) => {
      if (call === 'link') throw systemError('EPERM')
      return undefined
    }),
  }),
)
describeFileStore('a folder whose disk takes half of what it is given', () =>
  folderStore(newFolder(), {
    port: watchedPort((call, args) =>
      call.startsWith('write') ? Math.ceil((args[1] as Uint8Array).length / 2) : undefined,
    ),
  }),
)

describe('folderStore', () => {
  it('flushes the file before it gets its name, and the folder after', async () => {
    const calls: string[] = []
    let opened = ''
    const port = watchedPort((call, args) => {
      if (call === 'open') opened = args[1] === 'r' ? 'folder' : 'file'
      if (call === 'sync') calls.push(`flush ${opened}`)
      if (call === 'write' || call === 'rename' || call === 'link') calls.push(call)
      return undefined
    })
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    const store = folderStore(folder, { port })
    await store.write('a', [encode('x')])
    // the empty folder's own name first
    expect(calls.splice(0)).toEqual(['flush folder', 'write', 'flush file', 'rename', 'flush folder'])
    await store.writeIfAbsent('b', encode('x'))
    expect(calls.splice(0)).toEqual(['write', 'flush file', 'link', 'flush folder'])
  })

  it('flushes the parent of a folder that it makes', async () => {
    const flushed: unknown[] = []
    let opened: unknown
    const folder = newFolder()
    const port = watchedPort((call, args) => {
      if (call === 'open') opened = args[0]
      if (call === 'sync') flushed.push(opened)
      return undefined
    })
    await folderStore(folder, { port }).write('a/b/c', [encode('x')])
    for (const parent of [
      join(folder, '..', '..'),
      join(folder, '..'),
      folder,
      join(folder, 'a'),
      join(folder, 'a', 'b'),
    ]) {
      expect(flushed).toContain(parent)
    }
  })

  it('flushes the name of an empty folder that it finds: its maker may have been killed before', async () => {
    const flushed: unknown[] = []
    let opened: unknown
    const port = watchedPort((call, args) => {
      if (call === 'open') opened = args[0]
      if (call === 'sync') flushed.push(opened)
      return undefined
    })
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    await folderStore(folder, { port }).write('a/b', [encode('x')])
    expect(flushed).toContain(join(folder, '..'))
    flushed.length = 0
    await folderStore(folder, { port }).write('a/c', [encode('x')])
    expect(flushed).not.toContain(folder)
    await folderStore(folder, { port }).flush('a/c')
    expect(flushed.at(-1)).toBe(join(folder, 'a'))
  })

  it('names a staged file later, and discards it on request', async () => {
    const folder = newFolder()
    const store = folderStore(folder)
    const kept = await store.stage([encode('kept')])
    const dropped = await store.stage([encode('dropped')])
    expect(await store.list('')).toEqual([])
    expect(await store.leftovers()).toHaveLength(2)
    await kept.moveTo('deep/name')
    await dropped.discard()
    await dropped.discard()
    expect(await store.leftovers()).toEqual([])
    const [entry] = await store.list('deep/')
    expect(entry).toMatchObject({ name: 'deep/name', size: kept.size, version: kept.version })
  })

  it('writes large chunks on another thread, in their order, with small ones between', async () => {
    const calls: string[] = []
    const port = watchedPort((call) => {
      if (call.startsWith('write')) calls.push(call)
      return undefined
    })
    const store = folderStore(newFolder(), { port })
    const parts = Array.from({ length: 9 }, (_, at) => new Uint8Array(at % 3 === 0 ? 10_000_000 : 9 * at).fill(at))
    await store.write('a', parts)
    expect(Buffer.compare(await store.load('a'), Buffer.concat(parts))).toBe(0)
    expect(calls).toEqual(['writeLater', 'writeLater', 'writeLater', 'writeLater', 'writeLater', 'writeLater'])
    calls.length = 0
    await store.write('b', [encode('small')])
    expect(calls).toEqual(['write'])
  })

  it('writes chunks of every size in order, collected, however few bytes the system takes', async () => {
    const sizes = [
      3, 70_000, 5, 40_000, 0, 300_000, 300_000, 3_000_000, 1, 2_000_000, 1_000_000, 1_500_000, 9, 6_000_000, 64,
    ]
    const parts = sizes.map((size, at) => new Uint8Array(size).fill(at + 1))
    let calls = 0
    const port = watchedPort((call, args) => {
      if (!call.startsWith('write')) return undefined
      calls += 1
      return Math.ceil((args[1] as Uint8Array).length / (calls % 3 === 0 ? 2 : 1))
    })
    const store = folderStore(newFolder(), { port })
    await store.write('a', parts)
    expect(Buffer.compare(await store.load('a'), Buffer.concat(parts))).toBe(0)
    calls = 0
    const pieces = Array.from({ length: 100 }, (_, at) => new Uint8Array(250_000).fill(at))
    await folderStore(newFolder(), {
      port: watchedPort((call) => {
        if (call === 'writeLater') calls += 1
        return undefined
      }),
    }).write('b', pieces)
    // 25 MB: some first, then 4 MiB at a time
    expect(calls).toBeLessThan(10)
  })

  it('makes the next chunk while the last is written', async () => {
    let writing = 0
    let made = 0
    const port: FilePort = {
      ...nodeFiles,
      async writeLater(file, bytes) {
        writing += 1
        await new Promise((resolve) => setTimeout(resolve, 5))
        writing -= 1
        return nodeFiles.write(file, bytes)
      },
    }
    const chunks = (function* () {
      for (let at = 0; at < 40; at++) {
        if (writing > 0) made += 1
        yield new Uint8Array(1 << 20)
      }
    })()
    await folderStore(newFolder(), { port }).write('a', chunks)
    expect(made).toBeGreaterThan(30)
  })

  it('holds no more than 32 MiB that wait to be written', async () => {
    let made = 0
    let written = 0
    let most = 0
    const port: FilePort = {
      ...nodeFiles,
      async writeLater(_, bytes) {
        most = Math.max(most, made - written)
        written += bytes.length
        return bytes.length
      },
      status: (file) => ({ ...nodeFiles.status(file), size: made }),
    }
    const chunks = (function* () {
      for (let at = 0; at < 100; at++) {
        made += 1 << 20
        yield new Uint8Array(1 << 20)
      }
    })()
    await (await folderStore(newFolder(), { port }).stage(chunks)).discard()
    expect([written >> 20, most >> 20 <= 34]).toEqual([100, true])
  })

  it('tells what another thread could not write, and leaves nothing', async () => {
    const port = watchedPort((call) => {
      if (call === 'writeLater') throw systemError('ENOSPC')
      return undefined
    })
    const store = folderStore(newFolder(), { port })
    await expect(store.write('a', [new Uint8Array(1 << 20), new Uint8Array(1 << 20)])).rejects.toMatchObject({
      code: 'disk_full',
    })
    expect(await store.leftovers()).toEqual([])
  })

  it('reads through one window', async () => {
    const folder = newFolder()
    const store = folderStore(folder)
    await store.write('big', [new Uint8Array(2_500_000).fill(7)])
    const buffers = new Set<ArrayBufferLike>()
    let size = 0
    const { entry, windows } = store.windows('big')
    for (const window of windows) {
      buffers.add(window.buffer)
      size += window.length
    }
    expect([buffers.size, size]).toEqual([1, 2_500_000])
    expect(Buffer.compare(await store.load('big'), new Uint8Array(2_500_000).fill(7))).toBe(0)
    expect([entry]).toEqual(await store.list('big'))
  })

  it('reads any stretch of an opened file, long ones on another thread where that is asked for', async () => {
    const calls: string[] = []
    const port = watchedPort((call) => {
      if (call.startsWith('read') || call === 'close') calls.push(call)
      return undefined
    })
    const store = folderStore(newFolder(), { port })
    const bytes = Uint8Array.from({ length: 2_500_000 }, (_, at) => at % 251)
    await store.write('big', [bytes])
    calls.length = 0
    const file = store.openBytes('big')
    expect(file.size).toBe(bytes.length)
    for (const [at, length] of [
      [2_499_999, 1],
      [0, 3],
      [1_000_000, 1_400_000],
      [7, 0],
    ] as const) {
      const [now, later] = [new Uint8Array(length), new Uint8Array(length)]
      file.read(at, now)
      await file.readLater(at, later)
      expect(Buffer.compare(now, bytes.subarray(at, at + length))).toBe(0)
      expect(Buffer.compare(later, now)).toBe(0)
    }
    file.close()
    expect(calls).toEqual(['read', 'read', 'read', 'read', 'read', 'readLater', 'close'])
    const cut = store.openBytes('big')
    const behind = 'big ends before the bytes that are to be read'
    expect(() => cut.read(2_499_999, new Uint8Array(2))).toThrow(behind)
    await expect(cut.readLater(2_000_000, new Uint8Array(2_000_000))).rejects.toThrow(behind)
    await expect(cut.readLater(2_500_000, new Uint8Array(1))).rejects.toMatchObject({ code: 'io_failed' })
    cut.close()
    expect(() => store.openBytes('none')).toThrow(expect.objectContaining({ code: 'not_found' }))
  })

  it('says disk_full when the disk takes no byte and does not say why', async () => {
    const store = folderStore(newFolder(), { port: { ...nodeFiles, write: () => 0 } })
    await expect(store.write('a', [encode('x')])).rejects.toMatchObject({ code: 'disk_full' })
    expect(await store.leftovers()).toEqual([])
  })

  it('says io_failed when the file holds fewer bytes than were taken', async () => {
    const store = folderStore(newFolder(), { port: { ...nodeFiles, write: (_, bytes) => bytes.length } })
    await expect(store.write('a', [encode('x')])).rejects.toThrow('holds 0 bytes where 1 were written')
  })

  it.each([
    ['ENOSPC', 'disk_full', false],
    ['EDQUOT', 'disk_full', false],
    ['EACCES', 'permission_denied', false],
    ['EROFS', 'permission_denied', false],
    ['EIO', 'io_failed', false],
    ['EMFILE', 'io_failed', true],
    ['EBUSY', 'io_failed', true],
    ['ENAMETOOLONG', 'path_invalid', false],
    ['EWEIRD', 'io_failed', false],
  ])('calls %s %s', async (system, code, isTransient) => {
    const port = watchedPort((call) => {
      if (call === 'write') throw systemError(system)
      return undefined
    })
    const store = folderStore(newFolder(), { port })
    await expect(store.write('a', [encode('x')])).rejects.toMatchObject({ name: 'ConnectError', code, isTransient })
  })

  it('tells file and cure', async () => {
    const store = folderStore(join(base, 'nowhere'))
    await expect(async () => {
      for await (const _ of store.read('initial/agents.csv'));
    }).rejects.toThrow(/cannot read .*nowhere.*: does not exist; check the name and the folder \(ENOENT\)/)
  })

  it.runIf(process.platform !== 'win32')('refuses links that leave the folder', async () => {
    const folder = newFolder()
    const outside = newFolder()
    mkdirSync(folder, { recursive: true })
    mkdirSync(join(outside, 'inner'), { recursive: true })
    writeFileSync(join(outside, 'secret.csv'), 'secret')
    symlinkSync(join(outside, 'secret.csv'), join(folder, 'link.csv'))
    symlinkSync(outside, join(folder, 'linked'))
    const store = folderStore(folder)
    const refusal = { name: 'ConnectError', code: 'path_invalid' }
    const readAll = async (name: string) => {
      for await (const _ of store.read(name));
    }
    await expect(readAll('link.csv')).rejects.toMatchObject(refusal)
    await expect(readAll('linked/secret.csv')).rejects.toMatchObject(refusal)
    expect(() => store.windows('linked/secret.csv')).toThrow(/is a link that leaves/)
    expect(() => store.openBytes('linked/secret.csv')).toThrow(/is a link that leaves/)
    await expect(store.write('linked/new.csv', [encode('x')])).rejects.toMatchObject(refusal)
    await expect(store.writeIfAbsent('linked/new.csv', encode('x'))).rejects.toMatchObject(refusal)
    await expect(store.remove('linked/secret.csv')).rejects.toMatchObject(refusal)
    await expect(store.list('')).rejects.toMatchObject(refusal)
    expect(readdirSync(outside).sort()).toEqual(['inner', 'secret.csv'])
    expect(await store.leftovers()).toEqual([])
  })

  it.runIf(process.platform !== 'win32')(
    'refuses a link into a folder beside it whose name begins with its own',
    async () => {
      const folder = newFolder()
      const beside = `${folder}-other`
      for (const path of [folder, beside]) mkdirSync(path, { recursive: true })
      writeFileSync(join(beside, 'secret.csv'), 'secret')
      symlinkSync(join(beside, 'secret.csv'), join(folder, 'link.csv'))
      symlinkSync(beside, join(folder, 'linked'))
      const store = folderStore(folder)
      expect(() => store.windows('link.csv')).toThrow(/is a link that leaves/)
      await expect(store.write('linked/new.csv', [encode('x')])).rejects.toMatchObject({ code: 'path_invalid' })
      expect(readdirSync(beside)).toEqual(['secret.csv'])
    },
  )

  it.runIf(process.platform !== 'win32')('replaces a link instead of writing through it', async () => {
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    const outside = join(newFolder(), '..')
    mkdirSync(outside, { recursive: true })
    writeFileSync(join(outside, 'target'), 'untouched')
    symlinkSync(join(outside, 'target'), join(folder, 'a'))
    await folderStore(folder).write('a', [encode('new')])
    expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('untouched')
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new')
  })

  it.runIf(process.platform !== 'win32')('follows links that stay inside, and a root that is a link', async () => {
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'real.csv'), 'inside')
    symlinkSync(join(folder, 'real.csv'), join(folder, 'link.csv'))
    const root = join(base, 'root-link')
    symlinkSync(folder, root)
    const store = folderStore(root)
    expect((await store.list('')).map(({ name, size }) => [name, size])).toEqual([
      ['link.csv', 6],
      ['real.csv', 6],
    ])
  })

  it('refuses a folder, and a file on the way', async () => {
    const folder = newFolder()
    const store = folderStore(folder)
    await store.write('a/b', [encode('x')])
    expect(() => store.windows('a')).toThrow(/is a folder, expected a file/)
    expect(() => store.openBytes('a')).toThrow(/is a folder, expected a file/)
    await expect(store.write('a/b/c', [encode('x')])).rejects.toMatchObject({ name: 'ConnectError' })
    await expect(store.write('a', [encode('x')])).rejects.toMatchObject({ name: 'ConnectError' })
    expect(existsSync(join(folder, 'a', 'b'))).toBe(true)
  })

  it.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)('says permission_denied', async () => {
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o500)
    await expect(folderStore(folder).write('a', [encode('x')])).rejects.toMatchObject({ code: 'permission_denied' })
  })

  it('keeps errors of the chunks as they are', async () => {
    const store = folderStore(newFolder())
    const error = new RangeError('not of the disk')
    const chunks = (function* (): Generator<Uint8Array> {
      yield encode('x')
      throw error
    })()
    await expect(store.stage(chunks)).rejects.toBe(error)
    expect(await store.leftovers()).toEqual([])
  })
})
