/** A process that dies: the place makes no call after its last one. */
import type { FileStore } from '../../src/connect/file-store.ts'

export class Death extends Error {}

/** A place whose process dies before the given call and makes none after it. */
export function mortal(store: FileStore, last: number): FileStore {
  let calls = 0
  const live = (): void => {
    if (calls++ >= last) throw new Death(`before call ${last}`)
  }
  return {
    location: store.location,
    async list(prefix) {
      live()
      return store.list(prefix)
    },
    async *read(name) {
      live()
      yield* store.read(name)
    },
    async write(name, chunks) {
      live()
      await store.write(name, chunks)
    },
    async writeIfAbsent(name, bytes) {
      live()
      return store.writeIfAbsent(name, bytes)
    },
    async remove(name) {
      live()
      await store.remove(name)
    },
  }
}

/** A place that counts its calls as {@link mortal} does. */
export function counting(store: FileStore): { readonly store: FileStore; readonly calls: () => number } {
  let calls = 0
  const counted: FileStore = {
    location: store.location,
    list(prefix) {
      calls++
      return store.list(prefix)
    },
    async *read(name) {
      calls++
      yield* store.read(name)
    },
    write(name, chunks) {
      calls++
      return store.write(name, chunks)
    },
    writeIfAbsent(name, bytes) {
      calls++
      return store.writeIfAbsent(name, bytes)
    },
    remove(name) {
      calls++
      return store.remove(name)
    },
  }
  return { store: counted, calls: () => calls }
}
