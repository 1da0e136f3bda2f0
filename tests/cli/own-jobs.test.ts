/** What commands say of jobs that are not the package's: long keys, no options, no outputs, and which job a word means. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { csv, defineJob, extractsAndDeltas, snapshots } from '../../src/pipeline/index.ts'
import type { System } from '../../src/systems/system.ts'
import { defineTable, int32, key, nullable, string } from '../../src/table/contract.ts'
import { emptyFolder } from './command-line.ts'
import { ownProgram } from './own-program.ts'

const seats = defineTable('seats', { hall: key(string()), number: key(int32()), guest: nullable(string()) })
const seatsJob = defineJob({ name: 'seats', tables: { seats: { contract: seats, source: extractsAndDeltas() } } })
const rooms = defineTable('rooms', { id: key(string()) })
const roomsJob = defineJob({
  name: 'rooms',
  tables: { rooms: { contract: rooms, source: snapshots({ file: 'rooms.csv', format: csv() }) } },
})
const systemOf = (name: string, jobs: readonly unknown[]) =>
  ({ name, title: name, jobs: async () => jobs }) as unknown as System
const SYSTEMS = [systemOf('empty', []), systemOf('theatre', [seatsJob]), systemOf('house', [roomsJob])]

/** A folder with the files of both jobs, and the program. */
function theatre(systems: readonly System[] = SYSTEMS) {
  const folder = emptyFolder()
  const [data, out] = [join(folder, 'data'), join(folder, 'out')]
  mkdirSync(join(data, 'initial'), { recursive: true })
  mkdirSync(join(data, 'delta'))
  writeFileSync(join(data, 'initial', 'seats.csv'), 'hall,number,guest\nH1,1,Ada\nH1,2,\n')
  const delta = 'hall,number,guest,action\nH1,2,Bo,update\nH1,1,,delete\nH2,1,Cy,add\n'
  writeFileSync(join(data, 'delta', 'seats_delta_202502.csv'), delta)
  writeFileSync(join(data, 'rooms.csv'), 'id\nR1\n')
  const halls = ownProgram(folder, systems)
  return { folder, data, out, halls }
}

describe('a job with a key of two columns', () => {
  it('is asked for a row by both of them', async () => {
    const { data, out, halls } = theatre()
    expect(await halls('run', '--data', data, '--out', out)).toMatchInlineSnapshot(`
      "committed version 1 to FOLDER/out

      applied                       rows  inserted  updated  unchanged  deleted  ignored  quarantined
      ----------------------------  ----  --------  -------  ---------  -------  -------  -----------
      initial/seats.csv                2         2        0          0        0        0            0
      delta/seats_delta_202502.csv     3         1        1          0        1        0            0

      table  rows
      -----  ----
      seats     2

      published
        FOLDER/out/seats.csv
      --- status 0
      "
    `)
    const blame = (...words: string[]) => halls('blame', ...words, '--data', data, '--out', out)
    expect(await blame('seats', 'H1,2')).toMatchInlineSnapshot(`
      "seats H1, 2

      column  value  written by                    row  line
      ------  -----  ----------------------------  ---  ----
      hall    H1     initial/seats.csv               2     3
      number  2      initial/seats.csv               2     3
      guest   Bo     delta/seats_delta_202502.csv    1     2

      initial/seats.csv, line 3
        H1,2,

      delta/seats_delta_202502.csv, line 2
        H1,2,Bo,update
      --- status 0
      "
    `)
    expect(await blame('seats', 'H1,1')).toMatchInlineSnapshot(`
      "seats H1, 1, removed by the delta of 2025-02: what it was before

      column  value  written by         row  line
      ------  -----  -----------------  ---  ----
      hall    H1     initial/seats.csv    1     2
      number  1      initial/seats.csv    1     2
      guest   Ada    initial/seats.csv    1     2

      initial/seats.csv, line 2
        H1,1,Ada
      --- status 0
      "
    `)
    expect(JSON.parse((await blame('seats', 'H1,1', '--json')).split('--- status')[0] ?? '')).toMatchInlineSnapshot(`
      {
        "cells": [
          {
            "column": "hall",
            "month": null,
            "origin": {
              "file": "initial/seats.csv",
              "row": 1,
              "source": {
                "line": 2,
                "text": "H1,1,Ada",
              },
              "stored": null,
            },
            "value": "H1",
          },
          {
            "column": "number",
            "month": null,
            "origin": {
              "file": "initial/seats.csv",
              "row": 1,
              "source": {
                "line": 2,
                "text": "H1,1,Ada",
              },
              "stored": null,
            },
            "value": 1,
          },
          {
            "column": "guest",
            "month": null,
            "origin": {
              "file": "initial/seats.csv",
              "row": 1,
              "source": {
                "line": 2,
                "text": "H1,1,Ada",
              },
              "stored": null,
            },
            "value": "Ada",
          },
        ],
        "key": [
          "H1",
          "1",
        ],
        "removed": "2025-02",
        "table": "seats",
        "unread": [],
      }
    `)
    expect(await blame('seats', 'H1')).toMatchInlineSnapshot(`
      "--- stderr
      error: the key of seats is hall, number: write its parts with , between
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await blame('seats', 'H1,2,3')).toMatchInlineSnapshot(`
      "--- stderr
      error: the key of seats is hall, number: write its parts with , between
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await blame('seats', 'H9,9')).toMatchInlineSnapshot(`
      "--- stderr
      error: seats never had a row with this hall, number
        found     H9, 9
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await blame('seats')).toMatchInlineSnapshot(`
      "--- stderr
      error: name the table and the key of the row, such as: blame agents A06
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    writeFileSync(join(data, 'delta', 'seats_delta_202502.csv'), 'hall,number,guest,action\n')
    expect(await blame('seats', 'H1,2')).toMatchInlineSnapshot(`
      "seats H1, 2

      column  value  written by                    row  line
      ------  -----  ----------------------------  ---  ----
      hall    H1     initial/seats.csv               2     3
      number  2      initial/seats.csv               2     3
      guest   Bo     delta/seats_delta_202502.csv    1

      initial/seats.csv, line 3
        H1,2,
      --- stderr
      warning: FOLDER/data/delta/seats_delta_202502.csv has changed since it was applied: its lines cannot be shown
      --- status 0
      "
    `)
    expect(await halls('history', '--out', out, '--table', 'seats', '--key', 'H1')).toMatchInlineSnapshot(`
      "--- stderr
      error: --key: seats has a key of 2 columns; history without --key lists all
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await halls('history', '--out', out, '--table', 'seats')).toMatchInlineSnapshot(`
      "hall  number  version  valid_from  valid_to  is_deleted  guest  file                          row
      ----  ------  -------  ----------  --------  ----------  -----  ----------------------------  ---
      H1         1        1              2025-02   true        Ada    initial/seats.csv               1
      H1         2        1              2025-02   false              initial/seats.csv               2
      H1         2        2  2025-02               false       Bo     delta/seats_delta_202502.csv    1
      H2         1        1  2025-02               false       Cy     delta/seats_delta_202502.csv    3
      --- status 0
      "
    `)
  })
})

describe('a job without options and outputs', () => {
  it('has nothing to try and nothing to explain', async () => {
    const { data, out, halls } = theatre()
    await halls('run', '--data', data, '--out', out)
    expect(await halls('what-if', '--out', out)).toMatchInlineSnapshot(`
      "--- stderr
      error: give another value of an option of job seats: this job has none
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await halls('explain', '--out', out, '--data', data)).toMatchInlineSnapshot(`
      "--- stderr
      error: job seats has no output that can say which rows it counts
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await halls('diff', '--out', out, '1', '1')).toMatchInlineSnapshot(`
      "FOLDER/out: version 1 to version 1

      table  added  removed  changed
      -----  -----  -------  -------
      seats      0        0        0
      --- status 0
      "
    `)
    expect(await halls('check', '--data', data)).toMatchInlineSnapshot(`
      "2 files read, 5 rows

      nothing wrong, nothing odd
      --- status 0
      "
    `)
    expect(await halls('--version')).toBe('1.2.3\n--- status 0\n')
  })
})

describe('the job of a command line', () => {
  it('is the first of the program, or the one whose name is given, or the one of the place', async () => {
    const { data, out, halls } = theatre()
    const place = join(out, 'rooms')
    const first = await halls('run', '--data', data, '--out', out, '--dry-run')
    expect(first).toContain('initial/seats.csv')
    const named = await halls('run', '--job', 'rooms', '--data', data, '--out', place)
    expect(named).toContain('FOLDER/out/rooms')
    const found = await halls('status', '--data', data, '--out', place)
    expect(found).toContain('job rooms; lenient; ')
    expect(found).toContain('pending in FOLDER/data: nothing\n')
    expect(await halls('run', '--data', data, '--out', place)).toContain('nothing to do')
    expect(await halls('run', '--job', 'seats', '--data', data, '--out', place)).toMatchInlineSnapshot(`
      "--- stderr
      error: this place holds the state of job "rooms", not of "seats"; give --out to use another place
        code      options_changed (halls errors options_changed)
      --- status 2
      "
    `)
    const other = theatre([systemOf('theatre', [seatsJob])])
    const unknown = await other.halls('run', '--data', data, '--out', place)
    expect(unknown.replaceAll(place, 'PLACE')).toMatchInlineSnapshot(`
      "--- stderr
      error: PLACE holds the state of job "rooms", which this program does not have; give --job FILE to name the module that exports it
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    const status = await other.halls('status', '--data', data, '--out', place)
    expect(status).toContain('\npending: unknown, because the code of job "rooms" is not known here; --job names its')
  })

  it('is refused where no job has the name, and where the program has none', async () => {
    const { data, out, halls } = theatre()
    const run = (job: string) => halls('run', '--job', job, '--data', data, '--out', out)
    expect(await run('room')).toMatchInlineSnapshot(`
      "--- stderr
      error: --job "room" is neither a job of this program nor a file: did you mean "rooms"?
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await run('x')).toMatchInlineSnapshot(`
      "--- stderr
      error: --job "x" is neither a job of this program nor a file: there are "seats", "rooms"
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    const none = theatre([systemOf('empty', [])])
    expect(await none.halls('run', '--data', data, '--out', out)).toMatchInlineSnapshot(`
      "--- stderr
      error: this program has no job; name the module of one with --job
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
  })

  it('is the one that a module exports', async () => {
    const { folder, data, halls } = theatre()
    const check = (job: string) => halls('check', '--job', join(folder, job), '--data', data)
    const jobText = (name: string) =>
      `{ name: '${name}', options: {}, tables: {}, derived: {}, rollups: {}, outputs: {} }`
    writeFileSync(join(folder, 'nothing.mjs'), 'export const job = 1\nexport default null\n')
    writeFileSync(join(folder, 'two.mjs'), `export const a = ${jobText('a')}\nexport const b = ${jobText('b')}\n`)
    writeFileSync(join(folder, 'broken.mjs'), 'throw new Error("no such luck")\n')
    expect(await check('missing.mjs')).toMatchInlineSnapshot(`
      "--- stderr
      error: --job FOLDER/missing.mjs: there is no such file
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await check('tow.mjs')).toMatchInlineSnapshot(`
      "--- stderr
      error: --job FOLDER/tow.mjs: there is no such file (did you mean FOLDER/two.mjs?)
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await check('nothing.mjs')).toMatchInlineSnapshot(`
      "--- stderr
      error: --job FOLDER/nothing.mjs: it exports neither a job of defineJob nor a system
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await check('two.mjs')).toMatchInlineSnapshot(`
      "--- stderr
      error: --job FOLDER/two.mjs: it exports the jobs a, b; export the one that is meant as default
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
    expect(await check('broken.mjs')).toMatchInlineSnapshot(`
      "--- stderr
      error: --job FOLDER/broken.mjs: the module cannot be loaded: no such luck
        code      invalid_option (halls errors invalid_option)
      --- status 2
      "
    `)
  })
})
