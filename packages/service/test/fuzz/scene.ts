import type { Did } from '@atcute/lexicons/syntax'
import { formatTid, type Tid } from '../../src/tid.ts'
import { type Name, names, theBusy, theExpendable, theModerator } from './cast.ts'
import type { Dice } from './dice.ts'
import type { World } from './world.ts'

/** What a call is about: ids that fit each other, so that a good share of calls finds something. */
export interface Focus {
  convoId: string
  messageId: string
  code: string
  rev: string
  /** Accounts of the world, the caller among them. */
  dids: readonly Did[]
  /** Those that a call to this method is most likely about; empty for no such. */
  subjects: readonly Did[]
}

/** Who calls, and about what. */
export interface Scene {
  caller: Name
  focus: Focus
}

/** Somebody who has to do with a convo, and the code of its link. */
interface Part {
  did: Did
  convo: Tid
  code?: string
}

const owners = (which = '') => `
  select did, convo, link_code as code from group_convo join account on uid = owner
  where lock <> 'locked-permanently' ${which} order by convo`
const ownersAsked = owners('and request_count > 0')
/** A link is stored as JSON. */
const linkHas = (setting: string) => `link like '%${setting}%'`

/** For methods that hardly anybody has a use for: who has, and in which convos. */
const parts: Readonly<Record<string, string>> = {
  'chat.bsky.convo.lockConvo': owners(),
  'chat.bsky.convo.unlockConvo': owners("and lock = 'locked'"),
  'chat.bsky.group.addMembers': owners(),
  'chat.bsky.group.approveJoinRequest': ownersAsked,
  'chat.bsky.group.createJoinLink': owners(),
  'chat.bsky.group.disableJoinLink': owners(),
  'chat.bsky.group.editGroup': owners(),
  'chat.bsky.group.editJoinLink': owners(),
  'chat.bsky.group.enableJoinLink': owners(`and ${linkHas('"enabled":false')}`),
  'chat.bsky.group.listJoinRequests': owners(),
  'chat.bsky.group.rejectJoinRequest': ownersAsked,
  'chat.bsky.group.removeMembers': owners(),
  'chat.bsky.group.requestJoin': `
    select did, convo, link_code as code from group_convo cross join account
    where lock = 'unlocked' and ${linkHas('"enabled":true')} and ${linkHas('"joinRule":"anyone"')} and did not like '%crowd%'
      and uid not in (select account from member where member.convo = group_convo.convo)
      and uid not in (select account from kicked_member as kicked where kicked.convo = group_convo.convo)
      and uid not in (select account from join_request as request where request.convo = group_convo.convo)
    order by ${linkHas('"requireApproval":true')} desc, convo, did`,
  'chat.bsky.group.updateJoinRequestsRead': ownersAsked,
  'chat.bsky.group.withdrawJoinRequest':
    'select did, convo from join_request join account on uid = account order by convo, did',
}

const nobodysTid = '3kabcdefghi22'

/** Mostly what the caller has to do with, sometimes what only another has seen, sometimes what nobody has. */
export async function setScene(world: World, nsid: string, dice: Dice): Promise<Scene> {
  const part = dice.oneIn(5) ? undefined : await partFor(world, nsid, dice)
  const caller = (part && world.nameOf(part.did)) ?? callerOf(nsid, dice)
  const convo =
    part?.convo ?? (await pickConvo(world, nsid, dice.oneIn(10) ? dice.pick(names) : caller, dice))
  const messageId = dice.oneIn(20) ? undefined : await pickMessage(world, convo, caller, dice)
  const focus: Focus = {
    convoId: convo === undefined || dice.oneIn(20) ? nobodysTid : formatTid(convo),
    messageId: messageId === undefined ? nobodysTid : formatTid(messageId),
    code: part?.code ?? (await pickCode(world, dice)),
    rev: await pickRev(world, caller, dice),
    dids: world.dids,
    subjects: await subjectsOf(world, nsid, convo),
  }
  return { caller, focus }
}

async function partFor(world: World, nsid: string, dice: Dice): Promise<Part | undefined> {
  const sql = parts[nsid]
  return sql === undefined ? undefined : pickOf(await world.inspected.select<Part>(sql), dice)
}

function callerOf(nsid: string, dice: Dice): Name {
  if (nsid.startsWith('chat.bsky.moderation.') && !dice.oneIn(8)) return theModerator
  if (nsid === 'chat.bsky.actor.deleteAccount' && !dice.oneIn(20)) return dice.pick(theExpendable)
  return dice.pick(dice.oneIn(2) ? names : theBusy)
}

/** As often one of the first as one of all: what happens to a convo is to be more than its beginning. */
function pickOf<T>(from: readonly T[], dice: Dice): T | undefined {
  return from.length === 0 ? undefined : dice.pick(dice.oneIn(2) ? from.slice(0, 12) : from)
}

async function pickConvo(world: World, nsid: string, viewer: Name, dice: Dice): Promise<Tid | undefined> {
  const convos = nsid.startsWith('chat.bsky.moderation.')
    ? await world.inspected.select<{ convo: Tid }>('select id as convo from convo order by id')
    : await world.inspected.select<{ convo: Tid }>(
        'select convo from member where account = $1 and rev > 0 order by convo',
        await world.uid(viewer),
      )
  return pickOf(convos, dice)?.convo
}

/** Mostly one that somebody wrote, and that the caller may see. */
async function pickMessage(
  world: World,
  convo: Tid | undefined,
  caller: Name,
  dice: Dice,
): Promise<Tid | undefined> {
  const rows = await world.inspected.select<{ id: Tid }>(
    `select id from message
     where convo = $1 and ($2 = 1 or sender is not null)
       and id > coalesce((select visible_from from member where convo = $1 and account = $3), 0)
     order by id desc limit 8`,
    convo ?? 0,
    Number(dice.oneIn(4)),
    dice.oneIn(8) ? 0 : await world.uid(caller),
  )
  return rows.length === 0 ? undefined : dice.pick(rows).id
}

async function pickCode(world: World, dice: Dice): Promise<string> {
  const codes = await world.inspected.select<{ code: string }>(
    'select link_code as code from group_convo where link_code is not null order by convo',
  )
  return pickOf(codes, dice)?.code ?? 'OyiHQqB'
}

async function pickRev(world: World, caller: Name, dice: Dice): Promise<string> {
  const [row] = await world.inspected.select<{ rev: Tid }>(
    'select rev from log where account = $1 order by rev desc limit 1 offset $2',
    await world.uid(caller),
    dice.below(100),
  )
  return formatTid(row?.rev ?? 0)
}

async function subjectsOf(world: World, nsid: string, convo: Tid | undefined): Promise<readonly Did[]> {
  const dids = async (sql: string) =>
    (await world.inspected.select<{ did: Did }>(`${sql} order by did`, convo ?? 0)).map(({ did }) => did)
  switch (nsid) {
    case 'chat.bsky.group.approveJoinRequest':
    case 'chat.bsky.group.rejectJoinRequest':
      return dids('select did from join_request join account on uid = account where convo = $1')
    case 'chat.bsky.group.removeMembers':
      return dids(
        `select did from member join account on uid = account
         where convo = $1 and account <> coalesce((select owner from group_convo where convo = $1), 0)`,
      )
    case 'chat.bsky.moderation.updateActorAccess':
      return theExpendable.map(name => world.actors[name].did)
    default:
      return []
  }
}
