/**
 * What a long run uses while it runs: time and memory of each step, and the disk that its folder takes. A line on stderr for each
 * step that ends, and one every half minute while a step lasts.
 * @module
 */
import { readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'

const MIB = 1024 ** 2

/** Milliseconds between looks at the folder, and between lines about a step that lasts. */
const LOOK = 1000
const LINE = 30_000

function bytesIn(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    // DuckDB removes files meanwhile
    return entry.isFile() ? (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0) : 0
  })
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Mebibytes that are free where a folder is. */
export function freeDisk(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return Math.floor((bavail * bsize) / MIB)
}

/** Times steps, and looks at what the process and a folder take. */
export class ScaleWatch {
  readonly seconds: Record<string, number> = {}
  /** The most that the folder took, in MiB. */
  peakDisk = 0
  readonly #folder: string
  readonly #timer: NodeJS.Timeout
  #step = ''
  #begun = 0
  #said = 0

  constructor(folder: string) {
    this.#folder = folder
    this.#timer = setInterval(() => this.#look(), LOOK)
  }

  /** The most memory that this process had, the engine in it included, in MiB. */
  get peakMemory(): number {
    return Math.round(process.resourceUsage().maxRSS / 1024)
  }

  #look(): void {
    this.peakDisk = Math.max(this.peakDisk, Math.round(bytesIn(this.#folder) / MIB))
    const now = performance.now()
    if (this.#step === '' || now - this.#said < LINE) return
    this.#said = now
    process.stderr.write(`${this.#step}: ${Math.round((now - this.#begun) / 1000)} s so far, ${this.#used()}\n`)
  }

  #used(): string {
    return `peak memory ${this.peakMemory} MiB, peak disk ${this.peakDisk} MiB`
  }

  /** Runs a step and says what it took. */
  async step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.#step = name
    this.#begun = performance.now()
    this.#said = this.#begun
    const result = await work()
    this.seconds[name] = Math.round((performance.now() - this.#begun) / 100) / 10
    this.#look()
    process.stderr.write(`${name}: ${this.seconds[name]} s, ${this.#used()}\n`)
    this.#step = ''
    return result
  }

  end(): void {
    clearInterval(this.#timer)
  }
}
