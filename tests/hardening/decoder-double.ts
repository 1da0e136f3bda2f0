/** A decoder that goes wrong in the way its address says, `decoder-double.ts?how=loop&note=FILE`, and notes its process. */
import { writeFileSync } from 'node:fs'
import { wasmEngine } from '../../src/format/parquet/engine.ts'

const { searchParams } = new URL(import.meta.url)
const how = searchParams.get('how')
const note = searchParams.get('note')

/** WebAssembly that exports `run`: what stands in it is between the two. */
const MODULE = ['0061736d0100000001040160000003020100070701', '0372756e0000']
const TRAP = '0a05010300000b'
const LOOP = '0a0901070003400c000b0b'

interface Engine {
  instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: { run(): void } } }>
}

async function runWebAssembly(code: string): Promise<void> {
  // its types are those of pages, which this project does not have
  const { instantiate } = Reflect.get(globalThis, 'WebAssembly') as Engine
  const { instance } = await instantiate(Buffer.from(MODULE.join('') + code, 'hex'))
  instance.exports.run()
}

export async function decode(bytes: Uint8Array): Promise<Uint8Array> {
  if (note !== null) writeFileSync(note, String(process.pid))
  if (how === 'abort') process.kill(process.pid, 'SIGABRT')
  if (how === 'exit') process.exit(0)
  if (how === 'loop') for (;;);
  if (how === 'trap') await runWebAssembly(TRAP)
  if (how === 'wasm-loop') await runWebAssembly(LOOP)
  if (how === 'rejection') void Promise.reject(new Error('nobody listens'))
  if (how === 'rejection') await new Promise(() => {})
  if (how === 'memory') for (const kept: unknown[] = []; ; ) kept.push({ more: [kept.length] })
  if (how === 'environment') throw new Error(JSON.stringify(process.env))
  return wasmEngine.decode(bytes)
}
