/**
 * Which rule repairs each domain that a made-up world has, written down independently of the rules.
 * @module
 */

const RULES: Readonly<Record<string, string>> = {
  'gmail.com': 'none',
  'hotmail.com': 'none',
  'yahoo.com': 'none',
  'outlook.com': 'none',
  'Gmail.com': 'domain_case',
  'GmaiL.om': 'domain_typo',
  'gmail.om': 'domain_typo',
  'gmai.com': 'domain_typo',
  'hotmai.com': 'domain_typo',
  'omantel.net.om': 'domain_unknown',
  'at home': 'unreadable',
}

/** The rule that an address with this domain gets. @throws Error - the world has a domain that is not written down here */
export function repairedDomain(domain: string): string {
  const rule = RULES[domain]
  if (rule === undefined) throw new Error(`no rule is written down for the domain ${domain}`)
  return rule
}
