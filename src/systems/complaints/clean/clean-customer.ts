/**
 * A customer: the address in parts, the e-mail address repaired, days as days.
 * @module
 */
import type { RowOf } from '../../../table/contract.ts'
import { parseDay } from '../../../time/instant.ts'
import type { customers, rawCustomers } from '../tables.ts'
import { parseAddress } from './address.ts'
import type { RefusedComplaint } from './clean-complaint.ts'
import { customerId } from './customer-ids.ts'
import { repairEmail } from './email.ts'
import { trimmed, wordsOf } from './known-words.ts'

const genderOf = wordsOf(['F', 'M'], { female: 'F', male: 'M' })

/** A name without needless spaces. Its case is kept: nobody knows how a name is written. */
export function cleanName(text: string | null): string | null {
  return trimmed(text?.replace(/\s+/g, ' ') ?? null)
}

/** A day as `YYYY-MM-DD`; null where the text is none. */
function dayOf(text: string | null): string | null {
  return text === null || Number.isNaN(parseDay(text)) ? null : text
}

/**
 * Returns a customer. A customer whose id is no UUID in lower case with hyphens is refused, for no complaint would find it. Any other
 * cell that cannot be read is null and named in `doubts`.
 */
export function cleanCustomer(raw: RowOf<typeof rawCustomers>): RowOf<typeof customers> | RefusedComplaint {
  const { customer_id } = raw
  if (customerId(customer_id) !== customer_id) {
    const problem = {
      code: 'malformed_text',
      column: 'customer_id',
      found: customer_id,
      expected: 'a UUID in lower case',
    } as const
    return { problems: [problem] }
  }
  const doubts: string[] = []
  const doubtful = (column: keyof typeof raw, isRead: boolean): void => {
    if (trimmed(raw[column]) !== null && !isRead) doubts.push(column)
  }
  const gender = genderOf(raw.gender ?? '')
  doubtful('gender', gender !== null)
  const [birth_date, signed] = [dayOf(trimmed(raw.birth_date)), dayOf(trimmed(raw.signup_date))]
  doubtful('birth_date', birth_date !== null)
  // nobody signs up before birth; which of both days is wrong is unknown
  const isPossible = birth_date === null || signed === null || birth_date <= signed
  const signup_date = isPossible ? signed : null
  doubtful('signup_date', signup_date !== null)
  const { email, rule, confidence } = repairEmail(raw.email)
  doubtful('email', rule !== 'unreadable' && rule !== 'domain_unknown')
  const address = parseAddress(raw.address)
  doubtful('address', address.state !== null)
  return {
    ...{ customer_id, name: cleanName(raw.name), gender, birth_date, signup_date },
    ...{ email, email_original: raw.email, email_rule: rule, email_confidence: confidence },
    ...address,
    doubts: doubts.length === 0 ? null : doubts.join(' '),
  }
}
