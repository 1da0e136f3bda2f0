/**
 * The list of protections: each with the edit that removes it, and the test that must notice. It
 * is a list, so the file may be long.
 * @module
 */

/** A protection, with the proof that it is there. */
export interface Protection {
  readonly name: string
  /** Files below `src/`; `from` must occur in the file exactly once. */
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[]
  /** The test that fails without it: its file below `tests/`, and words in its name. */
  readonly test: { readonly file: string; readonly name: string }
}

function without(
  name: string,
  [file, from, to]: readonly [string, string, string],
  test: Protection['test'],
): Protection {
  return { name, edits: [{ file, from, to }], test }
}
const seenBy = (file: string, name: string): Protection['test'] => ({ file, name })

const disk: readonly Protection[] = [
  without(
    'a file is flushed before it gets its name',
    ['connect/files/folder-store.ts', 'await this.#port.sync(file)', ''],
    seenBy('connect/files/files.test.ts', 'flushes the file before it gets its name'),
  ),
  without(
    'a folder is flushed after a file got its name',
    ['connect/files/folder-paths.ts', 'await this.#port.sync(file)', ''],
    seenBy('connect/files/files.test.ts', 'flushes the file before it gets its name'),
  ),
  without(
    'the parent of a new folder is flushed',
    ['connect/files/folder-paths.ts', "await this.flushFolder(parent, '')", ''],
    seenBy('connect/files/files.test.ts', 'flushes the parent of a folder that it makes'),
  ),
  without(
    'what a full disk did not take is offered again',
    [
      'connect/files/file-writer.ts',
      'for (let at = 0; at < bytes.length; ) at += this.#taken(this.#port.write(this.#file, bytes.subarray(at)))',
      'this.#port.write(this.#file, bytes)',
    ],
    seenBy('connect/files/files.test.ts', 'gives back what was written, chunk after chunk'),
  ),
  without(
    'the size on disk is compared with what was written',
    [
      'connect/files/folder-store.ts',
      'if (status.size === writer.size) return status',
      'if (status.size >= 0) return status',
    ],
    seenBy('connect/files/files.test.ts', 'says io_failed when the file holds fewer bytes than were taken'),
  ),
  without(
    'write-if-absent does not overwrite (folder)',
    ['connect/files/folder-store.ts', 'this.#port.link(path, target)', 'this.#port.rename(path, target)'],
    seenBy('connect/files/files.test.ts', 'lets one of twenty writers at once have a name'),
  ),
  without(
    'a link into a folder whose name begins with the place is refused',
    ['connect/files/folder-paths.ts', 'root.endsWith(sep) ? root : root + sep', 'root'],
    seenBy('connect/files/files.test.ts', 'refuses a link into a folder beside it whose name begins with its own'),
  ),
  without(
    'a write that breaks off leaves no temporary file',
    [
      'connect/files/folder-store.ts',
      '      this.#forget(path)\n      throw error\n    })\n',
      '      throw error\n    })\n',
    ],
    seenBy('connect/files/files.test.ts', 'tells what another thread could not write, and leaves nothing'),
  ),
]

const crash = (work: string): Protection['test'] => seenBy('crash-model/crash-model.test.ts', `next: ${work}, 3 copies`)

const crashes: readonly Protection[] = [
  without(
    'a crash finds no name without its bytes',
    ['connect/files/folder-store.ts', 'await this.#port.sync(file)', ''],
    crash('the next month'),
  ),
  without(
    'a crash takes no name back that was said to stand',
    ['connect/files/folder-paths.ts', 'await this.#port.sync(file)', ''],
    crash('the next month'),
  ),
  without(
    'the names of all files of a version are flushed before it is committed',
    ['pipeline/state/version-draft.ts', 'await this.#flush(this.#placed)', ''],
    crash('the next month'),
  ),
  without(
    'the names of all copies are flushed before a run says that it is done',
    ['pipeline/state/version-draft.ts', 'await this.#flush(written.map(({ name }) => name))', ''],
    crash('the next month'),
  ),
  without(
    'a crash after a killed run takes no folder back',
    [
      'connect/files/folder-paths.ts',
      'this.#port.entries(folder)).length === 0',
      'this.#port.entries(folder)).length < 0',
    ],
    crash('a first run'),
  ),
  without(
    'a crash after a killed run takes no version back that was found',
    [
      'pipeline/run.ts',
      'await makeDurable(run.places.out, head.record)\n  const publication = { written: [], removed: [] }',
      'const publication = { written: [], removed: [] }',
    ],
    crash('the next month'),
  ),
  without(
    'a crash after a killed run takes no version back whose copies were written again',
    ['pipeline/run.ts', 'await makeDurable(out, record)', ''],
    crash('the next month'),
  ),
  without(
    'a crash after a killed run takes no copy back that was found',
    [
      'pipeline/steps/publish.ts',
      'if (written.length === 0 || removed.length > 0) await makeCopiesDurable(out, record)',
      '',
    ],
    crash('a rebuild'),
  ),
  without(
    'a crash after a killed repair takes no copy back',
    [
      'pipeline/audit/verify.ts',
      "if (options.repair === 'copies' && broken.length === 0 && head !== undefined) await makeDurable(out, head.record)",
      '',
    ],
    crash('a repair'),
  ),
]

const log: readonly Protection[] = [
  without(
    'a commit takes only a number that is free',
    [
      'pipeline/log/commit-log.ts',
      'return (await out.writeIfAbsent(commitName(record.number), bytes)) ? { record, sha256 } : null',
      'await out.write(commitName(record.number), [bytes])\n  return { record, sha256 }',
    ],
    seenBy('pipeline/log/commit-log.test.ts', 'gives a number to one of many writers'),
  ),
  without(
    'a record has the content that its trailer promises',
    ['pipeline/log/commit-record.ts', 'if (hash.digest() !== found)', 'if (hash.digest() === "")'],
    seenBy('pipeline/log/commit-log.test.ts', 'sees every flipped bit'),
  ),
  without(
    'a record has the number of its name',
    ['pipeline/log/commit-record.ts', 'if (commitName(record.number) !== name)', 'if (record.number < 0)'],
    seenBy('pipeline/log/commit-log.test.ts', 'sees appended bytes and a record under another number'),
  ),
  without(
    'a log with a gap is not read',
    ['pipeline/log/commit-log.ts', 'if (!found.has(number)) {', 'if (number > last) {'],
    seenBy('pipeline/log/commit-log.test.ts', 'sees a gap, and never takes an older record instead'),
  ),
  without(
    'a record names the one before it',
    [
      'pipeline/log/commit-log.ts',
      'commit.record.parent !== (commits.at(-1)?.sha256 ?? null)',
      'commit.record.number === 0',
    ],
    seenBy('pipeline/log/commit-log.test.ts', 'reads all records and checks that each follows the one before it'),
  ),
  without(
    'a second run is turned away',
    ['pipeline/log/lock.ts', 'if (death === null || attempt >= ATTEMPTS)', 'if (attempt >= ATTEMPTS)'],
    seenBy('pipeline/log/lock.test.ts', 'turns away a second run, telling who and since when'),
  ),
  without(
    'the lock of a process that died is taken over',
    ['pipeline/log/lock.ts', "if (found === 'gone') return", "if (found === 'never') return"],
    seenBy('pipeline/log/lock.test.ts', 'takes over at once when the process is gone from this host'),
  ),
  without(
    'a lock that was taken over is left to its new holder',
    ['pipeline/log/lock.ts', 'if (!(await isMine())) return', ''],
    seenBy('pipeline/log/lock.test.ts', 'never beats over a lock that was taken over'),
  ),
]

const ledger: readonly Protection[] = [
  without(
    'a table is not written over before the disk has taken its inputs',
    ['pipeline/steps/fold.ts', 'await draft.whenWritten(files)', ''],
    seenBy('pipeline/destinations/overwritten.test.ts', 'waits until the disk has taken its extract'),
  ),
  without(
    'a table is not written over before the disk has taken its snapshot',
    ['pipeline/steps/fold.ts', 'if (snapshot !== null) files.push(snapshot)', ''],
    seenBy('pipeline/destinations/overwritten.test.ts', 'waits until the disk has taken its extract and a snapshot'),
  ),
  without(
    'a run that is refused leaves no file open',
    ['pipeline/steps/read.ts', 'await committed?.catch(() => {})', ''],
    seenBy(
      'pipeline/fold/restrict-to-keys.test.ts',
      'has no file open any more when it is refused while keys are being read',
    ),
  ),
  without(
    'a column that may get another kind has all of its rows looked at, metadata too',
    ['pipeline/fold/restrict-to-keys.ts', 'mayWiden([schema, ...', 'mayWiden([...'],
    seenBy('pipeline/fold/restrict-to-keys.test.ts', 'leaves a table whole of which a column may get another kind'),
  ),
  without(
    'a table and month is applied once',
    ['pipeline/plan/plan-input.ts', 'const applied = ledger.get(unitOf(file))', 'const applied = ledger.get("")'],
    seenBy('pipeline/plan/plan.test.ts', 'has nothing to do when all is applied (D22)'),
  ),
  without(
    'an applied file that changed is refused, by its hash',
    ['pipeline/plan/plan-input.ts', 'applied.sha256 === file.sha256 ? sorted.same : sorted.changed', 'sorted.same'],
    seenBy('pipeline/plan/plan.test.ts', 'refuses a known table and month with other content'),
  ),
  without(
    'an applied file is hashed again unless the place says that it is the same',
    [
      'pipeline/sources/files/inventory.ts',
      'applied.version !== null && applied.bytes === entry.size && applied.version === versionOf(entry)',
      'applied.bytes === entry.size',
    ],
    seenBy('pipeline/run.test.ts', 'sees a change that keeps size and time of a file'),
  ),
  without(
    'a late file is refused',
    ['pipeline/plan/plan-input.ts', "file.month < (latest.get(file.table) ?? '')", 'file.month === ""'],
    seenBy('pipeline/plan/plan.test.ts', 'refuses a file of a month earlier than one applied of the same table'),
  ),
  without(
    'a month waits for those before it',
    ['pipeline/plan/plan-refusals.ts', 'if (earlier.length > 0) {', 'if (earlier.length < 0) {'],
    seenBy('pipeline/plan/plan.test.ts', 'refuses a month while an earlier file of any table is pending'),
  ),
  without(
    'another contract or policy is refused',
    ['pipeline/plan/plan-refusals.ts', 'head.tables[name]?.fingerprint !== contracts[name]', 'name === ""'],
    seenBy('pipeline/plan/plan.test.ts', 'refuses another contract or policy until rebuilt'),
  ),
  without(
    'a stored file has the size that the log says',
    [
      'pipeline/state/data-files.ts',
      'if (bytes.length === file.bytes) return bytes',
      'if (bytes.length >= 0) return bytes',
    ],
    seenBy('pipeline/state/state.test.ts', 'says which file is gone or was cut'),
  ),
  without(
    'a stored file that is read where it lies has that size too',
    [
      'pipeline/state/stored-rows.ts',
      'if (opened.size === file.bytes) return opened',
      'if (opened.size >= 0) return opened',
    ],
    seenBy('pipeline/state/state.test.ts', 'says which file is gone or was cut'),
  ),
  without(
    'every array of a stored file has a column',
    [
      'format/arrow/read/file.ts',
      'if (this.#node < nodes.length || this.#region < regions.length)',
      'if (this.#node < 0)',
    ],
    seenBy('format/arrow/file-rows.test.ts', 'is refused where its directory has fewer columns than its rows'),
  ),
  without(
    'every code of a stored file has a value',
    ['format/arrow/read/arrays.ts', "if (bad >= 0) throw new Damage('a code", "if (bad < -1) throw new Damage('a code"],
    seenBy('format/arrow/file-rows.test.ts', 'says what is wrong'),
  ),
  without(
    'compiled code is run only from a folder that nobody else may write to',
    ['cli/program/compile-cache.ts', '(mode & OTHERS) === 0', 'mode >= 0'],
    seenBy('cli/program/compile-cache.test.ts', 'is not kept, and not run, in a folder or below one of mode'),
  ),
  without(
    'verify hashes every file',
    [
      'pipeline/audit/verify.ts',
      ".sha256 === file.sha256 ? null : 'differs'",
      ".bytes === file.bytes ? null : 'differs'",
    ],
    seenBy('pipeline/state/state.test.ts', 'finds every file that lost a bit, went away or was edited'),
  ),
  without(
    'a copy that was edited is written again',
    [
      'pipeline/destinations/copies.ts',
      'if (entry === undefined || entry.size !== bytes) return false',
      'if (entry === undefined) return false\n  if (bytes >= 0) return true',
    ],
    seenBy('pipeline/run.test.ts', 'writes copies again that were changed or removed'),
  ),
  without(
    'out is not the folder with the source files',
    ['pipeline/steps/survey.ts', 'if (head === null && !isNamed) await refuseSourceFolder(data, out, inventory)', ''],
    seenBy('pipeline/run.test.ts', 'refuses'),
  ),
  without(
    'a file that no run of the place wrote is not overwritten',
    ['pipeline/plan/plan-refusals.ts', 'if (foreign.length === 0) return []', 'if (foreign.length >= 0) return []'],
    seenBy('pipeline/destinations/stale-copies.test.ts', 'refuses to overwrite what no run of the place wrote'),
  ),
  without(
    'a copy is removed only while it is as it was published',
    [
      'pipeline/destinations/stale-copies.ts',
      'for (const file of stale) if (await isIntact(out, file, effects)) found.push(file)',
      'found.push(...stale)',
    ],
    seenBy(
      'pipeline/destinations/stale-copies.test.ts',
      'removes nothing that came after the run under a name of earlier times',
    ),
  ),
  without(
    'young garbage is let be',
    ['pipeline/gc.ts', '(changedAt !== null && effects.now() - changedAt > graceDays * DAY)', 'changedAt !== 0'],
    seenBy('pipeline/state/state.test.ts', 'lets young files be: a run may be about to refer to them'),
  ),
  without(
    'a file with too many bad rows stops the run',
    [
      'pipeline/quarantine.ts',
      'if (first === undefined || rows <= TOLERATED_ROWS || rows / records <= maxQuarantined) return null',
      'if (first === undefined || rows >= 0) return null',
    ],
    seenBy('pipeline/quarantine.test.ts', 'rows'),
  ),
  without(
    'a row without its key stops the run',
    [
      'pipeline/sources/read/read-input.ts',
      'if (nullKey !== undefined) return',
      'if (nullKey !== undefined && records < 0) return',
    ],
    seenBy('pipeline/quarantine.test.ts', 'never takes a row with'),
  ),
]

const inputs: readonly Protection[] = [
  without(
    'gzip unpacks to 200 times its size at most',
    ['connect/gzip.ts', 'if (unpacked > HARMLESS && unpacked > packed * ratio)', 'if (unpacked < 0)'],
    seenBy('hardening/gzip.test.ts', 'stops a bomb before it is unpacked'),
  ),
  without(
    'gzip unpacks to an absolute size at most',
    ['connect/gzip.ts', 'if (unpacked > size)', 'if (unpacked < 0)'],
    seenBy('hardening/gzip.test.ts', 'stops at the absolute limit'),
  ),
  without(
    'bytes behind a gzip are refused',
    ['connect/gzip.ts', 'if (gunzip.bytesWritten !== packed)', 'if (packed < 0)'],
    seenBy('hardening/gzip.test.ts', 'refuses bytes that are cut short, damaged, no gzip, or followed by others'),
  ),
  without(
    'a CSV cell has 16 MiB at most',
    ['format/csv/read/scan.ts', 'export const CELL_LIMIT = 16 * 1024 * 1024', 'export const CELL_LIMIT = 2 ** 40'],
    seenBy('hardening/limits.test.ts', 'stop a CSV cell beyond 16 MiB, quoted or not'),
  ),
  without(
    'a CSV table has 10,000 columns at most',
    ['format/csv/read/header.ts', 'if (found.length > COLUMN_LIMIT) {', 'if (found.length < 0) {'],
    seenBy('hardening/limits.test.ts', 'stop a CSV table beyond 10,000 columns'),
  ),
  without(
    'JSON nests 64 levels at most',
    ['format/json/nested.ts', 'if (depth >= DEPTH_LIMIT) {', 'if (depth < 0) {'],
    seenBy('hardening/limits.test.ts', 'stop JSON deeper than 64 levels'),
  ),
  without(
    'Parquet promises no more than the limits',
    ['format/parquet/sizes.ts', 'if (promised <= most) return hint', 'if (promised >= 0) return hint'],
    seenBy('hardening/limits.test.ts', 'is measured by the bytes of its pages'),
  ),
  without(
    'Parquet has no column outside its bytes',
    [
      'format/parquet/sizes.ts',
      "if (rows !== grouped) throw new RangeError('the row groups and the file have different numbers of rows')",
      '',
    ],
    seenBy('hardening/limits.test.ts', 'is refused before it is unpacked'),
  ),
  without(
    'Parquet of others is decoded in a process of its own',
    ['pipeline/effects.ts', 'decodeParquet: isolatedParquet()', 'decodeParquet: undefined'],
    seenBy('hardening/isolation.test.ts', 'is refused by the command with its name and a cure'),
  ),
  without(
    'that process has so much memory and no more',
    ['isolate/isolate-child.ts', 'setFlagsFromString(`--wasm', 'void (`--wasm'],
    seenBy('hardening/isolation.test.ts', 'ends a decoder that wants more memory than it may have'),
  ),
  without(
    'that process knows no environment',
    ['isolate/isolate.ts', '    env,\n    // Ignore', '    env: process.env,\n    // Ignore'],
    seenBy('hardening/isolation.test.ts', 'knows no environment, where keys and passwords may stand'),
  ),
  without(
    'an answer of that process that announces more than it may hold is none',
    [
      'isolate/isolate.ts',
      'this.#at !== HEADER_BYTES + this.#length',
      'this.#at !== HEADER_BYTES + this.#bytes.length',
    ],
    seenBy('isolate/isolate.test.ts', 'takes no answer that is not whole and of a known kind: too long'),
  ),
  without(
    'that process ends with the one that began it',
    ['isolate/isolate-child.ts', "process.stdin.on('end', die)", ''],
    seenBy('hardening/isolation.test.ts', 'ends with the process that began it, however that ends'),
  ),
  without(
    'text in Arrow is UTF-8',
    ['format/arrow/read/verify-arrays.ts', 'if (bad >= 0) throw this.#text(field, bad)', ''],
    seenBy('format/arrow/arrow.test.ts', 'refuses Latin-1, naming column and row'),
  ),
  without(
    'two values of Arrow share no character',
    [
      'format/arrow/read/verify-text.ts',
      "if (encoding === 'utf8' && !isCutInside(",
      "if (encoding === 'utf8' || isCutInside(",
    ],
    seenBy('format/arrow/arrow.test.ts', 'refuses characters that two values share'),
  ),
  without(
    'names in Arrow are UTF-8',
    ['format/arrow/read/flat-reader.ts', 'fatal: true', 'fatal: false'],
    seenBy('format/arrow/arrow.test.ts', 'refuses names that are not UTF-8'),
  ),
  without(
    'random bytes are no CSV',
    ['format/look.ts', 'return controls >= 4 && controls * 20 >= bytes.length', 'return controls < 0'],
    seenBy('format/csv/errors.test.ts', 'that is random bytes is told to be binary data'),
  ),
  without(
    'a file is known by its version only when that has settled',
    [
      'pipeline/sources/files/known-version.ts',
      'entry.changedAt !== null && now - entry.changedAt > CLOCK_TICK',
      'now > 0',
    ],
    seenBy('pipeline/unchanged.test.ts', 'believes a tag that it was told for the same bytes'),
  ),
  without(
    'an Arrow buffer is as long as its rows need',
    ['format/arrow/read/verify-arrays.ts', 'if (region.length < needed) throw short()', ''],
    seenBy('format/arrow/arrow.test.ts', 'refuses a buffer that the file says is shorter than its rows'),
  ),
  without(
    'a last record that is cut is no row',
    ['format/csv/read/reader.ts', 'look.next >= limit && found < width', 'look.next > limit'],
    seenBy('format/csv/errors.test.ts', 'whose last record is short and lacks its line end is cut short'),
  ),
  without(
    'a link does not lead out of a place',
    [
      'connect/files/folder-paths.ts',
      'if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {',
      'if (real === "") {',
    ],
    seenBy('connect/files/files.test.ts', 'refuses links that leave the folder'),
  ),
  without(
    'a name does not lead out of a place',
    ['connect/file-name.ts', '\\.{0,2}', '\\.{0,1}'],
    seenBy('connect/files/files.test.ts', 'refuses the name "../x"'),
  ),
  without(
    "an object's key does not lead out of a place",
    ['connect/s3/s3-store.ts', '        fileNameParts(name)\n        found.push', '        found.push'],
    seenBy('connect/s3/s3.test.ts', 'refuses names that are none'),
  ),
  without(
    "a job's name for a table does not lead out of a place",
    ['pipeline/job/define-job.ts', '  refuseNames(name, [...tabled, ...rollupNames, ...Object.keys(outputs)])\n', ''],
    seenBy('hardening/places.test.ts', 'writes nothing under the table or output name'),
  ),
  without(
    'names such as toString are ordinary (outputs)',
    [
      'pipeline/state/committed-state.ts',
      'Object.hasOwn(this.#job.outputs, name) ? this.#job.outputs[name] : undefined',
      'this.#job.outputs[name]',
    ],
    seenBy('hardening/names.test.ts', 'are not found where nobody put them'),
  ),
  without(
    'a column may be called __proto__',
    [
      'table/arquero/arquero.ts',
      'const data: Record<string, Column> = Object.create(null)',
      'const data: Record<string, Column> = {}',
    ],
    seenBy('table/arquero/arquero.test.ts', '__proto__'),
  ),
]

const memory: readonly Protection[] = [
  without(
    'four parts are on their way at most',
    ['connect/s3/s3-upload.ts', 'if (number >= AT_ONCE) await sending[number - AT_ONCE]', ''],
    seenBy('connect/s3/s3.test.ts', 'has four parts on their way at most'),
  ),
  without(
    'a table that shrinks in its own memory moves the whole of its last run',
    ['transform/delta/write/write-column.ts', 'base.copyWithin(at, from, to)', 'target.copyWithin(at, from, to)'],
    seenBy('pipeline/sources/shrinking.test.ts', 'by a row here and there'),
  ),
  without(
    'its text, too',
    ['transform/delta/write/write-column.ts', 'source.copyWithin(at, from, to)', 'target.copyWithin(at, from, to)'],
    seenBy('pipeline/sources/shrinking.test.ts', 'by a row here and there'),
  ),
]

const outputs: readonly Protection[] = [
  without(
    'a row of an agents list knows the line on which it begins, not its number',
    ['format/csv/read/rows.ts', 'lines[row++] = origin.lineOf(index)', 'lines[row++] = origin.firstRecord + index + 1'],
    seenBy('format/csv/lines.test.ts', 'a quoted CRLF is one line end'),
  ),
  without(
    '--publish none publishes nothing',
    ['terminal/run-job.ts', "publish === 'none' ? [] : publish.split(',')", "publish.split(',')"],
    seenBy('cli/program/commands.test.ts', 'publishes no copy where none is wanted'),
  ),
  without(
    'text that a spreadsheet would run is escaped on request',
    ['format/csv/quoting.ts', 'FORMULA_STARTS.includes(bytes[start] as number)', 'end < 0'],
    seenBy('hardening/names.test.ts', 'is escaped on request'),
  ),
  without(
    'copies are escaped on request',
    ['pipeline/destinations/copies.ts', 'csvChunks(frame, { formulas })', 'csvChunks(frame)'],
    seenBy('hardening/formulas.test.ts', 'are escaped in every copy when that is asked for'),
  ),
  without(
    'copies that were not escaped are written again',
    ['pipeline/steps/survey.ts', 'isSameForm && !broken.includes(file)', '!broken.includes(file)'],
    seenBy('hardening/formulas.test.ts', 'are escaped in every copy when that is asked for'),
  ),
  without(
    'every beginning of a formula is known',
    ['format/csv/quoting.ts', '0x40, 0x09, 0x0d]', '0x40, 0x09]'],
    seenBy('hardening/names.test.ts', 'is escaped on request'),
  ),
  without(
    'escape codes of data are shown, not sent',
    [
      'terminal/text/lines.ts',
      'return text.replace(UNSAFE, (character) => {',
      'return text.replace(/^\\b$/, (character) => {',
    ],
    seenBy('hardening/terminal.test.ts', 'do not reach the terminal by'),
  ),
  without(
    'escape codes in messages are shown, not sent',
    ['terminal/terminal.ts', "text.split('\\n').map(printable).join('\\n')", 'text'],
    seenBy('hardening/terminal.test.ts', 'do not reach the terminal by'),
  ),
  without(
    'an address of another kind is not repeated',
    ['connect/open.ts', "'this address is no place (and", "location + ' is no place (and"],
    seenBy('hardening/secrets.test.ts', 'is not repeated by any command, in text or JSON'),
  ),
  without(
    'the address of a bucket is not repeated',
    [
      'connect/s3/s3-location.ts',
      "refused('the address of a bucket has no user, password or query')",
      "refused(rest + ' has a user, password or query')",
    ],
    seenBy('hardening/secrets.test.ts', 'is not repeated by any command, in text or JSON'),
  ),
  without(
    'what a server answers is not repeated',
    [
      'connect/s3/s3-error.ts',
      'super(status === undefined ?',
      "super(error.message !== '' ? error.message : status === undefined ?",
    ],
    seenBy('hardening/secrets.test.ts', 'is not repeated when a server echoes it'),
  ),
  without(
    'no expression takes super-linear time',
    ['terminal/text/lines.ts', 'const ASCII = /^[ -~]*$/', 'const ASCII = /[ -~]*$/'],
    seenBy('hardening/expressions.test.ts', 'KB of hostile text'),
  ),
]

const bucket: readonly Protection[] = [
  without(
    'write-if-absent does not overwrite (S3)',
    ['connect/s3/s3-calls.ts', "when === 'absent' ? { IfNoneMatch: '*' } : {}", "when === 'absent' ? {} : {}"],
    seenBy('connect/s3/s3.test.ts', 'lets one of twenty writers at once have a name'),
  ),
  without(
    'a server that ignores the condition is found out',
    [
      'connect/s3/s3-store.ts',
      'if (isWritten && !this.#isConditional) await this.#proveConditions(key, copy, name)',
      '',
    ],
    seenBy('connect/s3/s3.test.ts', 'refuses a server that ignores If-None-Match'),
  ),
  without(
    'a writer knows its own file again',
    ['connect/s3/s3-store.ts', 'return found === writer', 'return found === ""'],
    seenBy('connect/s3/s3.test.ts', 'knows its own file again when the first answer was'),
  ),
  without(
    'a call is made again',
    [
      'connect/s3/s3-retry.ts',
      "if (failed >= options.attempts || s3Failure(error)?.kind !== 'unclear') throw error",
      'throw error',
    ],
    seenBy('connect/s3/s3.test.ts', 'tries again while the server is busy'),
  ),
  without(
    'waits have jitter',
    ['connect/s3/s3-retry.ts', 'random() * Math.min', 'Math.min'],
    seenBy('connect/s3/s3.test.ts', 'tries again while the server is busy'),
  ),
  without(
    'attempts come to an end',
    ['connect/s3/s3-retry.ts', 'failed >= options.attempts || ', 'failed >= 50 || '],
    seenBy('connect/s3/s3.test.ts', 'gives up after eight attempts'),
  ),
  {
    name: 'bytes are sent with a checksum',
    edits: [
      {
        file: 'connect/s3/s3-calls.ts',
        from: "const ChecksumAlgorithm = 'CRC32'",
        to: 'const ChecksumAlgorithm = undefined',
      },
      {
        file: 'connect/s3/s3-calls.ts',
        from: 'maxAttempts: 1,',
        to: "maxAttempts: 1, requestChecksumCalculation: 'WHEN_REQUIRED',",
      },
    ],
    test: seenBy('connect/s3/s3.test.ts', 'gives back what was written, chunk after chunk'),
  },
  without(
    'a list that was cut off is no shorter list',
    ['connect/s3/s3-calls.ts', 'if (!isWhole || IsTruncated === undefined', 'if (IsTruncated === undefined'],
    seenBy('connect/s3/s3.test.ts', 'sees that a list was cut off'),
  ),
  without(
    'a body that broke off is read on from the same version',
    ['connect/s3/s3-calls.ts', '...(etag === undefined ? {} : { IfMatch: etag }),', ''],
    seenBy('connect/s3/s3.test.ts', 'never mixes two versions'),
  ),
  without(
    'a body that broke off is noticed',
    ['connect/s3/s3-store.ts', 'if (at === end) return', 'if (at <= end) return'],
    seenBy('connect/s3/s3.test.ts', 'goes on reading where a body broke off'),
  ),
  without(
    'parts of a file that was not finished are removed',
    ['connect/s3/s3-upload.ts', 'await calls.abortUpload(key, id)', 'await Promise.resolve()'],
    seenBy('connect/s3/s3.test.ts', 'leaves no parts behind when a writer breaks off'),
  ),
]

const days = (name: string): Protection['test'] => seenBy('pipeline/destinations/delivered-days.test.ts', name)

const databases: readonly Protection[] = [
  without(
    'a reload of one day leaves the rows of the others alone',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the source
    ['pipeline/destinations/postgres/apply-table.ts', '${within} AND NOT EXISTS', 'NOT EXISTS'],
    days('reloads by differences where commits are missing'),
  ),
  without(
    'days that another rule does not count any more are removed',
    ['pipeline/destinations/delivered-days.ts', '!isMadeAlike || ', ''],
    days('delivers a table anew that had no days'),
  ),
  without(
    'a delivery does without the files of the commit before, where gc removed them',
    ['pipeline/destinations/gone-files.ts', "cause.code === 'not_found'", 'false'],
    seenBy(
      'pipeline/destinations/postgres.test.ts',
      'applies the differences of a table where the files of the commit before are gone',
    ),
  ),
]

const zones: readonly Protection[] = [
  without(
    'of two wall times in a fold the first is taken',
    ['time/zone.ts', "(disambiguation === 'compatible' && !isFirst)", "disambiguation === 'compatible'"],
    seenBy('time/zone.test.ts', 'takes the first of two in a fold by default'),
  ),
  without(
    'out of a gap a wall time moves forward',
    ['time/zone.ts', "(disambiguation === 'compatible' && !isFirst)", 'wallMilliseconds === Infinity'],
    seenBy('time/zone.test.ts', 'moves forward out of a gap by its length by default'),
  ),
  without(
    'a wall time that comes twice or never is rejected when asked',
    ['time/zone.ts', "if (disambiguation === 'reject') {", "if (disambiguation === 'reject' && first === second) {"],
    seenBy('time/zone.test.ts', 'when asked to'),
  ),
  without(
    'no change of offset hides between two probes',
    ['time/zone.ts', 'const PROBE = 3 * 86_400_000', 'const PROBE = 300 * 86_400_000'],
    seenBy('time/zone.test.ts', 'knows winter and summer'),
  ),
]

const calls: readonly Protection[] = [
  without(
    'a log that can hardly be read replaces no published calls',
    [
      'systems/calls/job/call-log-format.ts',
      'const refusal = early ?? refuseLog(paths, all, recordCount, share)',
      'const refusal = null as ReturnType<typeof refuseLog>',
    ],
    seenBy('systems/calls/job/calls-refusals.test.ts', 'leaves what is published: a comma behind each line'),
  ),
  without(
    'a few rows of which none can be used empty no curated file',
    ['systems/calls/job/call-log-format.ts', 'return (await listener.refuseEmpty?.(all)) ?? null', 'return null'],
    seenBy('systems/calls/job/calls-refusals.test.ts', 'does not empty what is published'),
  ),
  without(
    'an input is never written over',
    ['systems/calls/job/run-calls.ts', '  refuseSameFiles(files)\n', ''],
    seenBy('systems/calls/job/calls-refusals.test.ts', 'are not one file twice'),
  ),
  without(
    'the manifest of another curated file is never written over',
    ['systems/calls/job/run-calls.ts', 'await refuseOtherManifest(files, effects)', ''],
    seenBy('systems/calls/job/calls-refusals.test.ts', 'do not take the manifest of another curated file'),
  ),
  {
    name: 'a manifest that names another path is written again',
    edits: [
      { file: 'systems/calls/job/run-calls.ts', from: 'known.path === pathOf(output) && known', to: 'known' },
      { file: 'systems/calls/job/run-calls.ts', from: 'manifest?.path === pathOf(output)', to: 'manifest !== null' },
    ],
    test: seenBy('systems/calls/job/calls-refusals.test.ts', 'may have been moved together'),
  },
  without(
    'an end that no double holds is refused',
    ['systems/calls/clean/call-timestamps.ts', '&& BigInt(microseconds) === exact', ''],
    seenBy('systems/calls/clean/call-times.test.ts', 'refuse an end that a duration puts between two doubles'),
  ),
  without(
    'an end that no date holds is refused',
    ['systems/calls/clean/call-timestamps.ts', 'exact <= LAST_MICROSECOND && ', ''],
    seenBy('systems/calls/clean/call-times.test.ts', 'refuse a duration of 9e12 seconds'),
  ),
]

const server: readonly Protection[] = [
  without(
    'the data of pages needs a key where there is one',
    ['server/front.ts', ' || page?.isData', ''],
    seenBy('dashboard/served-site.test.ts', 'need a key that may read for all of their data, and for nothing else'),
  ),
  without(
    'a key that may not read opens no data of a page',
    [
      'server/front.ts',
      "      if (passage.caller !== null) refuseScope(passage.caller, 'read')\n      const asked",
      '      const asked',
    ],
    seenBy('dashboard/served-site.test.ts', 'are kept from keys that expired, and from those that may not read'),
  ),
  without(
    'a kept answer holds no memory but its own',
    ['server/answers/answer-cache.ts', 'answer: alone(kept.answer)', 'answer: kept.answer'],
    seenBy('server/answers/answer-cache.test.ts', 'keeps an answer in memory of its own'),
  ),
]

export const PROTECTIONS: readonly Protection[] = [
  ...disk,
  ...crashes,
  ...log,
  ...ledger,
  ...inputs,
  ...memory,
  ...outputs,
  ...bucket,
  ...databases,
  ...calls,
  ...zones,
  ...server,
]
