/** What a command line in this process says, as one text that is the same on every machine. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../systems/calls/places.ts'
import { emptyFolder, SAMPLE } from './command-line.ts'

/** Runs commands; what they print names the folder `FOLDER`, and no time, id or process. */
export function saidIn(folder: string): (...args: string[]) => Promise<string> {
  return async (...args) => {
    const { status, stdout, stderr } = await commandLine(...args)
    const text = `${stdout}${stderr === '' ? '' : `--- stderr\n${stderr}`}--- status ${status}\n`
    return text
      .replaceAll(folder, 'FOLDER')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
      .replace(/run [0-9a-f-]{36}/g, 'run ID')
  }
}

/** A copy of the sample's files, and an empty place beside it. */
export function places() {
  const folder = emptyFolder()
  const [data, out] = [join(folder, 'data'), join(folder, 'out')]
  cpSync(SAMPLE, data, { recursive: true })
  return { data, out, said: saidIn(folder) }
}
