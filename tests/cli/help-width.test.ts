import { describe, expect, it } from 'vitest'
import { PROGRAM } from '../../src/cli/program/program.ts'
import { typed, wideLines } from './typed.ts'

const names = PROGRAM.commands.map(({ name }) => name)
const groups = PROGRAM.groups.map(({ name }) => name).filter((name) => names.some((one) => one.startsWith(`${name} `)))

describe('the help', () => {
  it.each([...names, ...groups])('of %s fits a terminal of 80 columns', async (name) => {
    const shown = await typed(80, [...name.split(' '), '--help'])
    expect(shown.status).toBe(0)
    expect(shown.stdout).toContain('Usage:')
    expect(wideLines(shown, 80)).toEqual([])
  })

  it('of the program fits one, too', async () => {
    expect(wideLines(await typed(80, ['--help']), 80)).toEqual([])
  })
})
