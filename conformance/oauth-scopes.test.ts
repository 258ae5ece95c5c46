import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IncludeScope, ScopePermissions } from '@atproto/oauth-scopes'
import { BSKY_CHAT, Client, chatScopes } from '@parley/sdk'

/** As the PDS of these tests has it, until Bluesky publishes another. */
const published = new URL(
  '../node_modules/@atproto/pds/dist/lexicons/chat/bsky/authFullChatClient.defs.js',
  import.meta.url,
)

interface PermissionSet {
  permissions: { resource: string; options: Record<string, boolean | string | string[]> }[]
}

/** What a PDS makes of a `scope`: permission sets are put in place of their names. */
async function permissionsOf(scope: string): Promise<ScopePermissions> {
  const { main }: { main: PermissionSet } = await import(published.href)
  const permissions = main.permissions.map(({ resource, options }) => ({
    type: 'permission' as const,
    resource,
    ...options,
  }))
  const set = { type: 'permission-set' as const, permissions }
  const scopes = scope.split(' ').flatMap(one => IncludeScope.fromString(one)?.toScopes(set) ?? [one])
  return new ScopePermissions(scopes)
}

const { moderation: _, ...namespaces } = new Client().chat.bsky
const methods = Object.entries(namespaces).flatMap(([namespace, methods]) =>
  Object.keys(methods).map(name => `chat.bsky.${namespace}.${name}`),
)

describe('the scopes of a chat client', () => {
  for (const chat of [BSKY_CHAT, 'did:web:chat.example#bsky_chat'])
    it(`allow every call to ${chat}, and none to another service`, async () => {
      const permissions = await permissionsOf(chatScopes(chat))
      for (const lxm of [...methods, 'chat.parley.server.describeServer']) {
        assert.ok(permissions.allowsRpc({ lxm, aud: chat }), lxm)
        assert.ok(!permissions.allowsRpc({ lxm, aud: 'did:web:other.example#bsky_chat' }), lxm)
      }
      // As the live stream asks for its token.
      assert.ok(permissions.allowsRpc({ lxm: 'chat.bsky.convo.getLog', aud: chat }))
      assert.ok(permissions.allowsRepo({ collection: 'chat.bsky.actor.declaration', action: 'update' }))
      assert.ok(!permissions.allowsRepo({ collection: 'app.bsky.feed.post', action: 'create' }))
    })

  it('ask for nothing that the published permission set has', async () => {
    const [, include = '', rpc = ''] = chatScopes().split(' ')
    const bySet = await permissionsOf(include)
    for (const lxm of new URLSearchParams(rpc.replace('rpc?', '')).getAll('lxm'))
      assert.ok(!bySet.allowsRpc({ lxm, aud: BSKY_CHAT }), lxm)
  })
})
