import assert from 'node:assert/strict'
import { refused } from '../refusal.ts'
import { subject } from '../script.ts'
import { approvalLink, group, openLink } from './setups.ts'

export const previews = subject('previews of join links')
const { scene } = previews

const preview = 'chat.bsky.group.defs#joinLinkPreviewView'
const disabledPreview = 'chat.bsky.group.defs#disabledJoinLinkPreviewView'
const invalidPreview = 'chat.bsky.group.defs#invalidJoinLinkPreviewView'

scene('one who could join sees what it is', async ({ alice, bob, carla }) => {
  const convoId = await group(alice, bob)
  const code = await approvalLink(alice, convoId)
  const { joinLinkPreviews } = await carla.getJoinLinkPreviews({ codes: [code] })
  assert.equal(joinLinkPreviews.length, 1)
  assert.partialDeepStrictEqual(joinLinkPreviews[0], {
    $type: preview,
    code,
    convoId,
    name: 'Readers',
    owner: { did: alice.did },
    memberCount: 2,
    memberLimit: 100,
    joinRule: 'anyone',
    requireApproval: true,
  })
  assert.equal('convo' in joinLinkPreviews[0]!, false)
})

scene('a member sees the convo with it', async ({ alice, bob }) => {
  const convoId = await group(alice, bob)
  const codes = [await openLink(alice, convoId)]
  for (const actor of [alice, bob]) {
    const { joinLinkPreviews } = await actor.getJoinLinkPreviews({ codes })
    assert.partialDeepStrictEqual(joinLinkPreviews, [{ $type: preview, convo: { id: convoId } }])
  }
})

scene('one who asked sees when', async ({ alice, bob, carla }) => {
  const convoId = await group(alice)
  const code = await approvalLink(alice, convoId)
  const requestedAt = async (actor: typeof bob) => {
    const { joinLinkPreviews } = await actor.getJoinLinkPreviews({ codes: [code] })
    return (joinLinkPreviews[0] as { viewer?: { requestedAt?: string } }).viewer?.requestedAt
  }
  await bob.requestJoin({ code })
  assert.match((await requestedAt(bob)) ?? '', /^\d{4}-\d\d-\d\dT/)
  assert.equal(await requestedAt(carla), undefined)
  await bob.withdrawJoinRequest({ convoId })
  assert.equal(await requestedAt(bob), undefined)
})

scene('one sees whether the owner follows them', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const { joinLink } = await alice.createJoinLink({ convoId, joinRule: 'followedByOwner' })
  await alice.follow(bob)
  const { joinLinkPreviews } = await bob.getJoinLinkPreviews({ codes: [joinLink.code] })
  const { owner } = joinLinkPreviews[0] as { owner: { viewer?: { followedBy?: string } } }
  assert.match(owner.viewer?.followedBy ?? '', new RegExp(`^at://${alice.did}/app.bsky.graph.follow/`))
})

scene('somebody who is not logged in sees it too, without themselves in it', async ({ alice, visitor }) => {
  const convoId = await group(alice)
  const code = await openLink(alice, convoId)
  const { joinLinkPreviews } = await visitor.getJoinLinkPreviews({ codes: [code] })
  assert.partialDeepStrictEqual(joinLinkPreviews, [
    { $type: preview, code, convoId, name: 'Readers', owner: { did: alice.did }, memberCount: 1 },
  ])
  const shown = joinLinkPreviews[0] as { convo?: unknown; viewer?: unknown; owner: { viewer?: object } }
  assert.deepEqual([shown.convo, shown.viewer], [undefined, undefined])
  assert.deepEqual(Object.keys(shown.owner.viewer ?? {}), [])
})

scene(
  'of a disabled link one learns nothing but that, of an unknown code not even that',
  async ({ alice, bob, visitor }) => {
    const convoId = await group(alice)
    const code = await openLink(alice, convoId)
    await alice.disableJoinLink({ convoId })
    for (const somebody of [bob, visitor]) {
      const { joinLinkPreviews } = await somebody.getJoinLinkPreviews({ codes: [code, 'nowhere'] })
      assert.deepEqual(joinLinkPreviews, [
        { $type: disabledPreview, code },
        { $type: invalidPreview, code: 'nowhere' },
      ])
    }
  },
)

scene('they come in the order of the codes, each code as often as it is asked', async ({ alice, bob }) => {
  const [one, two] = [await group(alice), await group(alice)]
  const [first, second] = [await openLink(alice, one), await openLink(alice, two)]
  const codes = [second, 'nowhere', first, second]
  const { joinLinkPreviews } = await bob.getJoinLinkPreviews({ codes })
  assert.deepEqual(
    joinLinkPreviews.map(shown => (shown as { code: string }).code),
    codes,
  )
})

scene('a code of a link that was replaced is unknown', async ({ alice, bob }) => {
  const convoId = await group(alice)
  const old = await openLink(alice, convoId)
  await alice.disableJoinLink({ convoId })
  await openLink(alice, convoId)
  const { joinLinkPreviews } = await bob.getJoinLinkPreviews({ codes: [old] })
  assert.deepEqual(joinLinkPreviews, [{ $type: invalidPreview, code: old }])
})

scene('at least one code, at most 50', async ({ alice }) => {
  await refused(alice.getJoinLinkPreviews({ codes: [] }), 'InvalidRequest')
  const codes = Array.from({ length: 51 }, (_, n) => `nowhere${n}`)
  await refused(alice.getJoinLinkPreviews({ codes }), 'InvalidRequest')
})

scene('a message with a link shows each reader their preview', async ({ alice, bob, carla }) => {
  const convoId = await group(alice)
  const code = await openLink(alice, convoId)
  const embed = { $type: 'chat.bsky.embed.joinLink' as const, code }
  const { convo } = await alice.getConvoForMembers({ members: [bob.did] })
  await alice.sendMessage({ convoId: convo.id, message: { text: 'come in', embed } })
  const seen = async () => (await bob.getMessages({ convoId: convo.id })).messages[0]
  const $type = 'chat.bsky.embed.joinLink#view'
  assert.partialDeepStrictEqual(await seen(), {
    embed: { $type, joinLinkPreview: { $type: preview, code, name: 'Readers', memberCount: 1 } },
  })
  await carla.requestJoin({ code })
  await bob.requestJoin({ code })
  assert.partialDeepStrictEqual(await seen(), {
    embed: { joinLinkPreview: { memberCount: 3, convo: { id: convoId } } },
  })
  await alice.disableJoinLink({ convoId })
  assert.partialDeepStrictEqual(await seen(), { embed: { joinLinkPreview: { $type: disabledPreview } } })
})
