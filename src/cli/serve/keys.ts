/**
 * `support-etl keys create | list | revoke`: the keys of a server.
 * @module
 */
import { openStore } from '../../connect/open.ts'
import { ContractError } from '../../errors.ts'
import { nodeEffects } from '../../pipeline/effects.ts'
import { createKey, isLive, type KeyRecord, readKeys, revokeKey, SCOPES } from '../../server/keys/key-file.ts'
import type { Scope } from '../../server/route.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { optionError } from '../../terminal/flags/option-values.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { printable } from '../../terminal/text/lines.ts'
import { renderJson } from '../../terminal/text/render.ts'
import { renderTable } from '../../terminal/text/text-table.ts'

interface KeysValues {
  readonly out: string
  readonly json?: true
}

interface CreateValues extends KeysValues {
  readonly name?: string
  readonly scope?: readonly string[]
  readonly days: string
}

const DAY = 86_400_000
const MOST_DAYS = 3650
const NAME = /^[\w.@ -]{1,64}$/

/** Epoch milliseconds after a number of days; null for `never`. */
function expiryOf(text: string, now: number): number | null {
  if (text === 'never') return null
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (days < 1 || days > MOST_DAYS) throw optionError('--days', text, `days from 1 to ${MOST_DAYS}, or never`)
  return now + days * DAY
}

function scopesOf(words: readonly string[]): readonly Scope[] {
  return SCOPES.filter((scope) => words.includes(scope))
}

/** What is shown of a key: never its hash. */
function shown({ sha256: _, ...record }: KeyRecord, now: number) {
  const { revoked_at } = record
  const state = revoked_at !== null ? 'revoked' : isLive({ ...record, sha256: '' }, now) ? 'live' : 'expired'
  return { ...record, state }
}

/** Makes a key and prints it, once. */
export async function keysCreate(
  { out, name, scope, days, json }: CreateValues,
  terminal: Terminal,
): Promise<ExitCode> {
  if (name === undefined) throw new ContractError('invalid_option', 'name whoever gets the key: keys create NAME')
  if (!NAME.test(name)) throw optionError('the name', printable(name), 'up to 64 letters, digits, spaces, . _ @ and -')
  const effects = { ...nodeEffects(), ...effectsOf(terminal) }
  const now = effects.now()
  const created = await createKey(
    openStore(out),
    { name, scopes: scopesOf(scope ?? ['read']), expiresAt: expiryOf(days, now) },
    effects,
  )
  const record = shown(created.record, now)
  await terminal.print(json ? renderJson({ key: created.key, ...record }) : `${created.key}\n`)
  const until = record.expires_at === null ? 'does not expire' : `counts until ${record.expires_at}`
  terminal.log(
    'info',
    `key ${record.id} of ${name} allows ${record.scopes.join(', ')} and ${until}; it is shown only now`,
  )
  return EXIT.done
}

/** Prints what each key allows, and whether it counts. */
export async function keysList({ out, json }: KeysValues, terminal: Terminal): Promise<ExitCode> {
  const now = nodeEffects().now()
  const keys = ((await readKeys(openStore(out))) ?? []).map((key) => shown(key, now))
  if (json) await terminal.print(renderJson(keys))
  else if (keys.length === 0)
    await terminal.print(terminal.fit(`${out} has no keys: a server answers its own machine alone\n`))
  else {
    const columns = ['id', 'name', 'allows', 'state', 'created', 'expires'].map((title) => ({ title }))
    const rows = keys.map(({ id, name, scopes, state, created_at, expires_at }) => [
      ...[id, name, scopes.join(', '), state, created_at, expires_at ?? 'never'],
    ])
    await terminal.print(renderTable(columns, rows, terminal.view))
  }
  return EXIT.done
}

/** Revokes a key; a server that runs does not take it any more within a second. */
export async function keysRevoke(
  { out, id, json }: KeysValues & { readonly id?: string },
  terminal: Terminal,
): Promise<ExitCode> {
  if (id === undefined)
    throw new ContractError('invalid_option', 'name the key: keys revoke ID; keys list shows the ids')
  const effects = { ...nodeEffects(), ...effectsOf(terminal) }
  const record = shown(await revokeKey(openStore(out), id, effects), effects.now())
  await terminal.print(json ? renderJson(record) : `key ${record.id} of ${record.name} is revoked\n`)
  return EXIT.done
}
