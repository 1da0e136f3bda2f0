/** `docs/your-own-system.md`, followed word for word in an empty folder with the packed tarball. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs', 'your-own-system.md'), 'utf8')
const isWindows = process.platform === 'win32'

/** One block of the page: a file, command lines, or what the last of them printed. */
interface Block {
  readonly kind: 'file' | 'sh' | 'text'
  /** The file's name; empty for another block. */
  readonly name: string
  readonly text: string
}

/** The blocks in their order; a block of a file stands behind its name in code, and a colon. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(/(?:`([\w./-]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, name = '', kind, body = '']) => {
      if (kind === 'sh' || kind === 'text') return { kind, name: '', text: body }
      return { kind: 'file', name, text: body }
    },
  )
}

const blocks = blocksOf(page)
let folder = ''

function run(command: string, args: readonly string[], cwd: string): string {
  // npm looks at what it has before it asks for packages
  const env = { ...process.env, npm_config_prefer_offline: 'true', NO_COLOR: '1', NODE_OPTIONS: '' }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', shell: isWindows })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
  return stdout
}

const inFolder = (line: string): string => run(isWindows ? 'cmd' : 'sh', [isWindows ? '/c' : '-c', line], folder)

beforeAll(() => {
  if (!existsSync(join(root, 'dist', 'cli', 'index.js'))) throw new Error('dist/ is missing: run "npm run build" first')
  folder = mkdtempSync(join(tmpdir(), 'support-etl-own-system-'))
  const npm = isWindows ? 'npm.cmd' : 'npm'
  const packed = run(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  renameSync(join(folder, filename), join(folder, 'support-etl.tgz'))
}, 120_000)

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

it('works as it is written, block by block', () => {
  expect(blocks.map(({ kind }) => kind)).toContain('text')
  let printed = ''
  const files: string[] = []
  for (const { kind, name, text } of blocks) {
    if (kind === 'sh') for (const line of text.trimEnd().split('\n')) printed = inFolder(line)
    else if (kind === 'text') expect(printed).toBe(text)
    else if (name.startsWith('output/')) expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
    else {
      expect(name, 'a block of a file stands behind its name').not.toBe('')
      files.push(name)
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
  }
  expect(files).toEqual([
    ...['data/rooms.csv', 'data/bookings.csv', 'job.js', 'busiest.js', 'rooms.js'],
    'data/bookings.csv',
  ])
}, 300_000)

it('gives a program with its own help, version and options', () => {
  expect(inFolder('node rooms.js --version')).toBe('1.0.0\n')
  const help = inFolder('node rooms.js --help')
  expect(help).toContain('Usage: rooms [options] [command]')
  expect(help).toMatch(/\n {2}busiest \[options\] +the room with the most booked hours\n/)
  expect(help).not.toContain('support-etl')
  const flags = inFolder('node rooms.js run --help').replace(/\s+/g, ' ')
  expect(flags).toContain('Options of job rooms: --least-hours <number> shorter bookings do not count (default: 0')
  expect(flags).toContain('(default: "output/rooms")')
})

it('speaks of its own commands in advice', () => {
  const { status, stderr } = spawnSync(process.execPath, ['rooms.js', 'busiest', '--out', 'none'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
  })
  expect(status).toBe(1)
  expect(stderr).toContain('try       rooms run --data DIR --out OUT first')
  expect(stderr).not.toContain('support-etl run')
})
