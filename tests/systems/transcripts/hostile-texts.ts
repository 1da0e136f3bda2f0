/** 100 KB of the worst that somebody may send. */

export const SIZE = 100_000
export const filled = (piece: string, size = SIZE) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size)

const HOSTILE: readonly (readonly [name: string, piece: string])[] = [
  ['letters', 'a'],
  ['digits', '1'],
  ['grouped digits', '1,111,'],
  ['dollars', '$'],
  ['prices', '$1 '],
  ['colons', ':'],
  ['brackets', '(a'],
  ['labels', 'Agent: '],
  ['open labels', 'Agent ('],
  ['short turns', 'Agent: a Customer: b '],
  ['spaces', ' '],
  ['apostrophes', "a'"],
  ['hyphens', 'a-'],
  ['at signs', 'a@'],
  ['mail-like', 'a.b@c.'],
  ['spelled mail', 'a dot b at '],
  ['card-like', '4111-1111 '],
  ['phone-like', '555 0 '],
  ['yes', 'Customer: yes '],
  ['one long yes', 'yes '],
  ['sign me', 'sign  me '],
  ['sounds good', 'sounds good '],
  ['negators', 'not '],
  ['numbers', 'twenty one hundred '],
  ['hundreds', 'two hundred and '],
  ['thousands', 'a thousand '],
  ['number words', 'twenty '],
  ['prices in words', 'for nineteen ninety-nine a month '],
  ['cents', '$1 and 1 cents '],
  ['codes', 'USD 1 $ '],
  ['zero width', '\u200b'],
  ['surrogates', '\u{1f600}'],
]
/** Calls with ever new offers, in one turn or in many, accepted, declined and taken back. */
const numbered = (piece: (at: number) => string) => {
  let text = ''
  for (let at = 0; text.length < SIZE; at++) text += piece(at)
  return text.slice(0, SIZE)
}
export const HOSTILE_TEXTS: readonly (readonly [name: string, text: string])[] = [
  ...HOSTILE.map(([name, piece]) => [name, filled(piece)] as const),
  ...HOSTILE.map(([name, piece]) => [`a customer's ${name}`, `Agent: Hi. Customer: ${filled(piece)}`] as const),
  ['many offers', numbered((at) => `Agent: Would you like the p${at} plan for $${at}? Customer: Yes, add it. `)],
  [
    'many refusals',
    numbered((at) => `Agent: Would you like the p${at} plan for $${at}? Customer: I want to buy. No, scratch that. `),
  ],
  ['one turn of offers', `Agent: ${numbered((at) => `the p${at} plan is $${at}, `)} Customer: both`],
  ['one turn of answers', `Agent: The a plan is $1, the b plan is $2. Customer: ${filled('add the a, no, okay ')}`],
]

/** The processor time of this process, so that other work on the machine does not count. */
export function cpuMilliseconds(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
