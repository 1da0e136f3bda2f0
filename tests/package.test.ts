import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VERSION } from '../src/pipeline/effects.ts'

const root = join(import.meta.dirname, '..')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What a command prints; where it fails, the error says what it printed. */
function run(command: string, args: readonly string[], cwd: string): string {
  const options = { cwd, encoding: 'utf8', shell: process.platform === 'win32' } as const
  const { status, stdout, stderr } = spawnSync(command, args, options)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
  return stdout
}

/** The interactions of customer 4 in the sample, as a spreadsheet counts them. */
const SAMPLE_ANSWER = {
  data: { customer_id: 4, interactions: { Call: 10, Chatbot: 1, Email: 13, Letter: 2, Visit: 5 } },
}

/** What `serve`, started in a folder, answers to one request. */
async function served(main: string, cwd: string, path: string): Promise<unknown> {
  const server = spawn(process.execPath, [main, 'serve', '--out', 'output', '--port', '0', '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const [told] = (await once(server.stdout, 'data')) as [Buffer]
    const { address } = JSON.parse(String(told)) as { address: string }
    // the pages are in the package too
    expect((await fetch(address)).headers.get('content-type')).toContain('text/html')
    return await (await fetch(`${address}${path}`)).json()
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
}

/** A consumer's program: the same in ESM, CommonJS and TypeScript but for its imports. */
const program = `
const interactions = table({
  interaction_id: ['I1', 'I2'],
  interaction_start: ['2025-03-01T01:30:00Z', '2025-03-02T10:00:00Z'],
  timestamp: ['2025-03-01T01:30:00Z', '2025-03-02T10:00:00Z'],
  channel: ['phone', 'web'],
  contact_center_id: ['C1', 'C9'],
  category_id: ['K1', 'K1'],
  call_duration_minutes: [8, 0],
})
const contactCenters = table({ contact_center_id: ['C1'], contact_center_name: ['Harbor'] })
const serviceCategories = table({ category_id: ['K1'], department: ['Care'] })
const report = buildSupportReport({ interactions, contactCenters, serviceCategories })
console.log(JSON.stringify(report.objects()))
`
const expected = [
  {
    month: '2025-02',
    contact_center_name: 'Harbor',
    department: 'Care',
    total_interactions: 1,
    total_calls: 1,
    total_call_duration: 8,
  },
  {
    month: '2025-03',
    contact_center_name: 'Unknown',
    department: 'Care',
    total_interactions: 1,
    total_calls: 0,
    total_call_duration: 0,
  },
]

describe('the package, installed from its tarball in an empty project', () => {
  let consumer = ''

  beforeAll(() => {
    if (!existsSync(join(root, 'dist', 'index.js'))) throw new Error('dist/ is missing: run "npm run build" first')
    consumer = mkdtempSync(join(tmpdir(), 'support-etl-consumer-'))
    const [packed] = JSON.parse(
      run(npm, ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer], root),
    ) as { filename: string }[]
    writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, version: '1.0.0' }))
    run(
      npm,
      ['install', '--no-audit', '--no-fund', '--prefer-offline', join(consumer, packed?.filename ?? '')],
      consumer,
    )
  }, 180_000)

  afterAll(() => {
    if (consumer !== '') rmSync(consumer, { recursive: true, force: true })
  })

  it('works from an ES module', () => {
    writeFileSync(
      join(consumer, 'use.mjs'),
      `import { table } from 'arquero'\nimport { buildSupportReport } from 'support-etl'\n${program}`,
    )
    expect(JSON.parse(run(process.execPath, ['use.mjs'], consumer))).toEqual(expected)
  })

  it('has every file that its README and its documents link to', () => {
    const installed = join(consumer, 'node_modules', 'support-etl')
    const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']
    for (const name of readdirSync(join(installed, 'docs'))) if (name.endsWith('.md')) pages.push(join('docs', name))
    expect(pages.length).toBeGreaterThan(20)
    const broken = pages.flatMap((page) => {
      const text = readFileSync(join(installed, page), 'utf8').replace(/```[\s\S]*?```/g, '')
      return [...text.matchAll(/\]\((?![a-z]+:)([^)\s#]+)/g)]
        .map(([, target = '']) => join(installed, dirname(page), target))
        .filter((file) => !existsSync(file))
    })
    expect(broken).toEqual([])
  })

  it('says what an error code means', () => {
    const main = join(consumer, 'node_modules', 'support-etl', 'dist', 'cli', 'main.js')
    expect(run(process.execPath, [main, 'errors', 'late_file'], consumer)).toMatch(/^late_file\n\n[^\n]+\n\nCure: /)
  })

  it('shows itself in an empty folder, without the network', async () => {
    const main = join(consumer, 'node_modules', 'support-etl', 'dist', 'cli', 'main.js')
    const folder = join(consumer, 'empty')
    mkdirSync(folder)
    // whatever asks for an address outside this machine fails
    const guard = `import net from 'node:net'
      net.Socket.prototype.connect = () => { throw new Error('the network is not there') }`
    const offline = `--import=data:text/javascript,${encodeURIComponent(guard)}`
    const child = spawn(process.execPath, [offline, main, 'demo', '--no-open', '--json'], { cwd: folder })
    let text = ''
    let told = ''
    child.stderr.on('data', (chunk) => {
      told += chunk
    })
    const exit = once(child, 'exit')
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        text += chunk
        if (text.endsWith('\n}\n')) resolve()
      })
      child.on('exit', (status) => reject(new Error(`the demo ended with ${status}:\n${text}${told}`)))
    })
    const { steps, address } = JSON.parse(text)
    expect(steps).toHaveLength(3)
    expect(steps[1].result.busiestMonth.month).toBe('2025-02')
    expect(await (await fetch(address)).text()).toContain('<title>Support analytics</title>')
    child.kill('SIGINT')
    expect(await exit).toEqual([0, null])
    expect(readdirSync(folder)).toEqual([])
  })

  it('works from CommonJS', () => {
    writeFileSync(
      join(consumer, 'use.cjs'),
      `const { table } = require('arquero')\nconst { buildSupportReport } = require('support-etl')\n${program}`,
    )
    expect(JSON.parse(run(process.execPath, ['use.cjs'], consumer))).toEqual(expected)
  })

  it('decodes Parquet in a process of its own from both module systems', () => {
    const decoding = `
      writeParquet(table({ agent_id: ['A1'] }))
        .then((bytes) => readParquet(bytes, undefined, { decode: isolatedParquet() }))
        .then((read) => console.log(JSON.stringify(read.objects())))`
    const esm = `import { table } from 'arquero'
      import { isolatedParquet } from 'support-etl/pipeline'
      import { readParquet, writeParquet } from 'support-etl/format'${decoding}`
    const cjs = `const { table } = require('arquero')
      const { isolatedParquet } = require('support-etl/pipeline')
      const { readParquet, writeParquet } = require('support-etl/format')${decoding}`
    writeFileSync(join(consumer, 'decode.mjs'), esm)
    writeFileSync(join(consumer, 'decode.cjs'), cjs)
    expect(JSON.parse(run(process.execPath, ['decode.mjs'], consumer))).toEqual([{ agent_id: 'A1' }])
    expect(JSON.parse(run(process.execPath, ['decode.cjs'], consumer))).toEqual([{ agent_id: 'A1' }])
  }, 60_000)

  it('compiles in TypeScript, strictly, with the types of every subpath', () => {
    mkdirSync(join(consumer, 'typed'), { recursive: true })
    const subpaths = Object.keys(manifest.exports).filter((name) => name !== './package.json')
    const imports = subpaths.map((name, index) => `import * as room${index} from '${join('support-etl', name)}'`)
    writeFileSync(
      join(consumer, 'typed', 'use.mts'),
      `import { table } from 'arquero'\nimport { buildSupportReport } from 'support-etl'\n${imports.join('\n')}\nvoid [${subpaths.map((_, index) => `room${index}`).join(', ')}]\n${program}`,
    )
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const compilerOptions = {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      module: 'nodenext',
      target: 'es2024',
      types: [],
    }
    writeFileSync(join(consumer, 'typed', 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['use.mts'] }))
    expect(run(process.execPath, [compiler, '-p', 'typed'], consumer)).toBe('')
  }, 60_000)

  it('loads every subpath in both module systems', () => {
    const names = Object.keys(manifest.exports).filter((name) => name !== './package.json')
    const specifiers = JSON.stringify(names.map((name) => `support-etl${name.slice(1)}`))
    const esm = `const sizes = []
      for (const name of ${specifiers}) sizes.push([name, Object.keys(await import(name)).length])
      console.log(JSON.stringify(sizes))`
    const cjs = `console.log(JSON.stringify(${specifiers}.map((name) => [name, Object.keys(require(name)).length])))`
    for (const [type, code] of Object.entries({ module: esm, commonjs: cjs })) {
      const sizes = JSON.parse(run(process.execPath, [`--input-type=${type}`, '-e', code], consumer)) as [
        string,
        number,
      ][]
      expect(sizes).toHaveLength(names.length)
      expect(
        sizes.filter(([, size]) => size === 0),
        type,
      ).toEqual([])
    }
  }, 60_000)

  it('puts its command on the path', () => {
    const bin = join(consumer, 'node_modules', 'support-etl', manifest.bin['support-etl'])
    expect(run(process.execPath, [bin, '--version'], consumer).trim()).toBe(manifest.version)
  })

  it('keeps compiled code before it loads more than that', () => {
    const dist = join(consumer, 'node_modules', 'support-etl', 'dist')
    const code = (file: string) => readFileSync(join(dist, file), 'utf8')
    const entry = /import\("\.\.\/(start-[^"]+)"\)/.exec(code('cli/main.js'))?.[1] ?? ''
    const loaded = [entry]
    for (const file of loaded) {
      const names = [...code(file).matchAll(/^import .*from "\.\/([^"]+)"/gm)].map(([, name]) => name as string)
      loaded.push(...names.filter((name) => !loaded.includes(name)))
    }
    expect(loaded.map(code).join('')).toContain('enableCompileCache(')
    expect(loaded.map(code).join('').length).toBeLessThan(4_000)
  })

  it('ships sources and declarations, and no test', () => {
    const installed = join(consumer, 'node_modules', 'support-etl')
    expect(existsSync(join(installed, 'src', 'index.ts'))).toBe(true)
    expect(existsSync(join(installed, 'dist', 'index.d.cts'))).toBe(true)
    expect(existsSync(join(installed, 'tests'))).toBe(false)
  })

  // the last one: it installs a package
  it('leads a newcomer to an answer over HTTP: the error names the package, and its command installs it', async () => {
    const installed = join(consumer, 'node_modules', 'support-etl')
    cpSync(join(installed, 'examples', 'data', 'interactions'), join(consumer, 'data'), { recursive: true })
    const main = join(installed, manifest.bin['support-etl'])
    const importing = () =>
      spawnSync(process.execPath, [main, 'interactions', 'import'], { cwd: consumer, encoding: 'utf8' })
    const refused = importing()
    expect(refused.status).not.toBe(0)
    const [command = '', ...words] = /npm (install [^(]+)/.exec(refused.stderr)?.[1]?.trim().split(/\s+/) ?? []
    expect([command, ...words]).toEqual(['install', '@electric-sql/pglite'])
    run(npm, [command, ...words, '--no-audit', '--no-fund', '--prefer-offline'], consumer)
    expect(importing()).toMatchObject({ status: 0 })
    expect(await served(main, consumer, '/api/v1/interactions/4')).toEqual(SAMPLE_ANSWER)
  }, 240_000)
})

describe('a clone after "npm ci"', () => {
  it('leads a newcomer to an answer over HTTP by the words of its README', async () => {
    const [, block = ''] =
      /## Interactions, over HTTP[\s\S]*?```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
    const commands = [...block.matchAll(/^npx support-etl ([^#\n]+)/gm)].map(([, words = '']) =>
      words.trim().split(' '),
    )
    expect(commands.map(([first, second]) => `${first} ${second}`)).toEqual([
      'interactions generate',
      'interactions import',
      'serve --out',
    ])
    const main = join(root, manifest.bin['support-etl'])
    const cwd = mkdtempSync(join(tmpdir(), 'support-etl-clone-'))
    try {
      for (const words of commands.slice(0, 2)) run(process.execPath, [main, ...words], cwd)
      const rows = readFileSync(join(cwd, 'data', 'interactions.csv'), 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
      const counts: Record<string, number> = {}
      for (const [, channel = '', customer] of rows.map((row) => row.split(','))) {
        counts[channel] = (counts[channel] ?? 0) + (customer === '4' ? 1 : 0)
      }
      expect(await served(main, cwd, '/api/v1/interactions/4')).toEqual({
        data: { customer_id: 4, interactions: counts },
      })
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  }, 240_000)
})

describe('the release', () => {
  it('has a list of its packages, which the release writes', () => {
    const release = readFileSync(join(root, '.github', 'workflows', 'release.yml'), 'utf8')
    const [, words = ''] = /run: npm (sbom .*) >sbom\.json$/m.exec(release) ?? []
    const { bomFormat, components } = JSON.parse(run(npm, words.split(' '), root)) as {
      bomFormat: string
      components: { name: string; version: string }[]
    }
    expect(bomFormat).toBe('CycloneDX')
    const listed = new Set(components.map(({ name, version }) => `${name}@${version}`))
    const wanted = Object.entries(manifest.dependencies).map(([name, version]) => `${name}@${version}`)
    expect(wanted.filter((one) => !listed.has(one))).toEqual([])
    // what only this repository needs
    expect([...listed].filter((one) => /^(vitest|typescript|tsup|playwright-core)@/.test(one))).toEqual([])
  })
})

describe('the version', () => {
  it('that commits note is the one of the package', () => {
    expect(VERSION).toBe(manifest.version)
  })
})

describe('the core in a browser bundle', () => {
  it('needs no module of Node', async () => {
    const { build } = await import('vite')
    const result = await build({
      root,
      logLevel: 'silent',
      configFile: false,
      resolve: { conditions: ['support-etl-source', 'browser', 'import', 'default'] },
      build: { write: false, lib: { entry: join(root, 'src', 'index.ts'), formats: ['es'] }, minify: false },
    })
    const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []))
    const code = outputs.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('\n')
    expect(code.length).toBeGreaterThan(10_000)
    expect(code).not.toMatch(/from\s*["']node:|require\(["']node:|__vite-browser-external/)
  }, 60_000)
})
