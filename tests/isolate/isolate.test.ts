import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConnectError } from '../../src/errors.ts'
import { type IsolationOptions, isolate } from '../../src/isolate/isolate.ts'
import { isolatedParquet } from '../../src/isolate/isolated-parquet.ts'
import { moduleUrl, packageFolder } from '../../src/isolate/package-file.ts'

const MODULE = new URL('work.ts', import.meta.url).href
const workOf = (what: string) => new URL(`?do=${what}`, MODULE)
const work = (what: string, bytes: readonly number[] = [7], options: IsolationOptions = {}) =>
  isolate(workOf(what), Uint8Array.from(bytes), options)

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('isolate', () => {
  it('gives the bytes of the work, also of none and to none', async () => {
    expect(await work('double', [1, 2, 3])).toEqual({ end: 'done', bytes: Uint8Array.of(1, 2, 3, 1, 2, 3) })
    expect(await work('double', [])).toEqual({ end: 'done', bytes: new Uint8Array(0) })
  })

  it('gives the reason of work that throws', async () => {
    expect(await work('refuse')).toEqual({ end: 'refused', reason: 'these are not for me' })
    expect(await work('throw text')).toEqual({ end: 'refused', reason: 'only words' })
  })

  it('puts an answer together that comes in pieces', async () => {
    expect(await work('pieces')).toEqual({ end: 'done', bytes: Uint8Array.of(1, 2, 3, 4) })
    expect(await work('reason')).toEqual({ end: 'refused', reason: 'oh' })
  })

  it.each(['half', 'no header', 'kind', 'too long', 'no length'])(
    'takes no answer that is not whole and of a known kind: %s',
    async (what) => {
      expect(await work(what)).toEqual({ end: 'died', how: 'SIGKILL' })
    },
  )

  it('takes no answer that is longer than the memory, even if it is whole', async () => {
    const half = new Uint8Array(33 * 2 ** 20)
    const answer = (memory: number) => isolate(workOf('too much'), half, { memory })
    expect(await answer(64 * 2 ** 20)).toMatchObject({ end: 'died' })
    expect((await answer(66 * 2 ** 20)).end).toBe('done')
  })

  it('says that work was late', async () => {
    const never = new URL(`?how=loop`, new URL('../hardening/decoder-double.ts', import.meta.url))
    expect(await isolate(never, Uint8Array.of(1), { timeout: 1500 })).toEqual({ end: 'late' })
  })

  it('passes the paths of libraries to the child, and nothing else', async () => {
    vi.stubEnv('LD_LIBRARY_PATH', join(import.meta.dirname, 'none'))
    vi.stubEnv('SystemRoot', '')
    const names = async () => {
      const result = await work('environment')
      return result.end === 'refused' ? JSON.parse(result.reason) : result
    }
    // macOS adds one of its own to every process
    const own = ['__CF_USER_TEXT_ENCODING']
    expect((await names()).filter((name: string) => !own.includes(name))).toEqual(['LD_LIBRARY_PATH'])
  })

  it('begins nothing for a signal that has aborted, and listens to none afterwards', async () => {
    const reason = new TypeError('given up')
    await expect(work('double', [1], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const control = new AbortController()
    const removed = vi.spyOn(control.signal, 'removeEventListener')
    expect(await work('double', [1], { signal: control.signal })).toMatchObject({ end: 'done' })
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function))
  })

  it('says what to do where no process can be begun', async () => {
    const { execPath } = process
    process.execPath = join(import.meta.dirname, 'no-such-program')
    try {
      const failed = await work('double').catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(ConnectError)
      expect(failed).toMatchObject({ code: 'io_failed', isTransient: true, cause: { code: 'ENOENT' } })
      expect(String(failed)).toMatch(
        /cannot begin a process to decode in: .*ENOENT; try again, or allow this user more/,
      )
    } finally {
      process.execPath = execPath
    }
  })
})

describe('isolatedParquet', () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const refused = (what: string, options: Parameters<typeof isolatedParquet>[0] = {}, file?: string) =>
    isolatedParquet({ ...options, engine: workOf(what) })(bytes, file).catch((error: unknown) => error)

  it('names the file, what was found, and the limit of memory', async () => {
    expect(await refused('refuse', { memory: 64 * 2 ** 20 + 1 }, 'a.parquet')).toMatchObject({
      code: 'parquet_invalid',
      message:
        'a.parquet is not a readable Parquet file: these are not for me. It is damaged, or needs more than 64 MiB of memory; fetch the file again, or cut it into smaller ones',
      details: { file: 'a.parquet' },
    })
    expect(await refused('half')).toMatchObject({
      message: expect.stringContaining('input is not a readable Parquet file: the decoder ended by SIGKILL. It is'),
      details: { file: 'input' },
    })
    expect(await refused('double')).toEqual(Uint8Array.of(1, 2, 3, 1, 2, 3))
  })

  it('names the limit of time', async () => {
    const engine = new URL('../hardening/decoder-double.ts?how=loop', import.meta.url)
    const late = await isolatedParquet({ engine, timeout: 1500 })(bytes, 'a.parquet').catch((error: unknown) => error)
    expect(late).toMatchObject({
      code: 'limit_exceeded',
      message: expect.stringMatching(/^a\.parquet was not decoded in 1\.5 s, and the decoder was ended; check where/),
      details: { file: 'a.parquet', limit: 1500 },
    })
  })

  it('refuses an option that it does not know', () => {
    expect(() => isolatedParquet({ timeouts: 1 } as never)).toThrow(
      expect.objectContaining({ name: 'ConnectError', code: 'invalid_option' }),
    )
    expect(() => isolatedParquet({ timeout: 1, memory: 1, signal: new AbortController().signal })).not.toThrow()
  })
})

describe('the files of the package', () => {
  it('are found from its sources', () => {
    const root = join(import.meta.dirname, '..', '..')
    expect(packageFolder()).toBe(root)
    const child = moduleUrl('isolate/isolate-child')
    expect(fileURLToPath(child)).toBe(join(root, 'src', 'isolate', 'isolate-child.ts'))
    expect(existsSync(child)).toBe(true)
  })
})
