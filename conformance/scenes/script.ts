import type { Methods } from './methods.ts'

/**
 * The form of a scene: a behaviour by name, and a script of who does what and who sees what then. Actors call the
 * methods of `chat.bsky.*` by their names. A script knows nothing of the service it is played on.
 */
export interface Scene {
  name: string
  play(cast: Cast): Promise<void>
}

/** Scenes about one thing. */
export interface Subject {
  title: string
  scenes: Scene[]
  scene(name: string, play: Scene['play']): void
}

export function subject(title: string): Subject {
  const scenes: Scene[] = []
  return { title, scenes, scene: (name, play) => void scenes.push({ name, play }) }
}

/**
 * Who there is. They have never met; everybody accepts messages from everybody until they declare otherwise.
 * Whoever a scene does not name is not called.
 */
export interface Cast {
  alice: Actor
  bob: Actor
  carla: Actor
  dave: Actor
  erin: Actor
  /** So many more. */
  crowd(count: number): Promise<Actor[]>
  /** Somebody who is not logged in. */
  visitor: Pick<Methods, 'getJoinLinkPreviews'>
  /** Whom the service trusts with moderation. Not everywhere: see `all.ts`. */
  moderator: Moderator
}

/** `chat.bsky.moderation.*` */
export interface Moderator {
  updateActorAccess(input: { actor: string; allowAccess: boolean }): Promise<void>
}

/** An account with a program that speaks for it. */
export interface Actor extends Methods, Account {
  name: string
  /** Holds the events of their log since it was last asked for to these, in order, as `tell.ts` writes them. */
  hears(...events: string[]): Promise<void>
  /** What `exportAccountData` gives them: every line as an object. */
  exports(): Promise<Record<string, unknown>[]>
  /** Has heard what happened until now, whatever it was. */
  skips(): Promise<void>
  /** Holds all that `getMessages` shows them of a convo to these, oldest first, as `tell.ts` writes them. */
  sees(convoId: string, ...messages: string[]): Promise<void>
}

/** What an account does outside of chat, on its PDS. Resolves when the service knows of it. */
export interface Account {
  did: string
  follow(other: { did: string }): Promise<void>
  block(other: { did: string }): Promise<void>
  unblock(other: { did: string }): Promise<void>
  /** Puts `chat.bsky.actor.declaration`. */
  declare(declaration: Declaration): Promise<void>
  deactivate(): Promise<void>
  activate(): Promise<void>
}

export interface Declaration {
  allowIncoming: Allow
  allowGroupInvites?: Allow
}

export type Allow = 'all' | 'none' | 'following'
