import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderStore, memoryStore } from '../../../src/connect/index.ts'
import { type Effects, nodeEffects } from '../../../src/pipeline/effects.ts'
import { LOCK, takeLock } from '../../../src/pipeline/log/lock.ts'
import { readWhole } from '../../../src/pipeline/state/data-files.ts'

const base = mkdtempSync(join(tmpdir(), 'support-etl-lock-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const MINUTE = 60_000

/** A world whose clock a test moves, and in which processes are what it says. */
function worldOf(changes: Partial<Effects> = {}) {
  const clock = { now: Date.parse('2025-04-01T00:00:00Z') }
  const warnings: string[] = []
  const effects: Effects = {
    ...nodeEffects(),
    now: () => clock.now,
    identify: () => ({ host: 'here', process: 7, startedAt: '70', boot: 'b' }),
    isRunning: ({ host }) => (host === 'here' ? 'running' : 'unknown'),
    logger: { debug() {}, info() {}, warn: (message) => void warnings.push(message) },
    ...changes,
  }
  return { clock, effects, warnings }
}

async function recordOf(out: ReturnType<typeof memoryStore>): Promise<Record<string, unknown>> {
  return JSON.parse(new TextDecoder().decode(await readWhole(out, LOCK)))
}

describe('takeLock', () => {
  it('says who holds the place', async () => {
    const out = memoryStore()
    const { effects } = worldOf()
    const lock = await takeLock(out, 'run 1', effects)
    expect(await recordOf(out)).toEqual({
      host: 'here',
      process: 7,
      startedAt: '70',
      boot: 'b',
      runId: 'run 1',
      since: '2025-04-01T00:00:00.000Z',
      beatAt: '2025-04-01T00:00:00.000Z',
    })
    await lock.release()
    expect(await out.list(LOCK)).toEqual([])
  })

  it('turns away a second run, telling who and since when', async () => {
    const out = memoryStore()
    const { effects } = worldOf()
    await takeLock(out, 'run 1', effects)
    await expect(takeLock(out, 'run 2', effects)).rejects.toMatchObject({
      name: 'PipelineError',
      code: 'lock_held',
      message: expect.stringContaining('process 7 on here, since 2025-04-01T00:00:00.000Z; wait for it'),
    })
  })

  it('takes over at once when the process is gone from this host', async () => {
    const out = memoryStore()
    const { effects } = worldOf()
    const dead = await takeLock(out, 'run 1', effects)
    const { effects: later, warnings } = worldOf({ isRunning: () => 'gone' })
    await takeLock(out, 'run 2', later)
    expect((await recordOf(out)).runId).toBe('run 2')
    expect(warnings).toEqual(['took over the lock of a run that died: process 7 is gone'])
    await dead.release()
    expect((await recordOf(out)).runId).toBe('run 2')
  })

  it('gives the lock of a dead run to one of several that take it over at once', async () => {
    for (let round = 0; round < 30; round++) {
      const memory = memoryStore()
      await takeLock(memory, 'dead', worldOf().effects)
      // every call waits a while of its own, so that the takeovers cross
      let turn = round
      const slow = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
        return async (...args: Args): Promise<Result> => {
          turn = (turn * 7 + 3) % 11
          for (let wait = turn; wait > 0; wait--) await Promise.resolve()
          return call(...args)
        }
      }
      const out = {
        ...memory,
        write: slow(memory.write.bind(memory)),
        writeIfAbsent: slow(memory.writeIfAbsent.bind(memory)),
        remove: slow(memory.remove.bind(memory)),
        list: slow(memory.list.bind(memory)),
      }
      const isRunning: Effects['isRunning'] = ({ process }) => (process === 7 ? 'gone' : 'running')
      const runs = [11, 12, 13, 14].map((process) => {
        const identify = () => ({ host: 'here', process, startedAt: '1', boot: 'b' })
        return takeLock(out, `run ${process}`, worldOf({ isRunning, identify }).effects).then(
          () => process,
          () => null,
        )
      })
      const winners = (await Promise.all(runs)).filter((process) => process !== null)
      expect(winners).toHaveLength(1)
      expect((await recordOf(memory)).process).toBe(winners[0])
      expect((await memory.list(LOCK)).map(({ name }) => name)).toEqual([LOCK])
    }
  })

  it('waits ten minutes for a beat from another host', async () => {
    const out = memoryStore()
    const there = worldOf({ identify: () => ({ host: 'there', process: 9, startedAt: null, boot: null }) })
    await takeLock(out, 'run 1', there.effects)
    const here = worldOf()
    here.clock.now += 9 * MINUTE
    await expect(takeLock(out, 'run 2', here.effects)).rejects.toMatchObject({ code: 'lock_held' })
    here.clock.now += 2 * MINUTE
    await (await takeLock(out, 'run 2', here.effects)).release()
  })

  it('lives on while it beats', async () => {
    const out = memoryStore()
    const there = worldOf({ identify: () => ({ host: 'there', process: 9, startedAt: null, boot: null }) })
    const lock = await takeLock(out, 'run 1', there.effects)
    const here = worldOf()
    for (let minute = 0; minute < 30; minute += 5) {
      there.clock.now += 5 * MINUTE
      here.clock.now += 5 * MINUTE
      lock.beat()
      await new Promise((resolve) => setTimeout(resolve, 5))
      await expect(takeLock(out, 'run 2', here.effects)).rejects.toMatchObject({ code: 'lock_held' })
    }
  })

  it('writes a beat at most every half minute', async () => {
    let writes = 0
    const memory = memoryStore()
    const out = {
      ...memory,
      async write(...args: Parameters<typeof memory.write>) {
        writes += 1
        await memory.write(...args)
      },
    }
    const { clock, effects } = worldOf()
    const lock = await takeLock(out, 'run 1', effects)
    for (let second = 0; second < 90; second++) {
      clock.now += 1000
      lock.beat()
    }
    await lock.release()
    expect(writes).toBe(3)
  })

  it('does not fail when a beat cannot be written', async () => {
    const memory = memoryStore()
    const out = { ...memory, write: async () => Promise.reject(new Error('no disk')) }
    const { clock, effects } = worldOf()
    const lock = await takeLock(out, 'run 1', effects)
    clock.now += MINUTE
    lock.beat()
    await lock.release()
    expect(await memory.list(LOCK)).toEqual([])
  })

  it('never beats over a lock that was taken over', async () => {
    const out = memoryStore()
    const { clock, effects } = worldOf()
    const lost = await takeLock(out, 'run 1', effects)
    await takeLock(out, 'run 2', worldOf({ isRunning: () => 'gone' }).effects)
    clock.now += MINUTE
    lost.beat()
    await lost.release()
    expect((await recordOf(out)).runId).toBe('run 2')
  })

  it('holds back before a lock that nobody can read, for ten minutes', async () => {
    const out = folderStore(join(base, 'unreadable'))
    await out.write(LOCK, [new TextEncoder().encode('{"host": "h')])
    const { effects, clock } = worldOf()
    clock.now = Date.now()
    await expect(takeLock(out, 'run 1', effects)).rejects.toMatchObject({ code: 'lock_held' })
    clock.now += 11 * MINUTE
    await (await takeLock(out, 'run 1', effects)).release()
  })
})

describe('isRunning', () => {
  const { identify, isRunning } = nodeEffects()

  it('knows this process', () => {
    expect(isRunning(identify())).toBe('running')
  })

  it('does not take a later process with the same number for the one that was', () => {
    expect(isRunning({ ...identify(), startedAt: '1' })).toBe('gone')
  })

  it('knows that no process outlives a start of the machine', () => {
    expect(isRunning({ ...identify(), boot: 'another pid:[1]' })).toBe('gone')
  })

  it('knows nothing of another host, or another namespace of this one', () => {
    const me = identify()
    expect(isRunning({ ...me, host: 'elsewhere' })).toBe('unknown')
    expect(isRunning({ ...me, boot: `${me.boot?.split(' ')[0]} pid:[1]` })).toBe('unknown')
  })

  it.runIf(process.platform === 'linux')(
    'sees that a process was killed, also before its parent collects it',
    async () => {
      // the shell starts a child, tells its number and never waits for it, so the child stays a zombie
      const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
      const [output] = await once(shell.stdout, 'data')
      const child = Number(String(output))
      const owner = { ...identify(), process: child, startedAt: null }
      expect(isRunning(owner)).toBe('running')
      process.kill(child, 'SIGKILL')
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(isRunning(owner)).toBe('gone')
      shell.kill('SIGKILL')
      await once(shell, 'exit')
      expect(isRunning({ ...owner, process: shell.pid as number })).toBe('gone')
    },
  )
})
