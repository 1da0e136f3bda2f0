/**
 * Postal addresses in the form of the United States, in parts.
 * @module
 */
import { trimmed } from './known-words.ts'
import { REGIONS, type Region } from './states.ts'

/** The parts of an address; all null where it has another form. */
export interface PostalAddress {
  readonly street: string | null
  /** `APO`, `FPO` or `DPO` for a military address. */
  readonly city: string | null
  readonly state: string | null
  /** Five digits, or nine with a hyphen. */
  readonly zip: string | null
  readonly region: Region | null
}

const NOWHERE: PostalAddress = { street: null, city: null, state: null, zip: null, region: null }
const POST_OFFICES = new Set(['APO', 'FPO', 'DPO'])

/**
 * Returns the parts of an address whose last words are a state's code and a ZIP code. Street and city are on lines of their own, or
 * separated by the last comma. A military address has one of its three post offices as its city.
 *
 * @example
 * parseAddress('317 Paul Turnpike\nDarrenland, NY 13297').city // 'Darrenland'
 * parseAddress('PSC 0422, Box 9214\nAPO AA 12094').region // 'military'
 */
export function parseAddress(text: string | null): PostalAddress {
  const given = trimmed(text)
  if (given === null) return NOWHERE
  const end = /[\s,]([A-Z]{2})\s(\d{5}(?:-\d{4})?)$/.exec(given)
  if (end === null) return NOWHERE
  const [whole, state = '', zip = ''] = end
  const region = REGIONS.get(state)
  if (region === undefined) return NOWHERE
  const before = given.slice(0, given.length - whole.length)
  const lines = before.split(/[\r\n]+/)
  const last = lines.pop() ?? ''
  const comma = lines.length === 0 ? last.replace(/,$/, '').lastIndexOf(',') : -1
  const street = lines.length === 0 ? last.slice(0, Math.max(comma, 0)) : lines.join(' ')
  const city = trimmed(last.slice(comma + 1).replace(/,$/, ''))
  if (city === null || POST_OFFICES.has(city) !== (region === 'military')) return NOWHERE
  return { street: trimmed(street), city, state, zip, region }
}
