/**
 * Agents' names in one spelling.
 * @module
 */

/** The name of an agent whose record has none. */
export const UNKNOWN_AGENT = 'Unknown Agent'

/** Each word with a capital and small letters otherwise, as the original program writes names: `Mcdonald`, `O'brien`. */
export function classicAgentName(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== '')
  if (words.length === 0) return UNKNOWN_AGENT
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join(' ')
}

/** Particles that stay small behind a first name: `Ludwig van Beethoven`. */
const PARTICLES = new Set(['bin', 'da', 'de', 'del', 'der', 'di', 'dos', 'du', 'el', 'la', 'le', 'van', 'von', 'y'])

function capital(part: string): string {
  const [first = ''] = part
  const rest = part.slice(first.length)
  return first.toUpperCase() + rest
}

/** A part between hyphens: `mcdonald` to `McDonald`, `o'brien` to `O'Brien`. */
function namePart(part: string): string {
  const irish = /^(o|d)'(.+)$/u.exec(part)
  if (irish !== null) return `${capital(irish[1] as string)}'${capital(irish[2] as string)}`
  const scottish = /^mc(\p{L}.+)$/u.exec(part)
  return scottish === null ? capital(part) : `Mc${capital(scottish[1] as string)}`
}

/**
 * Returns a name in one spelling: outer spaces cut, inner ones single, curly quotes straight, composed letters. A name in one
 * case only is spelled with capitals: `JEAN-LUC O'BRIEN` is `Jean-Luc O'Brien`. A name in both cases keeps its own, so that
 * `McDonald`, `DeShawn` and `van Dyk` stay as they are. A name without letters or digits is `Unknown Agent`.
 */
export function agentName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .trim()
    .replace(/\s+/gu, ' ')
  if (!/[\p{L}\p{N}]/u.test(plain)) return UNKNOWN_AGENT
  const lower = plain.toLowerCase()
  if (plain !== lower && plain !== plain.toUpperCase()) return plain
  return lower
    .split(' ')
    .map((word, at) => (at > 0 && PARTICLES.has(word) ? word : word.split('-').map(namePart).join('-')))
    .join(' ')
}
