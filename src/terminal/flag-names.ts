/**
 * Messages as a terminal speaks them: they tell callers in code which option to set, and people which flag, or nothing.
 * @module
 */

/** What a message says to code, and to people; the last part of a sentence where a terminal has no such choice. */
const SPOKEN: readonly (readonly [pattern: RegExp, words: string])[] = [
  // choices that only code has
  [/, or map it with the option actions/, ''],
  [
    /; set contract: 'evolve' to add, or 'discard_value' to drop (it|them|\$\{.*\})/,
    '; take it out of the file, name and cells',
  ],
  [
    /add to the contract, or set its unknownColumns to evolve, discard_value or discard_row/,
    'take it out of the file, name and cells',
  ],
  [/add what is missing, or give columnAliases/, 'add what is missing, name and cells'],
  [/Rename it, or give columnAliases/, 'Rename it'],
  [/Correct the name, or set columnAliases: \{.*\}/, 'Correct the name'],
  [
    /name its column with actionColumn, or set defaultAction: 'add' to read it as a full extract/,
    'add it, or put a full extract into initial/',
  ],
  [/name another with actionColumn/, 'rename it'],
  [/, or read with \{ strayQuotes: 'text' \}/, ''],
  [/read it with \{ delimiter: '.*' \}/, 'save it with commas between the cells'],
  [/, or read(?: it)? with(?:out)? (?:checkCsv|the contract and pass the table to checkTable), which gives .*$/, ''],
  [/, or set (?:\$\{cure\}|[a-zA-Z]+: '\w+'(?: or '\w+')?(?: to [^;.]+)?)$/, ''],
  // choices that have a flag
  [/ \(apply: "rebuild"\)/, ''],
  [/; rebuild it, or read/, '; run again with --rebuild, or read'],
  [/allow (\d+|\$\{\w+\}) % with maxQuarantined: (?:[\d.]+|\$\{[^}]*\})/, 'allow them with --max-quarantined $1%'],
  [/run in lenient mode/, 'run with --mode lenient'],
  [/^(months|publish|format|mode|out) (?=["$]|is )/, '--$1 '],
  [/^out (?=.+ is the folder of)/, '--out '],
  [/^maxQuarantined (?=is )/, '--max-quarantined '],
  [/^monthFrom (?=")/, '--month-from '],
  [/^asOf (?=["$])/, '--as-of '],
  [/^graceDays (?=is )/, '--grace-days '],
  [/^keepVersions (?=is )/, '--keep-versions '],
  [/\bchoose another out\b/, 'choose another --out'],
  [/\bleave months out$/, 'leave --months out'],
  [/\bpoint (out|data) at\b/, 'point --$1 at'],
]

/** Returns a message in the words of the command line. */
export function atTerminal(message: string): string {
  return SPOKEN.reduce((text, [pattern, words]) => text.replace(pattern, words), message)
}
