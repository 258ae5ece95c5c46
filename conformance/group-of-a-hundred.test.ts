import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { ChatBskyConvoDefs } from '@atproto/api'
import { Devnet } from '@parley/devnet'
import { begin, gather, membersOf } from './group-of-a-hundred/people.ts'
import { type Person, refused } from './group-of-a-hundred/person.ts'
import { assertOfficial } from './official-lexicons.ts'
import { overhear } from './overhear.ts'

/**
 * The life of a group as large as they get, with the official client, in one story: each test goes on where the one
 * before it ended. The events are those of docs/events.md.
 */

const net = await Devnet.create({ seed: false })
after(() => net.close())
const answers = overhear(net.chat.url)

const crowdNames = Array.from({ length: 92 }, (_, place) => `guest ${place + 1}`)
const [owner, invited, leaver, kicked, joiner, approved, asker, added, last, latecomer, ...crowd] =
  (await gather(net.pds.url, [
    'owner',
    'invited',
    'leaver',
    'kicked',
    'joiner',
    'approved',
    'asker',
    'added',
    'last',
    'latecomer',
    ...crowdNames,
  ])) as [Person, Person, Person, Person, Person, Person, Person, Person, Person, Person, ...Person[]]
const guests = [crowd[0]!, crowd[45]!, crowd[91]!]
let convoId = ''
let code = ''

/** The same for all of these. */
async function allHear(people: readonly Person[], ...events: string[]): Promise<void> {
  for (const person of people) await person.hears(...events)
}

async function groupOf({ chat }: Person): Promise<ChatBskyConvoDefs.GroupConvo> {
  const { kind } = (await chat.convo.getConvo({ convoId })).data.convo
  assert.ok(ChatBskyConvoDefs.isGroupConvo(kind))
  return kind
}

describe('a group of a hundred', () => {
  test('begins with many at once, and all hear of that', async () => {
    convoId = await begin(owner, 'Everybody', [invited, leaver, kicked, ...crowd])
    await allHear([owner, invited, leaver, kicked, ...guests], 'logBeginConvo')
    await allHear([joiner, approved, asker, added, last, latecomer])
    assert.equal((await groupOf(owner)).memberCount, 96)
  })

  test('is accepted by one invited, who alone hears of that', async () => {
    await invited.chat.convo.acceptConvo({ convoId })
    await invited.hears('logAcceptConvo')
    await allHear([owner, leaver, kicked, ...guests])
  })

  test('is joined by link', async () => {
    const settings = { convoId, joinRule: 'anyone', requireApproval: false }
    code = (await owner.chat.group.createJoinLink(settings)).data.joinLink.code
    const { status, convo } = (await joiner.chat.group.requestJoin({ code })).data
    assert.deepEqual([status, convo?.id, convo?.status], ['joined', convoId, 'accepted'])
    const joined = 'logMemberJoin member: joiner, role: standard'
    await joiner.hears('logBeginConvo', joined)
    await allHear([owner, invited, leaver, kicked, ...guests], 'logCreateJoinLink', joined)
  })

  test('is joined by link with approval', async () => {
    await owner.chat.group.editJoinLink({ convoId, requireApproval: true })
    const everybody = [invited, leaver, kicked, joiner, ...guests]
    await allHear([owner, ...everybody], 'logEditJoinLink')
    for (const { chat } of [approved, asker]) {
      assert.equal((await chat.group.requestJoin({ code })).data.status, 'pending')
    }
    await allHear([approved, asker], 'logOutgoingJoinRequest')
    await owner.hears('logIncomingJoinRequest member: approved', 'logIncomingJoinRequest member: asker')
    await owner.chat.group.updateJoinRequestsRead({ convoId })
    await owner.chat.group.approveJoinRequest({ convoId, member: approved.did })
    const joined = 'logMemberJoin member: approved, role: standard, approvedBy: owner'
    await owner.hears('logReadJoinRequests', 'logApproveJoinRequest member: approved', joined)
    await approved.hears('logBeginConvo', joined)
    await allHear(everybody, joined)
    await allHear([asker, added, last, latecomer])
  })

  test('is full with a hundred, however the next would come', async () => {
    const tooMany = [added, last, latecomer].map(({ did }) => did)
    await refused(owner.chat.group.addMembers({ convoId, members: tooMany }), 'MemberLimitReached')
    await owner.chat.group.addMembers({ convoId, members: tooMany.slice(0, 2) })
    const events = [added, last].map(
      ({ name }) => `logAddMember member: ${name}, role: standard, addedBy: owner`,
    )
    await added.hears('logBeginConvo', ...events)
    await last.hears('logBeginConvo', events[1]!)
    await allHear([owner, invited, leaver, kicked, joiner, approved, ...guests], ...events)

    const more = { convoId, members: [latecomer.did] }
    await refused(owner.chat.group.addMembers(more), 'MemberLimitReached')
    const approval = owner.chat.group.approveJoinRequest({ convoId, member: asker.did })
    await refused(approval, 'MemberLimitReached')
    await refused(latecomer.chat.group.requestJoin({ code }), 'MemberLimitReached')
    const members = [invited, leaver, kicked, joiner, approved, asker, added, last, ...crowd]
    const another = { name: 'Everybody else', members: members.map(({ did }) => did) }
    assert.equal(another.members.length, 100)
    await refused(owner.chat.group.createGroup(another), 'InvalidRequest')
    await allHear([owner, invited, asker, latecomer, ...guests])
  })

  test('names all its members page by page, its owner first, and few of them in lists', async () => {
    for (const limit of [100, 30]) {
      const dids = await membersOf(guests[1]!, convoId, limit)
      assert.equal(dids[0], owner.did)
      assert.equal(new Set(dids).size, 100)
      assert.equal(dids.length, 100)
    }
    const { convos } = (await guests[2]!.chat.convo.listConvos({ kind: 'group' })).data
    assert.deepEqual(
      convos.map(({ id }) => id),
      [convoId],
    )
    const [{ kind, members }] = convos as [ChatBskyConvoDefs.ConvoView]
    assert.ok(members.length < 10, `${members.length} members in a list`)
    assert.ok(members.some(({ did }) => did === guests[2]!.did))
    assert.equal(members[0]?.did, owner.did)
    assert.partialDeepStrictEqual(kind, { memberCount: 100, memberLimit: 100 })
  })

  test('hears what one of them says', async () => {
    await joiner.chat.convo.sendMessage({ convoId, message: { text: 'hello, all of you' } })
    await allHear(
      [owner, invited, leaver, kicked, joiner, approved, added, last, ...guests],
      'logCreateMessage joiner: hello, all of you',
    )
    await allHear([asker, latecomer])
  })

  test('is left', async () => {
    await leaver.chat.convo.leaveConvo({ convoId })
    await leaver.hears('logLeaveConvo')
    await allHear([owner, invited, kicked, joiner, approved, ...guests], 'logMemberLeave member: leaver')
    await refused(leaver.chat.convo.getConvo({ convoId }), 'InvalidConvo')
  })

  test('is rid of one who is removed, and whom the link does not let in again', async () => {
    await owner.chat.group.removeMembers({ convoId, members: [kicked.did] })
    await kicked.hears('logLeaveConvo')
    await allHear(
      [owner, invited, joiner, approved, ...guests],
      'logRemoveMember member: kicked, removedBy: owner',
    )
    await refused(kicked.chat.group.requestJoin({ code }), 'UserKicked')
    assert.equal((await groupOf(owner)).memberCount, 98)
  })

  test('is locked: nobody writes, joins or is added; and opened again', async () => {
    await owner.chat.convo.lockConvo({ convoId })
    await allHear([owner, invited, joiner, approved, ...guests], 'logLockConvo lockedBy: owner')
    const hello = { convoId, message: { text: 'hello?' } }
    await refused(joiner.chat.convo.sendMessage(hello), 'ConvoLocked')
    await refused(latecomer.chat.group.requestJoin({ code }), 'ConvoLocked')
    await refused(owner.chat.group.addMembers({ convoId, members: [latecomer.did] }), 'ConvoLocked')
    await owner.chat.convo.unlockConvo({ convoId })
    await allHear([owner, invited, joiner, approved, ...guests], 'logUnlockConvo unlockedBy: owner')
    await allHear([leaver, kicked, asker, latecomer])
  })

  test('ends when its owner leaves, which needs a lock', async () => {
    await refused(owner.chat.convo.leaveConvo({ convoId }), 'OwnerCannotLeave')
    await owner.chat.convo.lockConvo({ convoId })
    const stillThere = [invited, joiner, approved, ...guests]
    await allHear([owner, ...stillThere], 'logLockConvo lockedBy: owner')
    await owner.chat.convo.leaveConvo({ convoId })
    await owner.hears('logLeaveConvo')
    await allHear(stillThere, 'logLockConvoPermanently lockedBy: owner', 'logMemberLeave member: owner')
    await asker.hears('logWithdrawOutgoingJoinRequest')
    await allHear([leaver, kicked, latecomer])
    const group = await groupOf(guests[0]!)
    assert.deepEqual([group.lockStatus, group.memberCount], ['locked-permanently', 97])
  })

  test('was answered as the official lexicons say', () => assertOfficial(answers))
})
