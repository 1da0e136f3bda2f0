/**
 * The commands of a program that answers over HTTP, as values.
 * @module
 */
import type { System } from '../systems/system.ts'
import type { CommandSpec, OptionSpec } from '../terminal/command-spec.ts'
import type { ServedProgram } from './serve.ts'

/** Where the databases of systems are. */
const DATABASE: OptionSpec = {
  flags: '--database <address>',
  help: 'postgres://user@host/database?schema=name, or pglite:FOLDER (default: DATABASE_URL, else an embedded database beside the state)',
}

/** Returns the commands of a server; none where no system has routes. */
export function serverCommands(program: ServedProgram): readonly CommandSpec[] {
  if (!program.systems.some((system: System) => system.routes !== undefined)) return []
  return [
    {
      name: 'serve',
      summary: 'answer over HTTP from committed state',
      description:
        'Answers the routes of every system over HTTP, from the states in --out, in the folders right below it, and in --data. It serves a new commit within seconds. /openapi.json describes all routes.',
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
      ],
      examples: [['serve', 'then open http://127.0.0.1:8788/docs']],
      load: async () => {
        const { serve } = await import('./serve.ts')
        return (values: Parameters<typeof serve>[0], terminal) => serve(values, terminal, program)
      },
    },
  ]
}
