/**
 * How values of Postgres become values of JavaScript: the same from a server and from the embedded database. Days and wall time
 * stay text, because a Date would move them by the zone of this process.
 * @module
 */

/** Postgres' numbers of the types that a driver would read in its own way. */
const INT8 = 20
const DATE = 1082
const TIMESTAMP = 1114

/** A whole number that JavaScript holds exactly is a number, any other one a bigint. */
function readInt8(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

const asText = (text: string): string => text

/** The readers of types that are not left to the driver, by Postgres' number of the type. */
export const VALUE_READERS: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: readInt8,
  [DATE]: asText,
  [TIMESTAMP]: asText,
}
