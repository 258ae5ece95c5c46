import { resolve } from 'node:path'
import type { Client, EventsOptions } from '@parley/sdk'
import { fileCursorStore } from '@parley/sdk/node'
import { findConvo } from '../naming/find-convo.ts'
import { showEvent } from '../output/show-event.ts'
import { readMoment } from '../output/time.ts'
import { eventView } from '../output/views.ts'
import type { Run } from '../run.ts'
import { type AddCommand, examples } from './command.ts'

interface TailOptions {
  cursorFile?: string
  backfill?: string
  own: boolean
}

export const tail: AddCommand = (parent, act) =>
  parent
    .command('tail')
    .description('show what happens as it happens, until Ctrl-C')
    .argument('[convo]', 'only of this one: its id, or the handle of whom you talk to')
    .option('--cursor-file <file>', 'keep in it how far you have come, and go on from there next time')
    .option('--backfill <what>', 'begin with what is "unread", or not older than 2026-11-01, 6h or 3d')
    .option('--no-own', 'not what you do yourself')
    .addHelpText(
      'after',
      examples(
        'parley tail alice.example.com',
        'parley tail --json --cursor-file .cursor --backfill unread | jq -r \'select(.type=="message").message.text\'',
      ),
    )
    .action(
      act(async (run, options: TailOptions, named: string | undefined) => {
        const client = await run.client()
        const convo = named === undefined ? undefined : await findConvo(client, named, run.signal)
        const stream = client.dm.events({
          ...eventsOptions(run, options),
          ...(convo && { convoId: convo.id }),
        })
        stream.onState((state, why) => {
          if (state === 'reconnecting' && !run.isJson)
            run.notes
              .line(run.notes.paint.yellow(`Trying again: ${why?.message ?? 'the connection is lost'}`))
              .catch(() => {})
        })
        const titleOf = convo ? undefined : titlesOf(client, run.signal)
        // Printed before the next one is asked for: that is what moves the cursor.
        for await (const event of stream)
          await (run.isJson ? run.out.json(eventView(event)) : showEvent(run.out, event, run.world, titleOf))
      }),
    )

function eventsOptions({ world, signal }: Run, { cursorFile, backfill, own }: TailOptions): EventsOptions {
  const since =
    backfill === undefined || backfill === 'unread' ? backfill : { since: readMoment(backfill, world) }
  return {
    own,
    signal,
    ...(since !== undefined && { backfill: since }),
    ...(cursorFile !== undefined && { cursor: fileCursorStore(resolve(world.cwd, cursorFile)) }),
  }
}

/** What convos are called, each asked for until it is known. */
function titlesOf(client: Client, signal: AbortSignal): (convoId: string) => Promise<string> {
  const titles = new Map<string, string>()
  return async convoId => {
    const known = titles.get(convoId)
    if (known !== undefined) return known
    const convo = await client.dm.get(convoId, { signal }).catch(() => undefined)
    // Left by now, or nobody answers: an event is worth showing without.
    if (convo === undefined) return convoId
    titles.set(convoId, convo.title)
    return convo.title
  }
}
