/** The help of every command, whole, as it reads on a terminal of 80 columns. A line that changes shows in `help/COMMAND.txt`. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { PROGRAM } from '../../src/cli/program/program.ts'
import { commandLine } from '../systems/calls/places.ts'

const names = PROGRAM.commands.map(({ name }) => name)
const groups = [...new Set(names.flatMap((name) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : [])))].filter(
  (name) => !names.includes(name),
)
const fileOf = (name: string) => `${name.replace(' ', '-')}.txt`

// the environment gives some options their defaults
beforeAll(() => {
  for (const name of ['BUCKET_NAME', 'S3_PREFIX', 'BATCH_SIZE', 'LOG_LEVEL', 'DB_SCHEMA']) vi.stubEnv(name, '')
  return () => vi.unstubAllEnvs()
})

describe('the help', () => {
  it.each([...names, ...groups])('of %s is what it was', async (name) => {
    const { status, stdout, stderr } = await commandLine(...name.split(' '), '--help')
    expect([status, stderr]).toEqual([0, ''])
    await expect(stdout).toMatchFileSnapshot(join('help', fileOf(name)))
  })

  it('of the program is what it was', async () => {
    const { status, stdout, stderr } = await commandLine('--help')
    expect([status, stderr]).toEqual([0, ''])
    await expect(stdout).toMatchFileSnapshot(join('help', 'support-etl.txt'))
  })

  it('has a file for each command, and no other', () => {
    const files = [...names, ...groups, 'support-etl'].map(fileOf)
    expect(readdirSync(join(import.meta.dirname, 'help')).sort()).toEqual(files.sort())
  })
})
