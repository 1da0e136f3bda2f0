/** The files of the exercise as a data set; those of the sample where it does not lie beside the checkout. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TrapData } from './trap-data.ts'

const options = { timeZone: 'America/New_York', monthFrom: 'interaction_start', format: 'csv' } as const

/** The files of a folder with `initial` and `delta`, as a data set. */
function dataIn(place: string): TrapData {
  const names = ['initial', 'delta'].flatMap((part) => readdirSync(join(place, part)).map((name) => `${part}/${name}`))
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(place, name), 'utf8')]))
  const months = new Set(names.flatMap((name) => /_delta_(\d{6})\.csv$/.exec(name)?.[1] ?? []))
  return { files, months: [...months].sort(), options }
}

/** The data that the exercise was published with, where it lies beside the checkout; else the sample. */
const exercise = join(import.meta.dirname, '../../../../shared/data/support-challenge')
const sample = join(import.meta.dirname, '../../../examples/data/support')

/** Returns the data set. */
export const exerciseData = (): TrapData => dataIn(existsSync(exercise) ? exercise : sample)
