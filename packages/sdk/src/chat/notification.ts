import * as getPreferences from '@atcute/bluesky/types/chat/notification/getPreferences'
import * as putPreferences from '@atcute/bluesky/types/chat/notification/putPreferences'
import type { CallOptions, MethodTable } from './method.ts'

/** What to be notified of: `chat.bsky.notification.*`. */
export interface NotificationMethods {
  /** The preferences, defaults where none are set. */
  getPreferences(params?: Record<string, never>, options?: CallOptions): Promise<getPreferences.$output>
  /** Changes the preferences given and leaves the others. */
  putPreferences(input?: putPreferences.$input, options?: CallOptions): Promise<putPreferences.$output>
}

export const notificationMethods: MethodTable<NotificationMethods> = {
  getPreferences: getPreferences.mainSchema,
  putPreferences: putPreferences.mainSchema,
}
