/**
 * Keeps compiled code between runs, so that commands start faster.
 * @module
 */
import { mkdirSync, statSync } from 'node:fs'
import { enableCompileCache, getCompileCacheDir } from 'node:module'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** Write permission for the group and for others. */
const OTHERS = 0o022

/**
 * Named by the account, not by the environment: a process of another user must not run code from
 * this folder.
 */
function cacheFolder(): string {
  return join(userInfo().homedir, '.cache', 'support-etl')
}

function isOwn(folder: string): boolean {
  if (process.getuid === undefined) return true
  const { uid, mode } = statSync(folder)
  return uid === process.getuid() && (mode & OTHERS) === 0
}

/**
 * Keeps compiled code in a folder that only this user can write to. NODE_COMPILE_CACHE makes Node
 * use another folder; NODE_DISABLE_COMPILE_CACHE turns the cache off.
 */
export function keepCompiled(folder?: string): void {
  if (process.env.NODE_DISABLE_COMPILE_CACHE !== undefined || getCompileCacheDir() !== undefined) return
  try {
    const own = folder ?? cacheFolder()
    mkdirSync(own, { recursive: true, mode: 0o700 })
    // a user who can write to the parent folder could replace this one
    if (isOwn(own) && isOwn(dirname(own))) enableCompileCache(own)
  } catch {
    // no home folder, or a read-only one: commands still work, without the faster start
  }
}
