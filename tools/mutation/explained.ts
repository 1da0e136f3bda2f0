/**
 * Survivors that are not gaps in the tests: the program does the same with them, or the difference
 * cannot be observed.
 * @module
 */

/** One line of source whose mutants survive, and the reason. */
export interface Explanation {
  readonly file: string
  /**
   * The line in which the mutant begins, without its indent; it identifies the mutant even if
   * lines move.
   */
  readonly code: string
  /** The change, as the list of survivors prints it; or any change of the line. */
  readonly changes: readonly string[] | 'any'
  readonly reason: string
}

export const EXPLAINED: readonly Explanation[] = [
  {
    file: 'src/time/steps.ts',
    code: 'if (value > last) last = value',
    changes: ['value > last → value >= last'],
    reason: 'Taking an equal value again changes nothing.',
  },
  {
    file: 'src/time/steps.ts',
    code: 'if (value < first) first = value',
    changes: ['value < first → value <= first'],
    reason: 'Taking an equal value again changes nothing.',
  },
  {
    file: 'src/time/steps.ts',
    code: 'if (range === null || pageOf(range.last) - pageOf(range.first) >= DENSE_PAGES) return null',
    changes: [
      'pageOf(range.last) - pageOf(range.first) >= DENSE_PAGES → false',
      'pageOf(range.last) - pageOf(range.first) >= DENSE_PAGES → pageOf(range.last) - pageOf(range.first) > DENSE_PAGES',
    ],
    reason: 'How wide a guess may be decides how much is learned of a zone, not what is found.',
  },
  {
    file: 'src/time/steps.ts',
    code: 'if (pages.length <= DENSE_PAGES) return zone.stretches(pages)',
    changes: ['pages.length <= DENSE_PAGES → pages.length < DENSE_PAGES', 'pages.length <= DENSE_PAGES → false'],
    reason: 'Asking for the pages that hold an instant finds the same as asking for all of them.',
  },
  {
    file: 'src/time/steps.ts',
    code: 'if (!(value >= origin && value <= limit)) {',
    changes: ['value >= origin → value > origin', 'value <= limit → value < limit'],
    reason: 'A range is a millisecond wider than its instants, or else they are looked for again in one that is.',
  },
  {
    file: 'src/time/zone.ts',
    code: 'this.#offsets = isFixed ? () => offsets : offsets',
    changes: ['() => offsets → () => undefined'],
    reason: 'A zone with one offset answers from `#always` and asks nobody.',
  },
  {
    file: 'src/time/zone.ts',
    code: 'if (stretches === undefined) {',
    changes: ['stretches === undefined → true'],
    reason: 'A page that is probed again has the same stretches: what is kept saves time.',
  },
  {
    file: 'src/time/zone.ts',
    code: 'if (!(cause instanceof RangeError)) throw cause',
    changes: 'any',
    reason: 'The runtime throws nothing but RangeError for a name it does not know.',
  },
  {
    file: 'src/time/zone.ts',
    code: 'if (start >= to) break',
    changes: ['start >= to → start > to', 'start >= to → false'],
    reason: 'A change on the edge of two pages is found by the next page too, and equal neighbours are joined.',
  },
  {
    file: 'src/time/calendar.ts',
    code: 'export const NO_DAY = -2_147_483_648',
    changes: ['-2_147_483_648 → +2_147_483_648'],
    reason: 'Neither is a day of the years 0 to 9999.',
  },
  {
    file: 'src/time/instant.ts',
    code: 'if (unit > 0x7f) return 0',
    changes: ['unit > 0x7f → unit >= 0x7f'],
    reason: 'No timestamp holds the character 0x7f.',
  },
  {
    file: 'src/time/local.ts',
    code: 'for (let stretch = 0; stretch < starts.length; stretch++) {',
    changes: ['stretch < starts.length → stretch <= starts.length'],
    reason: 'The stretch behind the last has no offset, and is passed over as such.',
  },
  {
    file: 'src/time/local.ts',
    code: 'if (to < from) continue',
    changes: ['to < from → to <= from'],
    reason: 'A range is a millisecond wider than its instants: none lies in a stretch of one instant at its end.',
  },
  {
    file: 'src/time/local.ts',
    code: 'return { starts: cuts, values: monthOfCut.map((month) => codeOf.get(month) ?? -1), months }',
    changes: ['-1 → +1'],
    reason: 'Every month of a cut has a code; the other branch is there for the compiler.',
  },
  {
    file: 'src/time/local.ts',
    code: 'for (let row = 0; row < values.length; row++) walls[row] = (values[row] as number) + (offsets[row] as number) * second',
    changes: ['row < values.length → row <= values.length'],
    reason: 'What is written past the end of a typed array is lost.',
  },
  {
    file: 'src/time/offset-source.ts',
    code: 'const OFFSET = /GMT(?:([+-])(\\d{2}):(\\d{2})(?::(\\d{2}))?)?$/',
    changes: ['/GMT(?:([+-])(\\d{2}):(\\d{2})(?::(\\d{2}))?)?$/ → /GMT(?:([+-])(\\d{2}):(\\d{2})(?::(\\d{2}))?)?/'],
    reason: 'What Intl writes ends with the offset.',
  },
  {
    file: 'src/time/offset-source.ts',
    code: "const [, sign, hours, minutes, seconds = '0'] = OFFSET.exec(format.format(milliseconds)) ?? []",
    changes: ['[] → ["Stryker was here"]'],
    reason: 'What Intl writes always has an offset; the other branch is there for the compiler.',
  },
  {
    file: 'src/time/zone-names.ts',
    code: 'return { zone, distance: distance > limit && city.length > 3 && wanted.endsWith(city) ? limit : distance }',
    changes: ['distance > limit → distance >= limit'],
    reason: 'A distance that is the limit becomes the limit.',
  },
  {
    file: 'src/systems/calls/clean/call-columns.ts',
    code: 'const isBlankEdge = (byte: number | undefined) => byte !== undefined && (byte <= 0x20 || byte >= 0x80)',
    changes: ['byte >= 0x80 → byte > 0x80'],
    reason: 'The byte 0x80 begins no character.',
  },
  {
    file: 'src/systems/calls/clean/clean-call-frames.ts',
    code: "const callIds = plainText(coalesceText(columnsOf('call_id'), 'call_id', log.rows), 'call_id')",
    changes: ['\'call_id\' → ""'],
    reason: 'The name is only said of a column with more than 2 GiB of text.',
  },
  {
    file: 'src/systems/calls/clean/clean-call-frames.ts',
    code: "const customers = plainText(coalesceText(columnsOf('customer_id'), 'customer_id', log.rows), 'customer_id')",
    changes: ['\'customer_id\' → ""'],
    reason: 'The name is only said of a column with more than 2 GiB of text.',
  },
  {
    file: 'src/systems/calls/clean/clean-call-frames.ts',
    code: "const rating = typeof value === 'number' ? value : readNumber(String(value).trim())",
    changes: ['\'number\' → ""'],
    reason: 'A number written as text reads as the same number.',
  },
  {
    file: 'src/systems/calls/clean/call-times.ts',
    code: "const text = column instanceof NumberColumn ? null : trimmedText(column, 'duration_seconds')",
    changes: ['\'duration_seconds\' → ""'],
    reason: 'The name is only said of a column with more than 2 GiB of text.',
  },
  {
    file: 'src/systems/calls/clean/call-times.ts',
    code: 'for (let row = 0; row < column.length; row++) {',
    changes: ['row < column.length → row <= column.length'],
    reason: 'What is written past the end of a typed array is lost.',
  },
  {
    file: 'src/systems/calls/clean/call-times.ts',
    code: 'const bySpan = (row: number) => spans !== undefined && ends.problems[row] === TIMESTAMP_MISSING',
    changes: ['spans !== undefined → true'],
    reason: 'Whoever asks has looked whether there are durations.',
  },
  {
    file: 'src/systems/calls/clean/curate-calls.ts',
    code: "const ids = plainText(columnOf(facts, 'call_id') as TextColumn, 'call_id')",
    changes: ['\'call_id\' → ""'],
    reason: 'The name is only said of a column with more than 2 GiB of text.',
  },
  {
    file: 'src/aggregate/exact-sum.ts',
    code: 'if (id < 0) continue',
    changes: ['id < 0 → false'],
    reason: 'A sum in place -1 of a typed array is lost, and adding exactly where it is not needed gives the same.',
  },
  {
    file: 'src/systems/support/figures/center-totals.ts',
    code: 'return takeRows(frame, descending(averages.map((average, row) => (valid[row] === 1 ? average : Number.NaN))))',
    changes: ['valid[row] === 1 → true'],
    reason: 'Without calls the average is 0 / 0, which is not a number either.',
  },
  {
    file: 'src/aggregate/exact-sum.ts',
    code: 'const sum = (total[id] as number) + sign * (sums[id] as number)',
    changes: ['sign * (sums[id] as number) → sign / (sums[id] as number)'],
    reason: 'Dividing by the first sum that is 0 passes every limit, and what passes it is added exactly.',
  },
  {
    file: 'src/aggregate/exact-sum.ts',
    code: 'for (let row = 0; row < ids.length; row++) {',
    changes: ['row < ids.length → row <= ids.length'],
    reason: 'The group behind the last row is no number, so that nothing is added to any.',
  },
  {
    file: 'src/systems/support/figures/support-cube.ts',
    code: 'for (let id = 0; isPlain && id < size; id++) isPlain = (duration[id] as number) < 2 ** 53',
    changes: ['id < size → id <= size', 'id++ → id--'],
    reason: 'A look beside the sums finds none that is small enough, and adding exactly gives the same.',
  },
  {
    file: 'src/aggregate/counted-columns.ts',
    code: 'for (let row = 0; row < picked.length; row++) picked[row] = (sums[groups[row] as number] as number) / unit',
    changes: ['row < picked.length → row <= picked.length'],
    reason: 'What is written behind a typed array is lost.',
  },
  {
    file: 'src/aggregate/group.ts',
    code: 'const most = Math.min(DENSE_GROUPS, Math.max(ALWAYS_DENSE, rows * 4))',
    changes: [
      'Math.min(DENSE_GROUPS, Math.max(ALWAYS_DENSE, rows * 4)) → Math.max(DENSE_GROUPS, Math.max(ALWAYS_DENSE, rows * 4))',
    ],
    reason: 'Where to begin hashing decides the time, not the groups.',
  },
  {
    file: 'src/aggregate/group.ts',
    code: 'slot = (slot + 1) & (capacity - 1)',
    changes: ['slot + 1 → slot - 1'],
    reason: 'Slots may be tried in either direction.',
  },
  {
    file: 'src/aggregate/group.ts',
    code: 'if (count * 2 >= capacity) {',
    changes: ['count * 2 >= capacity → count * 2 > capacity'],
    reason: 'A table of hashes that grows one pair later holds the same pairs.',
  },
  {
    file: 'src/aggregate/group.ts',
    code: 'if (size * radix <= most) {',
    changes: ['size * radix <= most → size * radix < most'],
    reason: 'Where to begin hashing decides the time, not the groups.',
  },
  {
    file: 'src/systems/calls/figures/filter.ts',
    code: 'if (day < first) first = day',
    changes: ['day < first → day <= first'],
    reason: 'Taking an equal value again changes nothing.',
  },
  {
    file: 'src/systems/support/figures/call-times.ts',
    code: "return unit === 'ms' ? values : values.map((value) => toMilliseconds(value, unit))",
    changes: ['\'ms\' → ""'],
    reason: 'Milliseconds of milliseconds are the same: a shortcut.',
  },
  {
    file: 'src/systems/support/figures/call-times.ts',
    code: "['total_calls', counted(sum('calls', new Float64Array(rows).fill(1)))],",
    changes: ['\'calls\' → ""'],
    reason: 'The name is only said of a sum past 2^53, which no count of rows or minutes reaches.',
  },
  {
    file: 'src/systems/support/figures/call-times.ts',
    code: "['average_handle_minutes', averages(sum('handle time', zeroed(handle)), handled)],",
    changes: ['\'handle time\' → ""'],
    reason: 'The name is only said of a sum past 2^53, which no count of rows or minutes reaches.',
  },
  {
    file: 'src/systems/calls/figures/anomalies.ts',
    code: 'if (values.length < ENOUGH || low == null || high == null) return { low: -Infinity, high: Infinity }',
    changes: ['high == null → false'],
    reason: 'Thirty numbers have both quartiles; the other checks are there for the compiler.',
  },
  {
    file: 'src/systems/calls/figures/anomalies.ts',
    code: 'if (fence !== undefined && (log < fence.low || log > fence.high)) {',
    changes: ['fence !== undefined → true'],
    reason: 'Every issue has its fence; the check is there for the compiler.',
  },
  {
    file: 'src/systems/calls/figures/contacts.ts',
    code: 'const isOrdered = order.every((row) => row === 0 || (start[row - 1] as number) <= (start[row] as number))',
    changes: [
      '(start[row - 1] as number) <= (start[row] as number) → false',
      '(start[row - 1] as number) <= (start[row] as number) → start[row - 1] as number < (start[row] as number)',
    ],
    reason: 'Rows that are in order stay as they are when they are sorted: a shortcut.',
  },
  {
    file: 'src/systems/calls/figures/frame.ts',
    code: 'if (none < 0) return new DictionaryColumn(codes, texts as readonly string[])',
    changes: ['none < 0 → false'],
    reason: 'Without a null among the words, nothing is replaced: a shortcut.',
  },
  {
    file: 'src/systems/calls/figures/heat-map.ts',
    code: 'for (let row = 0; row < failed.length; row++) {',
    changes: ['row < failed.length → row <= failed.length'],
    reason: 'What is read past the end of a typed array counts nowhere, and what is written there is lost.',
  },
  {
    file: 'src/systems/calls/figures/order.ts',
    code: 'for (let row = 0; row < ranks.length; row++) {',
    changes: ['row < ranks.length → row <= ranks.length'],
    reason: 'What is read past the end of a typed array counts nowhere, and what is written there is lost.',
  },
  {
    file: 'src/systems/calls/figures/leaderboard.ts',
    code: 'if (figures.calls === 0) return []',
    changes: ['[] → ["Stryker was here"]'],
    reason: 'What has no calls is in neither half of the list.',
  },
  {
    file: 'src/systems/calls/figures/order.ts',
    code: 'if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1',
    changes: ['a === null || b === null → false', 'a === b → false'],
    reason: 'Null is the last member of a dimension, and the only one.',
  },
  {
    file: 'src/systems/calls/figures/selection.ts',
    code: 'export function lookingAt(span: CallSpan, except: readonly CallFacet[] = []): number {',
    changes: ['[] → ["Stryker was here"]'],
    reason: 'A filter that does not exist has no bit.',
  },
  {
    file: 'src/systems/calls/figures/selection.ts',
    code: "if (window === null) mark(failed, bit, () => none === 'outside')",
    changes: ['\'outside\' → ""'],
    reason: 'No view counts a period that is not there.',
  },
  {
    file: 'src/systems/calls/figures/selection.ts',
    code: 'const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)',
    changes: ['JSON.stringify(a) === JSON.stringify(b) → false'],
    reason: 'Looking again at what did not change finds the same: a shortcut.',
  },
  {
    file: 'src/systems/calls/figures/selection.ts',
    code: 'for (const dimension of CALL_DIMENSIONS) if (differs(dimension)) markMembers(failed, set, dimension, filter)',
    changes: ['differs(dimension) → true'],
    reason: 'Looking again at what did not change finds the same: a shortcut.',
  },
  {
    file: 'src/aggregate/percentiles.ts',
    code: 'if ((values[middle] as number) < (values[low] as number)) swap(values, middle, low)',
    changes: [
      '(values[middle] as number) < (values[low] as number) → values[middle] as number >= (values[low] as number)',
      '(values[middle] as number) < (values[low] as number) → values[middle] as number <= (values[low] as number)',
    ],
    reason: 'Which number divides the others decides the time, not where each ends up.',
  },
  {
    file: 'src/aggregate/percentiles.ts',
    code: 'if ((values[high] as number) < (values[low] as number)) swap(values, high, low)',
    changes: ['(values[high] as number) < (values[low] as number) → values[high] as number <= (values[low] as number)'],
    reason: 'Which number divides the others decides the time, not where each ends up.',
  },
  {
    file: 'src/aggregate/percentiles.ts',
    code: 'if ((values[high] as number) < (values[middle] as number)) swap(values, high, middle)',
    changes: [
      '(values[high] as number) < (values[middle] as number) → values[high] as number <= (values[middle] as number)',
      'swap(values, high, middle) → ;',
    ],
    reason: 'Which number divides the others decides the time, not where each ends up.',
  },
  {
    file: 'src/aggregate/percentiles.ts',
    code: 'for (let i = k + 1; i < values.length; i++) if ((values[i] as number) < above) above = values[i] as number',
    changes: ['(values[i] as number) < above → values[i] as number <= above'],
    reason: 'Taking an equal value again changes nothing.',
  },
  {
    file: 'src/transform/local-time.ts',
    code: 'if (column.zone === null && source.sourceTimeZone !== undefined) {',
    changes: ['column.zone === null → true'],
    reason: 'A column with a zone of its own holds its instants as they are: it is moved by nothing.',
  },
  {
    file: 'src/pipeline/plan/plan-input.ts',
    code: 'if (month !== null && compareMonths(latest.get(table) ?? null, month) < 0) latest.set(table, month)',
    changes: ['month !== null → true'],
    reason: 'An extract has no month, which is before every other.',
  },
  {
    file: 'src/pipeline/plan/plan-input.ts',
    code: "else if (file.month !== null && file.month < (latest.get(file.table) ?? '')) sorted.late.push(file)",
    changes: ["file.month < (latest.get(file.table) ?? '') → file.month <= (latest.get(file.table) ?? '')"],
    reason: 'The file of a month that is applied is known by table and month, and never comes here.',
  },
  {
    file: 'src/pipeline/plan/make-plan.ts',
    code: 'const months = [...new Set(applied.map(({ month }) => month))].filter((month) => month !== null).sort()',
    changes: [
      '[...new Set(applied.map(({ month }) => month))].filter((month) => month !== null) → [...new Set(applied.map(({ month }) => month))]',
    ],
    reason: 'Sorted as text, null is behind every month, and no month lies between it and the last.',
  },
  {
    file: 'src/transform/delta/fold/delta-rows.ts',
    code: 'if (hasClass(parts, OpaqueColumn))',
    changes: ['hasClass(parts, OpaqueColumn) → true'],
    reason: 'Whoever pools columns has seen that they are of one kind.',
  },
  {
    file: 'src/time/local.ts',
    code: 'if (to < from) continue',
    changes: ['to < from → false'],
    reason: 'From the later to the earlier there is no step: a shortcut.',
  },
  {
    file: 'src/time/offset-source.ts',
    code: "const [, sign, hours, minutes, seconds = '0'] = OFFSET.exec(format.format(milliseconds)) ?? []",
    changes: ['\'0\' → ""'],
    reason: "Number('') is 0 as well.",
  },
  {
    file: 'src/time/steps.ts',
    code: 'while ((starts[step + 1] as number) <= origin + bucket * width) step++',
    changes: [
      '(starts[step + 1] as number) <= origin + bucket * width → starts[step + 1] as number < origin + bucket * width',
    ],
    reason: 'A bucket only says where to begin to look.',
  },
  {
    file: 'src/pipeline/plan/make-plan.ts',
    code: 'for (let at = 1; at < months.length; at++) {',
    changes: ['at < months.length → at <= months.length'],
    reason: 'No month is before one that is not there.',
  },
  {
    file: 'src/transform/delta/fold/delta-rows.ts',
    code: 'throw kindsDiffer(first, parts.find(({ kind }) => kind !== first.kind) ?? first)',
    changes: ['kind !== first.kind → false'],
    reason: 'Whoever pools columns has seen that they are of one kind.',
  },
  {
    file: 'src/transform/delta/fold/delta-rows.ts',
    code: 'parts[0]?.origin,',
    changes: ['parts[0]?.origin → parts[0].origin'],
    reason: 'Of no column, or one, nothing is joined.',
  },
  {
    file: 'src/transform/delta/fold/delta-rows.ts',
    code: 'return to.every((code, was) => code === was) ? null : to',
    changes: ['(code, was) => code === was → () => undefined'],
    reason: 'Codes that stay are the same when they are written again: a shortcut.',
  },
  {
    file: 'src/transform/delta/compile/actions.ts',
    code: 'if (known !== undefined) return known',
    changes: ['known !== undefined → false'],
    reason: 'A word that is read again means the same: what is kept saves time.',
  },
  {
    file: 'src/transform/delta/compile/actions.ts',
    code: 'code = entry < 0 ? 0 : (byEntry[entry] as number)',
    changes: ['entry < 0 → false'],
    reason: 'What lies before the first entry has no bits either.',
  },
  {
    file: 'src/transform/delta/account/count-codes.ts',
    code: 'if (adds.length === 0) return [differing, equal]',
    changes: ['adds.length === 0 → false'],
    reason: 'Of no adds, none differ and none are equal: a shortcut.',
  },
  {
    file: 'src/transform/delta/account/count-codes.ts',
    code: 'for (let row = start, at = 0; row < end && at < rows.length; row++) {',
    changes: ['row < end → row <= end'],
    reason: 'There is room for the rows that are there, so that none behind them is looked at.',
  },
  {
    file: 'src/transform/delta/diff-frames.ts',
    code: 'const others = cells.map((cell) => (cell < 0 ? -1 : cell))',
    changes: ['cell < 0 → false'],
    reason: 'Any place below 0 gathers null.',
  },
  {
    file: 'src/transform/delta/write/write-column.ts',
    code: 'if (isWithin && at === from) return',
    changes: ['isWithin && at === from → false'],
    reason: 'Bytes that are copied onto themselves are the same: a shortcut.',
  },
  {
    file: 'src/transform/delta/write/write-column.ts',
    code: 'while (i < cells.length && cells[i] === cell + (i - first) * step) i++',
    changes: ['(i - first) * step → (i - first) / step'],
    reason: 'A step is 1 or −1.',
  },
  {
    file: 'src/transform/delta/write/layout.ts',
    code: 'if (base.rows > from) {',
    changes: ['base.rows > from → true'],
    reason: 'A run without rows copies nothing.',
  },
  {
    file: 'src/transform/delta/fold/net-effects.ts',
    code: 'const keys = new Int32Array(end - start)',
    changes: ['end - start → end + start'],
    reason: 'Only as much of it is given away as was filled.',
  },
  {
    file: 'src/transform/delta/fold/net-effects.ts',
    code: 'const after = new Int32Array(end - start)',
    changes: ['end - start → end + start'],
    reason: 'Only as much of it is given away as was filled.',
  },
  {
    file: 'src/transform/delta/fold/same-rows.ts',
    code: 'function isMasked(column: Column): column is MaskedColumn {',
    changes: [
      '{ return column instanceof NumberColumn || column instanceof BooleanColumn || column instanceof BigI… → {}',
    ],
    reason: 'Compared one by one as values of any kind, the cells are told in the same way: a shortcut.',
  },
  {
    file: 'src/transform/delta/account/changed-rows.ts',
    code: 'const isMoved = states.present[key] === 0 || (states.position[key] as number) >= 0',
    changes: ['(states.position[key] as number) >= 0 → states.position[key] as number > 0'],
    reason: 'A key of the table is inserted again after a row that deletes it, which is not before the first.',
  },
  {
    file: 'src/transform/delta/account/versions.ts',
    code: 'for (const [p, cell] of cells.entries()) this.cells[p]?.push(cell)',
    changes: ['this.cells[p]?.push → this.cells[p].push'],
    reason: 'A version has as many cells as there are lists for them.',
  },
  {
    file: 'src/isolate/isolate.ts',
    code: "child.stdin?.on('error', () => {})",
    changes: ['child.stdin?.on → child.stdin.on'],
    reason: 'A child that is started with a pipe has a stdin; only the type allows for none.',
  },
  {
    file: 'src/isolate/isolate.ts',
    code: 'child.stdin?.write(bytes)',
    changes: ['child.stdin?.write → child.stdin.write'],
    reason: 'A child that is started with a pipe has a stdin; only the type allows for none.',
  },
  {
    file: 'src/isolate/isolate.ts',
    code: 'windowsHide: true,',
    changes: 'any',
    reason: 'It hides a window that only Windows opens.',
  },
  {
    file: 'src/isolate/package-file.ts',
    code: "const here = typeof __dirname === 'string' ? __dirname : import.meta.dirname",
    changes: ["typeof __dirname === 'string' → false", `'string' → ""`],
    reason: 'Sources are modules, which have no __dirname; the tests of the package load the CommonJS build.',
  },
  {
    file: 'src/isolate/package-file.ts',
    code: 'if (dirname(folder) === folder) return here',
    changes: 'any',
    reason: 'The file is inside its package, so that the root of the disk is never reached.',
  },
]
