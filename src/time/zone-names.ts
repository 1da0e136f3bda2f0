/**
 * Which names are time zones, and suggestions for a name that is not one.
 * @module
 */
import { editDistance, letters } from '../spelling.ts'

// The tz database's names without a region. A list, because V8 also accepts ICU's own short names
// ("PST", "IST", "ACT"), which no other runtime knows and which mean different places to different
// readers.
const NAMES_WITHOUT_REGION = new Set(
  (
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran ' +
    'Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK ' +
    'Singapore Turkey UCT UTC Universal W-SU WET Zulu'
  )
    .toLowerCase()
    .split(' '),
)

const MEANT: Readonly<Record<string, readonly string[]>> = {
  et: ['America/New_York', 'EST'],
  edt: ['America/New_York', 'EST'],
  eastern: ['America/New_York', 'EST'],
  ct: ['America/Chicago'],
  cst: ['America/Chicago', 'Asia/Shanghai'],
  cdt: ['America/Chicago'],
  central: ['America/Chicago'],
  mt: ['America/Denver'],
  mdt: ['America/Denver'],
  mountain: ['America/Denver', 'MST'],
  pt: ['America/Los_Angeles'],
  pst: ['America/Los_Angeles'],
  pdt: ['America/Los_Angeles'],
  pacific: ['America/Los_Angeles'],
  bst: ['Europe/London'],
  cest: ['Europe/Berlin', 'CET'],
  ist: ['Asia/Kolkata', 'Europe/Dublin'],
  jst: ['Asia/Tokyo'],
  z: ['UTC'],
  local: ['UTC'],
}

/**
 * Whether the text has the form of a zone name that every runtime reads alike. Whether the zone
 * exists is up to the runtime.
 */
export function isZoneName(name: string): boolean {
  if (!/^[a-z][a-z0-9_+-]*(\/[a-z0-9_+-]+)*$/i.test(name)) return false
  return name.includes('/') ? !/^SystemV\//i.test(name) : NAMES_WITHOUT_REGION.has(name.toLowerCase())
}

/**
 * Returns the seconds east of UTC of a name with a constant offset (`UTC`, `Etc/GMT+5`, `+05:30`),
 * or null. `Etc/GMT` names count westwards: `Etc/GMT+5` is five hours behind UTC.
 */
export function fixedOffset(name: string): number | null {
  if (/^(etc\/)?(utc|uct|gmt[+-]?0?|greenwich|universal|zulu)$/i.test(name)) return 0
  const region = /^etc\/gmt([+-])([1-9]|1[0-4])$/i.exec(name)
  if (region !== null) {
    const hours = Number(region[2])
    if (region[1] === '-') return hours * 3600
    return hours > 12 ? null : -hours * 3600
  }
  const clock = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$/.exec(name)
  if (clock === null) return null
  const seconds = Number(clock[2]) * 3600 + Number(clock[3] ?? 0) * 60
  return clock[1] === '-' && seconds > 0 ? -seconds : seconds
}

/** Returns up to three zone names that the writer may have meant, the likeliest first. */
export function suggestZones(name: string): readonly string[] {
  const wanted = letters(name)
  const meant = MEANT[wanted.replace(/(standard|daylight)?time$/, '')] ?? MEANT[wanted.replace(/^us/, '')]
  if (meant !== undefined) return meant
  if (wanted === '') return ['UTC', 'America/New_York']
  // the longer a word, the more letters may differ before it is another word
  const limit = Math.min(2, Math.floor(wanted.length / 5))
  return [...Intl.supportedValuesOf('timeZone'), 'UTC', 'EST']
    .map((zone) => {
      const city = letters(zone.slice(zone.lastIndexOf('/') + 1))
      const distance = Math.min(editDistance(wanted, letters(zone), limit), editDistance(wanted, city, limit))
      return { zone, distance: distance > limit && city.length > 3 && wanted.endsWith(city) ? limit : distance }
    })
    .filter(({ distance }) => distance <= limit)
    .sort((first, second) => first.distance - second.distance)
    .slice(0, 3)
    .map(({ zone }) => zone)
}
