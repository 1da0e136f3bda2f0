/**
 * The command line as a user has it: a child process with its two streams and its status. And the same in this process, which
 * takes a tenth of the time: for tests of what a command says and writes.
 * @module
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { isMainThread } from 'node:worker_threads'
import { onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
export const SOURCE = join(root, 'src', 'cli', 'main.ts')
/** `npm test` has just built the package: a built program starts in less than half the time of its sources. */
const isBuilt = process.env.SUPPORT_ETL_BUILT === 'yes'
export const MAIN = isBuilt ? join(root, 'dist', 'cli', 'main.js') : SOURCE
export const SAMPLE = join(root, 'examples', 'data', 'support')

/** What mutation testing loads into each child before the program. */
const imported = process.env.SUPPORT_ETL_CHILD_IMPORT
const COMMON_OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  ...(imported === undefined ? [] : [`--import=${imported}`]),
]
export const SOURCE_OPTIONS = ['--conditions=support-etl-source', ...COMMON_OPTIONS]
export const NODE_OPTIONS = isBuilt ? COMMON_OPTIONS : SOURCE_OPTIONS

/** Sources are stripped of their types once, not by every child. */
export const COMPILED = { NODE_COMPILE_CACHE: join(tmpdir(), 'support-etl-compile-cache') }

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly nodeOptions?: readonly string[]
  /** `latin1` keeps the bytes of a binary result. */
  readonly encoding?: 'utf8' | 'latin1'
}

/** Runs `support-etl` with the arguments, colours off unless the environment says otherwise. */
export function supportEtl(args: readonly string[], options: RunOptions = {}): Ended {
  return ended([...NODE_OPTIONS, ...(options.nodeOptions ?? []), MAIN, ...args], options)
}

/** The same from its sources, for tests whose own modules import them: two copies of the library do not know each other's. */
export function supportEtlSource(args: readonly string[], options: RunOptions = {}): Ended {
  return ended([...SOURCE_OPTIONS, ...(options.nodeOptions ?? []), SOURCE, ...args], options)
}

/** The environment of a process, without colours unless `env` says otherwise. */
function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...COMPILED, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: undefined, ...env }
}

function ended(args: readonly string[], { cwd = root, env = {}, encoding = 'utf8' }: RunOptions): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding,
    timeout: 300_000,
    maxBuffer: 1 << 28,
    env: environment(env),
  })
  return { status, stdout, stderr }
}

/** The bytes that are written to a stream, from now on. */
function heard(stream: Readable): readonly Buffer[] {
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  return parts
}

/** Sets the folder and the environment of this process. Returns what sets them back. */
function surroundedBy(cwd: string, env: Readonly<Record<string, string | undefined>>): () => void {
  const [folder, before] = [process.cwd(), { ...process.env }]
  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const name of Object.keys(env)) {
      if (values[name] === undefined) delete process.env[name]
      else process.env[name] = values[name]
    }
  }
  if (cwd !== folder) process.chdir(cwd)
  set(env)
  return () => {
    if (cwd !== folder) process.chdir(folder)
    set(before)
  }
}

/** Runs the command from its sources in a process; a server of the test answers it meanwhile. */
async function supportEtlBeside(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Ended & { readonly status: number }> {
  const child = spawn(process.execPath, [...SOURCE_OPTIONS, SOURCE, ...args], { cwd, env: environment(env) })
  const [stdout, stderr] = [heard(child.stdout), heard(child.stderr)]
  child.stdin.end()
  const [status] = await once(child, 'close')
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}

/** Runs the command in this process, from its sources. Not for tests of one file that run side by side. */
export async function supportEtlHere(
  args: readonly string[],
  { cwd = root, env = {} }: Pick<RunOptions, 'cwd' | 'env'> = {},
): Promise<Ended & { readonly status: number }> {
  // mutation testing has its tests in threads, which cannot change the folder: there a process runs the command
  if (!isMainThread) return supportEtlBeside(args, { cwd, env })
  // a test that starts processes only does not load the program
  const [{ PROGRAM }, { runProgram }, { openTerminal }] = await Promise.all([
    import('../../src/cli/program/program.ts'),
    import('../../src/terminal/program.ts'),
    import('../../src/terminal/terminal.ts'),
  ])
  const [results, messages] = [new PassThrough(), new PassThrough()]
  const [stdout, stderr] = [heard(results), heard(messages)]
  const reset = surroundedBy(cwd, env)
  try {
    const status = await runProgram(PROGRAM, args, openTerminal(results, messages))
    return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
  } finally {
    reset()
  }
}

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'support-etl-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
