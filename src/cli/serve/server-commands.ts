/**
 * The commands of a program that answers over HTTP, as values.
 * @module
 */
import type { System } from '../../systems/system.ts'
import type { Command, CommandGroup, CommandSpec, OptionSpec } from '../../terminal/command-spec.ts'
import type { ServedProgram } from './serve.ts'

/** The folders that may hold states. */
const PLACES: readonly OptionSpec[] = [
  { flags: '--out <folder>', help: 'folder with committed states, and with those in its subfolders', preset: 'output' },
  { flags: '--data <folder>', help: 'another folder that may hold a state', preset: 'data' },
]

/** The folder of the keys. */
const KEYS: OptionSpec = { flags: '--out <folder>', help: 'the folder that is served', preset: 'output' }

/** Whose database it is. */
const SYSTEM: OptionSpec = { flags: '--system <name>', help: 'only the database of this system' }

/** The groups of these commands. */
export const SERVER_GROUPS: readonly CommandGroup[] = [
  { name: 'keys', summary: 'keys for callers of the server' },
  { name: 'db', summary: 'migrations of the databases that are served' },
]

/** Where the databases of systems are. */
const DATABASE: OptionSpec = {
  flags: '--database <address>',
  help: 'postgres://user@host/database (with ?schema=name where it is not named like the system), or pglite:FOLDER (default: DATABASE_URL, else an embedded database beside the state)',
}

/** Returns the commands of a server; none where no system has routes. */
export function serverCommands(program: ServedProgram): readonly CommandSpec[] {
  if (!program.systems.some((system: System) => system.routes !== undefined)) return []
  return [
    {
      name: 'serve',
      summary: 'answer over HTTP from committed state',
      description: `Answers the routes of every system over HTTP, from the states in --out, in the folders right below it, and in --data. It serves a new commit within seconds. /openapi.json describes all routes.${program.pages.length === 0 ? '' : ' The pages of the dashboard are at /; where there are keys, they ask for one.'}`,
      options: [
        {
          flags: '--out <folder>',
          help: 'folder with committed states, and with those in its subfolders',
          preset: 'output',
        },
        { flags: '--data <folder>', help: 'another folder that may hold a state', preset: 'data' },
        DATABASE,
        { flags: '--host <address>', help: 'where to listen', preset: '127.0.0.1' },
        { flags: '--port <number>', help: 'where to listen; 0 takes a free one', preset: '8788' },
        { flags: '--public-host <name...>', help: 'further names by which it is called, as behind a proxy' },
        {
          flags: '--rate-limit <count>',
          help: 'requests in a minute, of a key or of an address (default: any number)',
        },
        { flags: '--jwt-issuer <text>', help: 'take tokens of this issuer, beside keys', group: 'Tokens' },
        { flags: '--jwt-audience <text>', help: 'what their audience must be', group: 'Tokens' },
        { flags: '--jwt-keys <file>', help: "the issuer's public keys (JWKS): a file, or https://…", group: 'Tokens' },
      ],
      examples: [
        ['serve', 'to this machine, from ./output and ./data'],
        ['serve --host 0.0.0.0 --public-host api.example.org', 'to others; needs a key'],
        ['serve --database postgres://reader@localhost/warehouse', 'rows of a Postgres server'],
      ],
      load: async () => {
        const { serve } = await import('./serve.ts')
        return (values: Parameters<typeof serve>[0], terminal) => serve(values, terminal, program)
      },
    },
    {
      name: 'keys create',
      summary: 'make a key and print it, once',
      description:
        'Makes a key for a caller and prints it. Only its hash is kept, in keys.json of the folder. Two keys of one name may live at once, so that one can take the place of the other without a gap. From the first key on, every caller needs one.',
      arguments: [{ name: 'name', help: 'whoever gets the key: a program, a team' }],
      options: [
        KEYS,
        {
          flags: '--scope <scope...>',
          help: 'what it allows: read, import (default: read)',
          choices: ['read', 'import'],
        },
        { flags: '--days <count>', help: 'how long it counts; or never', preset: '365' },
      ],
      examples: [
        ['keys create dashboards', 'a key that reads, for a year'],
        ['keys create nightly --scope read import --days 90', 'one that may import too'],
      ],
      load: async () => (await import('./keys.ts')).keysCreate,
    },
    {
      name: 'keys list',
      summary: 'what each key allows, and whether it counts',
      description: 'Lists the keys of a folder: id, name, scopes, state and expiry. The keys themselves are not known.',
      options: [KEYS],
      examples: [['keys list', 'of ./output']],
      load: async () => (await import('./keys.ts')).keysList,
    },
    {
      name: 'keys revoke',
      summary: 'take a key out of use',
      description: 'Revokes a key by its id. A server that runs does not take it any more within a second.',
      arguments: [{ name: 'id', help: 'the id that keys list shows' }],
      options: [KEYS],
      examples: [['keys revoke 1f0e9c2b7a64', 'that one']],
      load: async () => (await import('./keys.ts')).keysRevoke,
    },
    ...(program.systems.some(({ database }) => database !== undefined) ? databaseCommands(program) : []),
  ]
}

/** Loads a command that is about the program's systems. */
function withProgram(program: ServedProgram, name: 'dbMigrate' | 'dbRollback' | 'dbStatus'): () => Promise<Command> {
  return async () => {
    const work = (await import('./db.ts'))[name]
    return (values: Parameters<typeof work>[0], terminal) => work(values, terminal, program)
  }
}

function databaseCommands(program: ServedProgram): readonly CommandSpec[] {
  const options = [DATABASE, ...PLACES, SYSTEM]
  return [
    {
      name: 'db migrate',
      summary: 'apply pending migrations',
      description:
        'Applies the pending migrations of each system in one transaction. Imports do it too; serve does it for an embedded database, and never for a server. A migration that was applied and has another text now is refused.',
      options,
      examples: [
        ['db migrate --database postgres://etl@localhost/warehouse', 'on a server'],
        ['db migrate', 'of the embedded database'],
      ],
      load: withProgram(program, 'dbMigrate'),
    },
    {
      name: 'db rollback',
      summary: 'undo the last migration',
      description: 'Undoes the migration of a system that was applied last.',
      options,
      examples: [['db rollback --database postgres://etl@localhost/warehouse', 'one step back']],
      load: withProgram(program, 'dbRollback'),
    },
    {
      name: 'db status',
      summary: 'which migrations were applied',
      description: 'Lists the migrations of each system, and whether the database has them. Nothing is changed.',
      options,
      examples: [['db status --database postgres://etl@localhost/warehouse --json', 'for a machine']],
      load: withProgram(program, 'dbStatus'),
    },
  ]
}
