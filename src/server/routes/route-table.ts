/**
 * Which route an address and a method name.
 * @module
 */
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { ServerError } from '../../errors.ts'
import type { Route } from '../route.ts'

/** What answers an address: a declared route, or an address of the server itself. */
export type Target = { readonly kind: 'route'; readonly route: Route } | { readonly kind: 'own'; readonly path: string }

/** The server's own addresses. */
export const OWN_PATHS = ['/healthz', '/readyz', '/metrics', '/openapi.json'] as const

/** Finds what answers a request. */
export interface RouteTable {
  /**
   * Returns what answers a request; null where there is no such address.
   * @throws ServerError method_not_allowed - the address is known, and has no such method
   */
  find(method: string, path: string): Target | null
}

/** Returns the table of declared routes and of the server's own addresses. */
export function routeTable(routes: readonly Route[], own: readonly string[]): RouteTable {
  const router = new SmartRouter<Target>({ routers: [new RegExpRouter(), new TrieRouter()] })
  const methods = new Set<string>()
  const add = (method: string, path: string, target: Target): void => {
    methods.add(method)
    router.add(method, path.replaceAll(/\{(\w+)\}/g, ':$1'), target)
  }
  for (const route of routes) add(route.method.toUpperCase(), route.path, { kind: 'route', route })
  for (const path of own) add('GET', path, { kind: 'own', path })
  const match = (method: string, path: string): Target | null => router.match(method, path)[0][0]?.[0] ?? null
  return {
    find(method, path) {
      const found = match(method === 'HEAD' ? 'GET' : method, path)
      if (found !== null) return found
      const allowed = [...methods].filter((other) => match(other, path) !== null)
      if (allowed.length === 0) return null
      const allow = allowed.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name])).join(', ')
      throw new ServerError('method_not_allowed', `${path} answers ${allow} alone`, { details: { allow } })
    },
  }
}
