/**
 * Code that was compiled is kept between runs, so that commands start sooner.
 * @module
 */
import { mkdirSync, statSync } from 'node:fs'
import { enableCompileCache, getCompileCacheDir } from 'node:module'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** Write permission for the group and for others. */
const OTHERS = 0o022

/** By the account and not by the environment: what runs as another user must not run code from the folder of the first. */
function cacheFolder(): string {
  return join(userInfo().homedir, '.cache', 'support-etl')
}

function isOwn(folder: string): boolean {
  if (process.getuid === undefined) return true
  const { uid, mode } = statSync(folder)
  return uid === process.getuid() && (mode & OTHERS) === 0
}

/**
 * Keeps compiled code in a folder that nobody else may write to. NODE_COMPILE_CACHE names another one to Node itself, and
 * NODE_DISABLE_COMPILE_CACHE keeps nothing.
 */
export function keepCompiled(folder?: string): void {
  if (process.env.NODE_DISABLE_COMPILE_CACHE !== undefined || getCompileCacheDir() !== undefined) return
  try {
    const own = folder ?? cacheFolder()
    mkdirSync(own, { recursive: true, mode: 0o700 })
    // who may write to the folder above could put another in its place
    if (isOwn(own) && isOwn(dirname(own))) enableCompileCache(own)
  } catch {
    // an account without a home, or with one that is read-only: commands work, and start as they did
  }
}
