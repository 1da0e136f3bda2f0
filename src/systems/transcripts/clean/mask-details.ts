/**
 * Masks personal details in a text: cards, phone numbers, e-mail addresses and account numbers.
 * @module
 */
import { refuseUnless } from '../../../arguments.ts'

/** The kinds of details that are masked. A mask is the kind in square brackets: `[card]`. */
export type DetailKind = 'card' | 'phone' | 'email' | 'account'

/** A text with masks, and how many of each kind there are. */
export interface MaskedText {
  readonly text: string
  readonly counts: Readonly<Record<DetailKind, number>>
}

interface Detail {
  readonly kind: DetailKind
  readonly start: number
  readonly end: number
}

/** A run of digits without anything between, as positions in the text. */
interface DigitGroup {
  readonly start: number
  readonly end: number
}

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/** Whether digits pass the check that card numbers carry. Source: ISO/IEC 7812-1, annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let at = digits.length - 1, isSecond = false; at >= 0; at--, isSecond = !isSecond) {
    const digit = digits.charCodeAt(at) - 0x30
    const doubled = isSecond ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** What may stand between the groups of one number: a space, hyphen, dot or slash-free bracket, two of them at most. */
const JOINT = /^[ .-]?[()]?[ .-]?$/
/** The longest number with joints: an account of 34 digits. */
const MOST_GROUPS = 12

/** The runs of digit groups that may be one number. */
function* digitRuns(text: string): Generator<readonly DigitGroup[]> {
  let run: DigitGroup[] = []
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue
    const start = at
    while (at < text.length && isDigit(text.charCodeAt(at))) at++
    const before = run.at(-1)
    const isJoined = before !== undefined && start - before.end <= 3 && JOINT.test(text.slice(before.end, start))
    if (!isJoined || run.length === MOST_GROUPS) {
      if (run.length > 0) yield run
      run = []
    }
    run.push({ start, end: at })
  }
  if (run.length > 0) yield run
}

const sizeOf = ({ start, end }: DigitGroup): number => end - start

/** The last group of a card number that begins with a group of a run; −1 where none does. */
function cardEnd(text: string, run: readonly DigitGroup[], from: number): number {
  let digits = ''
  let found = -1
  for (let at = from; at < run.length && digits.length <= 19; at++) {
    const group = run[at] as DigitGroup
    if (sizeOf(group) > 19) break
    digits += text.slice(group.start, group.end)
    if (digits.length >= 13 && digits.length <= 19 && digits !== '0'.repeat(digits.length) && passesLuhn(digits)) {
      found = at
    }
  }
  return found
}

/** Sizes of groups that are written for phone numbers alone; others need ten or eleven digits in one group. */
const PHONE_SHAPES = new Set([
  '3,3,4',
  '1,3,3,4',
  '3,4',
  '5,6',
  '4,3,4',
  '4,3,3',
  '2,4,4',
  '2,3,3,4',
  '3,7',
  '3,8',
  '10',
  '11',
])
const PHONE_BEFORE = /(?:phone|cell|mobile|number|reach me|call me|call back|callback|text|line)\b[^.?!\d]{0,24}$/i
const NOT_PHONE_BEFORE =
  /[$€£] ?$|\b(?:order|ticket|case|reference|ref|confirmation|invoice|tracking|serial|model|imei)\b[^.?!]{0,16}$/i

/** The last group of a phone number that begins with a group of a run; −1 where none does. */
function phoneEnd(text: string, run: readonly DigitGroup[], from: number): number {
  const first = run[from] as DigitGroup
  const isPlus = text.charAt(first.start - 1) === '+'
  const before = text.slice(Math.max(0, first.start - 40), first.start)
  if (!isPlus && NOT_PHONE_BEFORE.test(before)) return -1
  let digits = 0
  let found = -1
  const sizes: number[] = []
  for (let at = from; at < run.length && at < from + 5; at++) {
    sizes.push(sizeOf(run[at] as DigitGroup))
    digits += sizes.at(-1) as number
    if (digits > 15) break
    if (isPlus ? digits >= 8 : PHONE_SHAPES.has(sizes.join(','))) found = at
    else if (digits >= 7 && digits <= 15 && PHONE_BEFORE.test(before)) found = at
  }
  return found
}

const ACCOUNT_BEFORE =
  /\b(?:account|acct|member|membership|policy|customer|routing|iban|social security|ssn|passport|licen[cs]e)\b[^.?!\d]{0,24}$/i

/** The last group of an account number that begins with a group of a run; −1 where none does. */
function accountEnd(text: string, run: readonly DigitGroup[], from: number): number {
  const first = run[from] as DigitGroup
  if (!ACCOUNT_BEFORE.test(text.slice(Math.max(0, first.start - 48), first.start))) return -1
  let digits = 0
  let found = -1
  for (let at = from; at < run.length; at++) {
    const group = run[at] as DigitGroup
    digits += sizeOf(group)
    // a space joins groups of three and four; what follows otherwise is another number
    if (at > from && text.charAt(group.start - 1) === ' ' && sizeOf(group) < 3) break
    if (digits >= 6) found = at
  }
  return found
}

function* numbersOf(text: string): Generator<Detail> {
  for (const run of digitRuns(text)) {
    for (let at = 0; at < run.length; at++) {
      const first = run[at] as DigitGroup
      const ends = [
        ['card', cardEnd(text, run, at)],
        ['account', accountEnd(text, run, at)],
        ['phone', phoneEnd(text, run, at)],
      ] as const
      const [kind, last] = ends.find(([, end]) => end >= 0) ?? ['card', -1]
      if (last < 0) continue
      const isBracket = text.charAt(first.start - 1) === '('
      const start = isBracket || text.charAt(first.start - 1) === '+' ? first.start - 1 : first.start
      yield { kind, start: text.charAt(start - 1) === '+' ? start - 1 : start, end: (run[last] as DigitGroup).end }
      at = last
    }
  }
}

const LOCAL_PART = /[\p{L}\p{N}._%+-]{1,64}$/u
const DOMAIN = /^(?:[\p{L}\p{N}-]{1,63}\.){1,4}\p{L}{2,24}/u

function* addressesOf(text: string): Generator<Detail> {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const local = LOCAL_PART.exec(text.slice(Math.max(0, at - 64), at))
    const domain = DOMAIN.exec(text.slice(at + 1, at + 280))
    if (local === null || domain === null) continue
    yield { kind: 'email', start: at - local[0].length, end: at + 1 + domain[0].length }
  }
}

/** An address as it is spelled: `ann dot lee at example dot com`. It begins at most two words with `dot` before the `at`. */
function* spokenAddressesOf(text: string): Generator<Detail> {
  for (let at = text.indexOf(' at '); at >= 0; at = text.indexOf(' at ', at + 1)) {
    const before = text.slice(Math.max(0, at - 140), at)
    const local = /(?:(?<![\w.-])[\w-]{1,40} dot ){0,2}(?<![\w.-])[\w.-]{1,40}$/.exec(before)
    const domain = /^ at (?:[\w-]{1,63} dot ){1,3}[a-z]{2,24}(?![\w-])/i.exec(text.slice(at, at + 300))
    if (local === null || domain === null) continue
    yield { kind: 'email', start: at - local[0].length, end: at + domain[0].length }
  }
}

/**
 * Returns the text with personal details masked: `[card]` for numbers of 13 to 19 digits that pass Luhn's check, `[phone]`,
 * `[email]` (also as it is spelled: `ann at example dot com`), and `[account]` for numbers of six digits or more behind words
 * such as `account` or `policy`. Prices, dates, times, and order or ticket numbers stay, and so do numbers that are spelled
 * out in words. The time is linear in the length of the text. A masked text has nothing more to mask.
 *
 * @throws ContractError invalid_option - `text` is not a text
 * @example
 * maskPersonalDetails('My card is 4111 1111 1111 1111, mail me at ann@example.com.').text
 * // 'My card is [card], mail me at [email].'
 */
export function maskPersonalDetails(text: string): MaskedText {
  refuseUnless(typeof text === 'string', 'text', text, 'a text')
  const counts = { card: 0, phone: 0, email: 0, account: 0 }
  const found = [...addressesOf(text), ...spokenAddressesOf(text), ...numbersOf(text)]
  if (found.length === 0) return { text, counts }
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  const parts: string[] = []
  let from = 0
  for (const { kind, start, end } of found) {
    if (start < from) continue
    parts.push(text.slice(from, start), `[${kind}]`)
    counts[kind]++
    from = end
  }
  return { text: parts.join('') + text.slice(from), counts }
}
