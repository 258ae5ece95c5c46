import { XRPCError } from '@atproto/api'
import { poll } from '../poll.ts'
import { join, type Person } from './person.ts'

/** Accounts that are made at one time: the work is the PDS's, on the same machine. */
const atOnce = 4

/** New accounts by these names, in their order. */
export async function gather(pds: string, names: readonly string[]): Promise<Person[]> {
  const people: Person[] = []
  const nameOf = (did: string) => people.find(person => person?.did === did)?.name ?? did
  let next = 0
  const work = async () => {
    while (next < names.length) {
      const place = next++
      people[place] = await join(pds, names[place]!, nameOf)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return people
}

/** Begins a group as soon as the service has heard of everybody. @returns its convo id */
export async function begin(owner: Person, name: string, members: readonly Person[]): Promise<string> {
  return poll('the service hears of everybody', async () => {
    const input = { name, members: members.map(({ did }) => did) }
    try {
      return (await owner.chat.group.createGroup(input)).data.convo.id
    } catch (error) {
      const notHeardOf = ['RecipientNotFound', 'NotFollowedBySender']
      if (error instanceof XRPCError && notHeardOf.includes(error.error)) return undefined
      throw error
    }
  })
}

/** Everybody in a group, page by page. */
export async function membersOf({ chat }: Person, convoId: string, limit: number): Promise<string[]> {
  const dids: string[] = []
  let cursor: string | undefined
  do {
    const params = { convoId, limit, ...(cursor !== undefined && { cursor }) }
    const { data } = await chat.convo.getConvoMembers(params)
    dids.push(...data.members.map(({ did }) => did))
    cursor = data.cursor
  } while (cursor !== undefined)
  return dids
}
