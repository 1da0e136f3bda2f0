/**
 * E-mail addresses: the domain repaired by a table of known providers, and by nothing else.
 * @module
 */

import { PROVIDERS, TYPOS } from './email-domains.ts'
import { trimmed } from './known-words.ts'

/** What became of an address. */
export interface RepairedEmail {
  /** The address to write to; null where there is none. */
  readonly email: string | null
  /** As in `customers.email_rule`; null where there was no address. */
  readonly rule: 'none' | 'domain_case' | 'domain_typo' | 'domain_unknown' | 'unreadable' | null
  /** How sure the rule is, from 0 to 1; null where there was no address. */
  readonly confidence: number | null
}

const LOCAL = /^[^\s@<>"(),;:]{1,64}$/
const DOMAIN = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/

/**
 * Returns an address with its domain in lower case, and repaired where a known provider's is misspelt. The part before the `@` is
 * kept. A domain that is neither a known provider's nor a known misspelling is kept and told (`domain_unknown`).
 *
 * @example
 * repairEmail('x.omar@GmaiL.om') // { email: 'x.omar@gmail.com', rule: 'domain_typo', confidence: 0.99 }
 * repairEmail('a@omantel.net.om') // { email: 'a@omantel.net.om', rule: 'domain_unknown', confidence: 0.5 }
 */
export function repairEmail(text: string | null): RepairedEmail {
  const given = trimmed(text)
  if (given === null) return { email: null, rule: null, confidence: null }
  const split = given.lastIndexOf('@')
  const [local, written] = [given.slice(0, Math.max(split, 0)), given.slice(split + 1)]
  const domain = written.toLowerCase()
  if (split < 1 || !LOCAL.test(local) || domain.length > 253 || !DOMAIN.test(domain)) {
    return { email: null, rule: 'unreadable', confidence: 0 }
  }
  if (PROVIDERS.has(domain)) {
    return { email: `${local}@${domain}`, rule: written === domain ? 'none' : 'domain_case', confidence: 1 }
  }
  const typo = TYPOS.get(domain)
  if (typo !== undefined) return { email: `${local}@${typo.domain}`, rule: 'domain_typo', confidence: typo.confidence }
  return { email: `${local}@${domain}`, rule: 'domain_unknown', confidence: 0.5 }
}
