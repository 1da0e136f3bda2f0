/** Versions of agents against a model that looks at every commit anew. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { nextAgentVersions } from '../../../../src/systems/complaints/figures/agent-versions.ts'
import { type Frame, frameOf } from '../../../../src/table/frame.ts'
import { inferColumn } from '../../../../src/table/infer.ts'
import { objectsOf } from '../worlds.ts'

const NAMES = ['agent_id', 'name', 'experience', 'state'] as const

/** A sheet: of each agent that is there, how its name reads. */
type Sheet = ReadonlyMap<string, string | null>

function frameOfSheet(sheet: Sheet): Frame {
  const rows = [...sheet].map(([agent_id, name]) => ({ agent_id, name, experience: 'Senior', state: null }))
  return frameOf(
    NAMES.map((name) => [
      name,
      inferColumn(
        rows.map((row) => row[name]),
        name,
      ),
    ]),
    rows.length,
  )
}

/** The versions after some sheets, one a commit, at the times 0, 1000, 2000 … */
function versionsAfter(sheets: readonly Sheet[]) {
  let versions: Frame | null = null
  for (const [at, sheet] of sheets.entries()) versions = nextAgentVersions(frameOfSheet(sheet), versions, at * 1000)
  return versions === null ? [] : objectsOf(versions)
}

/** Of one agent: runs of commits that show the same cells, by looking at each commit. */
function modelOf(id: string, sheets: readonly Sheet[]) {
  const found: { from: number; to: number | null; name: string | null }[] = []
  for (const [at, sheet] of sheets.entries()) {
    const last = found.at(-1)
    const open = last !== undefined && last.to === null ? last : null
    const name = sheet.get(id)
    if (open !== null && name === open.name) continue
    if (open !== null) open.to = at * 1000
    if (name !== undefined) found.push({ from: at * 1000, to: null, name })
  }
  return found
}

const sheets = fc.array(
  fc
    .dictionary(fc.constantFrom('1000', '1001', '1002'), fc.constantFrom('Ada', 'Bo', null))
    .map((cells) => new Map(Object.entries(cells))),
  { minLength: 1, maxLength: 12 },
)

describe('nextAgentVersions', () => {
  test.prop([sheets])(
    'has one version for each time without a change, and no gap that the sheets do not have',
    (given) => {
      const rows = versionsAfter(given)
      for (const id of ['1000', '1001', '1002']) {
        const mine = rows.filter(({ agent_id }) => agent_id === id)
        expect(mine.map(({ version }) => version)).toEqual(mine.map((_, at) => at + 1))
        const shown = mine.map(({ name, valid_from, valid_to }) => ({
          from: (valid_from as Date).getTime(),
          to: valid_to === null ? null : (valid_to as Date).getTime(),
          name,
        }))
        expect(shown).toEqual(modelOf(id, given))
      }
    },
  )

  it('is empty of an empty sheet', () => {
    expect(versionsAfter([new Map()])).toEqual([])
  })
})
