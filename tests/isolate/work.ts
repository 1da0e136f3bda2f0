/** Works for `isolate`, by the address: `work.ts?do=double`. */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const asked = new URL(import.meta.url).searchParams.get('do') ?? ''

/** Writes an answer past the one that the child would write, and ends the process. */
async function answer(pieces: readonly Uint8Array[]): Promise<never> {
  for (const piece of pieces) {
    writeSync(3, piece)
    // so that the parent reads each alone
    await pause(20)
  }
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {})
}

const header = (kind: number, length: number) => new Uint8Array(Float64Array.of(kind, length).buffer)

export async function decode(bytes: Uint8Array): Promise<Uint8Array> {
  switch (asked) {
    case 'double':
      return Uint8Array.from([...bytes, ...bytes])
    case 'refuse':
      throw new Error('these are not for me')
    case 'throw text':
      throw 'only words'
    case 'environment':
      throw new Error(JSON.stringify(Object.keys(process.env).sort()))
    case 'pieces': {
      const whole = Buffer.concat([header(1, 4), Uint8Array.of(1, 2, 3, 4)])
      return answer([whole.subarray(0, 5), whole.subarray(5, 18), whole.subarray(18)])
    }
    case 'half':
      return answer([header(1, 4), Uint8Array.of(1, 2)])
    case 'no header':
      return answer([Uint8Array.of(1, 2, 3)])
    case 'kind':
      return answer([header(3, 2), Uint8Array.of(1, 2)])
    case 'reason':
      return answer([header(2, 2), Uint8Array.of(111, 104)])
    case 'too long':
      return answer([header(1, 2 ** 40)])
    case 'too much': {
      const results = new Socket({ fd: 3 })
      results.write(header(1, bytes.length * 2))
      results.end(new Uint8Array(bytes.length * 2), () => process.kill(process.pid, 'SIGKILL'))
      return new Promise(() => {})
    }
    case 'no length':
      return answer([header(1, Number.NaN)])
  }
  return bytes
}
