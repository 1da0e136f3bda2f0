#!/usr/bin/env node
/**
 * The command `support-etl`. It checks the version of Node before it imports the rest: an older
 * Node cannot load the rest, and would print a stack instead of advice.
 * @module
 */

/** The oldest Node that runs this package, as package.json says. */
const [MAJOR, MINOR] = [22, 18]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > MAJOR || (major === MAJOR && minor >= MINOR)) {
  await (await import('./program/start.ts')).start()
} else {
  const file = process.argv[1] ?? 'support-etl'
  const shown = /^[\w./\\:-]+$/.test(file) ? file : JSON.stringify(file)
  process.stderr.write(
    `support-etl needs Node ${MAJOR}.${MINOR} or newer, and this is ${process.versions.node}; run it with a newer one: npx node ${shown} …\n`,
  )
  process.exitCode = 2
}

export {}
