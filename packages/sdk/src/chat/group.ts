import * as addMembers from '@atcute/bluesky/types/chat/group/addMembers'
import * as approveJoinRequest from '@atcute/bluesky/types/chat/group/approveJoinRequest'
import * as createGroup from '@atcute/bluesky/types/chat/group/createGroup'
import * as createJoinLink from '@atcute/bluesky/types/chat/group/createJoinLink'
import * as disableJoinLink from '@atcute/bluesky/types/chat/group/disableJoinLink'
import * as editGroup from '@atcute/bluesky/types/chat/group/editGroup'
import * as editJoinLink from '@atcute/bluesky/types/chat/group/editJoinLink'
import * as enableJoinLink from '@atcute/bluesky/types/chat/group/enableJoinLink'
import * as getJoinLinkPreviews from '@atcute/bluesky/types/chat/group/getJoinLinkPreviews'
import * as listJoinRequests from '@atcute/bluesky/types/chat/group/listJoinRequests'
import * as listMutualGroups from '@atcute/bluesky/types/chat/group/listMutualGroups'
import * as rejectJoinRequest from '@atcute/bluesky/types/chat/group/rejectJoinRequest'
import * as removeMembers from '@atcute/bluesky/types/chat/group/removeMembers'
import * as requestJoin from '@atcute/bluesky/types/chat/group/requestJoin'
import * as updateJoinRequestsRead from '@atcute/bluesky/types/chat/group/updateJoinRequestsRead'
import * as withdrawJoinRequest from '@atcute/bluesky/types/chat/group/withdrawJoinRequest'
import type { Actor, CallOptions, MethodTable } from './method.ts'

/** A group's name, and who is invited to it. */
export interface CreateGroupInput {
  name: string
  members: Actor[]
}

/** Several members of a group, or accounts that are to be. */
export interface MembersInput {
  convoId: string
  members: Actor[]
}

/** One who asks to join a group. */
export interface MemberInput {
  convoId: string
  member: Actor
}

/** With whom groups are shared. */
export interface MutualGroupsParams {
  subject: Actor
  limit?: number
  cursor?: string
}

/** Groups, their members and join links: `chat.bsky.group.*`. */
export interface GroupMethods {
  /** Makes a group; everyone but the owner has it as a request. Handles are looked up. */
  createGroup(input: CreateGroupInput, options?: CallOptions): Promise<createGroup.$output>
  /** Renames a group. Owner only. */
  editGroup(input: editGroup.$input, options?: CallOptions): Promise<editGroup.$output>
  /** Adds people to a group. Owner only. Handles are looked up. */
  addMembers(input: MembersInput, options?: CallOptions): Promise<addMembers.$output>
  /** Takes people out of a group. Owner only. Handles are looked up. */
  removeMembers(input: MembersInput, options?: CallOptions): Promise<removeMembers.$output>
  /** Groups that the account and `subject` are both in. A handle is looked up. */
  listMutualGroups(params: MutualGroupsParams, options?: CallOptions): Promise<listMutualGroups.$output>
  /** Makes a link through which people can join. */
  createJoinLink(input: createJoinLink.$input, options?: CallOptions): Promise<createJoinLink.$output>
  /** Changes who may join by the link, and whether the owner must approve. */
  editJoinLink(input: editJoinLink.$input, options?: CallOptions): Promise<editJoinLink.$output>
  /** Opens a link that was disabled. */
  enableJoinLink(input: enableJoinLink.$input, options?: CallOptions): Promise<enableJoinLink.$output>
  /** Closes the link; it can be enabled again. */
  disableJoinLink(input: disableJoinLink.$input, options?: CallOptions): Promise<disableJoinLink.$output>
  /** What up to 50 links lead to, in the order asked. */
  getJoinLinkPreviews(
    params: getJoinLinkPreviews.$params,
    options?: CallOptions,
  ): Promise<getJoinLinkPreviews.$output>
  /** Joins by a link, or asks to where the owner must approve. */
  requestJoin(input: requestJoin.$input, options?: CallOptions): Promise<requestJoin.$output>
  /** Takes an own request to join back. */
  withdrawJoinRequest(
    input: withdrawJoinRequest.$input,
    options?: CallOptions,
  ): Promise<withdrawJoinRequest.$output>
  /** Requests to join a group. Owner only. */
  listJoinRequests(params: listJoinRequests.$params, options?: CallOptions): Promise<listJoinRequests.$output>
  /** Lets someone in. Owner only. A handle is looked up. */
  approveJoinRequest(input: MemberInput, options?: CallOptions): Promise<approveJoinRequest.$output>
  /** Turns someone down; they are not told. Owner only. A handle is looked up. */
  rejectJoinRequest(input: MemberInput, options?: CallOptions): Promise<rejectJoinRequest.$output>
  /** Marks the requests to join as read. Owner only. */
  updateJoinRequestsRead(
    input: updateJoinRequestsRead.$input,
    options?: CallOptions,
  ): Promise<updateJoinRequestsRead.$output>
}

export const groupMethods: MethodTable<GroupMethods> = {
  createGroup: createGroup.mainSchema,
  editGroup: editGroup.mainSchema,
  addMembers: addMembers.mainSchema,
  removeMembers: removeMembers.mainSchema,
  listMutualGroups: listMutualGroups.mainSchema,
  createJoinLink: createJoinLink.mainSchema,
  editJoinLink: editJoinLink.mainSchema,
  enableJoinLink: enableJoinLink.mainSchema,
  disableJoinLink: disableJoinLink.mainSchema,
  getJoinLinkPreviews: getJoinLinkPreviews.mainSchema,
  requestJoin: requestJoin.mainSchema,
  withdrawJoinRequest: withdrawJoinRequest.mainSchema,
  listJoinRequests: listJoinRequests.mainSchema,
  approveJoinRequest: approveJoinRequest.mainSchema,
  rejectJoinRequest: rejectJoinRequest.mainSchema,
  updateJoinRequestsRead: updateJoinRequestsRead.mainSchema,
}
