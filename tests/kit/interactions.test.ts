/** The files of the interactions kit: what they run exists, and nothing in them opens more than it must. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serverCommands } from '../../src/cli/serve/server-commands.ts'
import { SYSTEMS } from '../../src/systems/index.ts'
import { INTERACTIONS_COMMANDS } from '../../src/systems/interactions/commands/index.ts'

const kit = join(import.meta.dirname, '..', '..', 'kit', 'interactions')
const textOf = (name: string) => readFileSync(join(kit, name), 'utf8')
const program = { title: 'support-etl', version: () => '1', systems: SYSTEMS, pages: SYSTEMS, placeOf: () => '' }
const commands = [...INTERACTIONS_COMMANDS, ...serverCommands(program)]

/** The flags of a command of the program. */
function flagsOf(name: string): string[] {
  const command = commands.find((one) => one.name === name)
  if (command === undefined) throw new Error(`there is no command ${name}`)
  return command.options.map(({ flags }) => flags.split(' ')[0] as string)
}

describe('the kit of interactions', () => {
  it('runs commands that exist, with flags that they have', () => {
    const compose = textOf('compose.yaml')
    const lists = [...compose.matchAll(/^ {4}command: \[(.*)\]$/gm)].map(([, list = '']) =>
      list.split(', ').map((word) => word.replace(/^"|"$/g, '')),
    )
    expect(lists).toHaveLength(3)
    for (const [first = '', second = '', ...rest] of lists) {
      const name = first === 'interactions' ? `${first} ${second}` : first === 'list' ? 'keys list' : first
      const words = [second, ...rest].filter((word) => word.startsWith('--'))
      expect(words.filter((word) => !flagsOf(name).includes(word))).toEqual([])
    }
  })

  it('publishes ports on this machine alone, and writes no secret down', () => {
    const ports = [...textOf('compose.yaml').matchAll(/^ {6}- (\S+:\d+:\d+)$/gm)].map(([, port]) => port)
    expect(ports).toEqual(['127.0.0.1:8788:8788'])
    expect(textOf('start-local-db')).toContain('--publish "127.0.0.1:$port:5432"')
    expect(textOf('.env.example')).toMatch(/^POSTGRES_PASSWORD=$/m)
    expect(textOf('compose.yaml')).not.toMatch(/PASSWORD: (?!\$\{POSTGRES_PASSWORD:\?)/)
  })

  it('installs the release that it is part of', () => {
    const { name, version } = JSON.parse(readFileSync(join(kit, '..', '..', 'package.json'), 'utf8'))
    expect(textOf('Containerfile')).toContain(`\nARG PACKAGE=${name}@${version}\n`)
  })

  it('names every action by its commit, and its version beside it', () => {
    const uses = textOf('workflows/deploy-interactions.yml').match(/uses: .*/g) ?? []
    expect(uses.length).toBeGreaterThan(1)
    expect(uses.filter((text) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(text))).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('has a script that a shell can read', () => {
    const { status, stderr } = spawnSync('sh', ['-n', join(kit, 'start-local-db')], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })
})
