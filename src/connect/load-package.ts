/**
 * Loads packages that users install themselves.
 * @module
 */
import { ConnectError } from '../errors.ts'

/**
 * Loads an optional package.
 * @throws ConnectError package_missing - it is not installed; the message has the command
 */
export async function loadPackage<Loaded>(
  load: () => Promise<Loaded>,
  { name, install, what }: { readonly name: string; readonly install: string; readonly what: string },
): Promise<Loaded> {
  try {
    return await load()
  } catch (cause) {
    // an installed package that fails to load is another error
    if (!(cause instanceof Error) || !cause.message.includes(`'${name}'`)) throw cause
    const cure = `npm install ${install} (globally, where support-etl is installed so)`
    throw new ConnectError('package_missing', `${what} needs the package ${name}: ${cure}`, { cause })
  }
}
