import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder, MAIN, SOURCE, supportEtl } from './command-line.ts'

const { engines, version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
) as { engines: { node: string }; version: string }
const needed = engines.node.replace('>=', '')

/** Node says that it is of this version. */
const claiming = (node: string) => [
  `--import=data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${node}"}})`,
]

/** A Node on this machine that is older than the package needs. */
const oldNode = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter((file) => existsSync(file))
  .find((file) => Number(/^v(\d+)/.exec(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout)?.[1]) < 22)

describe('support-etl on a Node that is too old', () => {
  it.each(['18.20.8', '20.20.2', '22.0.0', '22.17.1'])('says on %s in one line what it needs', (node) => {
    for (const args of [[], ['--version'], ['run', '--data', 'nowhere']]) {
      const { status, stdout, stderr } = supportEtl(args, { nodeOptions: claiming(node) })
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toBe(
        `support-etl needs Node ${needed} or newer, and this is ${node}; run it with a newer one: npx node ${MAIN} …\n`,
      )
    }
  })

  it.each([`${needed}.0`, '22.100.0', '24.0.0', '100.1.0'])('works on %s', (node) => {
    expect(supportEtl(['--version'], { nodeOptions: claiming(node) })).toMatchObject({
      status: 0,
      stdout: `${version}\n`,
    })
  })

  it.skipIf(oldNode === undefined)('says so on a real one, with nothing beside it that could be loaded', () => {
    const file = join(emptyFolder(), 'main.mjs')
    writeFileSync(file, stripTypeScriptTypes(readFileSync(SOURCE, 'utf8')))
    const { status, stdout, stderr } = spawnSync(oldNode ?? '', [file, '--version'], { encoding: 'utf8' })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(new RegExp(`^support-etl needs Node ${needed} or newer, and this is \\d+.*\\n$`))
  })

  it('runs when the advice is followed', () => {
    const { stderr } = supportEtl(['--version'], { nodeOptions: claiming('20.0.0') })
    const [, command = ''] = /: npx node (\S+) …\n$/.exec(stderr) ?? []
    // npx takes the Node that is installed beside the package
    const cwd = join(import.meta.dirname, '..', '..')
    const env = { ...process.env, NODE_OPTIONS: '--conditions=support-etl-source' }
    const { stdout } = spawnSync('npx', ['node', command, '--version'], { cwd, env, encoding: 'utf8' })
    expect(stdout).toBe(`${version}\n`)
  })

  it('quotes a path that a shell would take apart', () => {
    const file = join(emptyFolder(), 'my programs.mjs')
    writeFileSync(file, stripTypeScriptTypes(readFileSync(SOURCE, 'utf8')))
    const { stderr } = spawnSync(process.execPath, [...claiming('20.0.0'), file], { encoding: 'utf8' })
    expect(stderr).toContain(`npx node ${JSON.stringify(file)} …`)
  })
})
