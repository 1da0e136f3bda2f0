/**
 * A cube in a form that files can hold: a frame of cells and a record of text.
 * @module
 */
import { ContractError } from '../../../errors.ts'
import type { Frame } from '../../../table/frame.ts'
import type { SupportCube } from './support-cube.ts'

/** What a cube needs beside its cells; all text, because file formats keep text. */
export type CubeMetadata = Readonly<Record<'time_zone' | 'month_from' | 'month_fallbacks' | 'month_missing', string>>

/** Returns what to store beside {@link SupportCube.cells}. */
export function cubeMetadata({ timeZone, monthFrom, monthFallbacks, monthMissing }: SupportCube): CubeMetadata {
  return {
    time_zone: timeZone,
    month_from: monthFrom,
    month_fallbacks: String(monthFallbacks),
    month_missing: String(monthMissing),
  }
}

/**
 * Returns the cube of stored cells and metadata.
 * @throws ContractError cube_mismatch - the metadata does not describe a cube
 */
export function cubeFrom(cells: Frame, metadata: Readonly<Record<string, string | undefined>>): SupportCube {
  const { time_zone: timeZone, month_from: monthFrom, month_fallbacks, month_missing } = metadata
  const [monthFallbacks, monthMissing] = [Number(month_fallbacks ?? Number.NaN), Number(month_missing ?? Number.NaN)]
  if (timeZone === undefined || monthFrom === undefined || !(monthFallbacks >= 0) || !(monthMissing >= 0)) {
    throw new ContractError('cube_mismatch', 'the stored metadata is not that of a support cube; rebuild it', {
      details: { metadata },
    })
  }
  return { timeZone, monthFrom, cells, monthFallbacks, monthMissing }
}
