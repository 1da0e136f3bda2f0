/**
 * Providers of e-mail addresses, and how their domains are misspelt.
 * @module
 */

/** Providers whose domains are right as they stand. */
export const PROVIDERS: ReadonlySet<string> = new Set([
  ...['gmail.com', 'googlemail.com', 'hotmail.com', 'outlook.com', 'live.com', 'msn.com'],
  ...['yahoo.com', 'ymail.com', 'icloud.com', 'me.com', 'aol.com', 'proton.me', 'gmx.com', 'mail.com'],
])

/** A misspelt domain: what it means, and how sure that is. */
export interface DomainTypo {
  readonly domain: string
  readonly confidence: number
}

const typos = (domain: string, confidence: number, spellings: readonly string[]) =>
  spellings.map((spelling): readonly [string, DomainTypo] => [spelling, { domain, confidence }])

/**
 * Misspelt domains of these providers, and of no other one: `.om` is Oman, so that it is no typo in itself. Domains that exist and
 * that somebody else owns are less sure.
 */
export const TYPOS: ReadonlyMap<string, DomainTypo> = new Map([
  ...typos('gmail.com', 0.99, [
    'gmail.om',
    'gmai.com',
    'gmial.com',
    'gamil.com',
    'gmal.com',
    'gmaill.com',
    'gmail.con',
  ]),
  ...typos('gmail.com', 0.9, ['gmail.co', 'gmail.cm', 'gmail.comm']),
  ...typos('hotmail.com', 0.99, [
    'hotmai.com',
    'hotmail.om',
    'hotmial.com',
    'hotmal.com',
    'hotmaill.com',
    'hotmail.con',
  ]),
  ...typos('hotmail.com', 0.9, ['hotmail.co', 'hotmail.cm']),
  ...typos('yahoo.com', 0.99, ['yaho.com', 'yahoo.om', 'yahooo.com', 'yhoo.com', 'yahoo.con']),
  ...typos('yahoo.com', 0.9, ['yahoo.co', 'yahoo.cm']),
  ...typos('outlook.com', 0.99, ['outlok.com', 'outlook.om', 'outloo.com', 'outlook.con']),
  ...typos('outlook.com', 0.9, ['outlook.co', 'outlook.cm']),
])
