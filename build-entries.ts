/** The package's entries that CommonJS has too. */
export const rooms = {
  index: 'src/index.ts',
  'format/index': 'src/format/index.ts',
  'connect/index': 'src/connect/index.ts',
  'pipeline/index': 'src/pipeline/index.ts',
  'metrics/index': 'src/metrics/index.ts',
}

/** Entries that are ESM only: `require` of a Node that can load ESM takes them as they are. */
export const systems = {
  'cli/index': 'src/cli/index.ts',
  'systems/support/index': 'src/systems/support/index.ts',
  'systems/calls/index': 'src/systems/calls/index.ts',
  'systems/transcripts/index': 'src/systems/transcripts/index.ts',
  'systems/interactions/index': 'src/systems/interactions/index.ts',
  'engine/index': 'src/engine/index.ts',
  'server/index': 'src/server/index.ts',
  'systems/complaints/index': 'src/systems/complaints/index.ts',
}

/** What processes of their own begin with or load, found by their paths. */
export const programs = {
  'cli/main': 'src/cli/main.ts',
  'isolate/isolate-child': 'src/isolate/isolate-child.ts',
  'format/parquet/engine': 'src/format/parquet/engine.ts',
}
