import type { Conversation } from '@parley/sdk'
import type { Command } from 'commander'
import { CliError } from '../errors.ts'
import { findConvo } from '../naming/find-convo.ts'
import { excerptOf } from '../output/show-message.ts'
import type { Cell } from '../output/table.ts'
import { convoView } from '../output/views.ts'
import { type Act, type AddCommand, examples } from './command.ts'

export const requests: AddCommand = (parent, act) => {
  const group = parent
    .command('requests')
    .description('what waits for an answer: who wants to talk to you, and groups that you asked to join')
    .addHelpText('after', examples('parley requests', 'parley requests accept bob.example.com'))
  addList(group, act)
  group
    .command('accept')
    .description('take a conversation up; sending into it does so, too')
    .argument('<convo>', 'its id, or the handle of who began it')
    .addHelpText('after', examples('parley requests accept bob.example.com'))
    .action(
      act(async (run, _options: object, named: string) => {
        const client = await run.client()
        const convo = await findConvo(client, named, run.signal)
        await convo.accept({ signal: run.signal })
        await run.done(convoView(convo), `Accepted: ${convo.title}`)
      }),
    )
  group
    .command('decline')
    .description('do not take a conversation up; or withdraw your request to join a group')
    .argument('<convo>', 'its id, or the handle of who began it')
    .addHelpText('after', examples('parley requests decline bob.example.com'))
    .action(
      act(async (run, _options: object, named: string) => {
        const client = await run.client()
        for await (const request of client.dm.requests({ signal: run.signal })) {
          if (!('withdraw' in request) || request.convoId !== named) continue
          await request.withdraw({ signal: run.signal })
          return run.done({ id: named, withdrawn: true }, `Withdrew your request to join ${request.name}`)
        }
        const convo = await findConvo(client, named, run.signal)
        if (convo.status !== 'request')
          throw new CliError(
            'usage',
            `${named} waits for no answer: you have taken it up`,
            `Leave it, with its history: parley leave ${named}`,
          )
        await convo.leave({ signal: run.signal })
        await run.done({ id: convo.id, declined: true }, `Declined: ${convo.title}`)
      }),
    )
  return group
}

function addList(group: Command, act: Act): void {
  group
    .command('ls', { isDefault: true })
    .description('list them')
    .addHelpText('after', examples('parley requests ls --json'))
    .action(
      act(async run => {
        const client = await run.client()
        const rows: Cell[][] = []
        for await (const request of client.dm.requests({ signal: run.signal })) {
          const isOwn = 'withdraw' in request
          if (run.isJson)
            await run.out.json(
              isOwn
                ? { type: 'join-request', id: request.convoId, name: request.name }
                : { type: 'convo', ...convoView(request) },
            )
          else rows.push(isOwn ? ownRow(request) : rowOf(request))
        }
        if (!run.isJson) await run.table(rows, { elastic: 1, none: 'Nothing waits for an answer.' })
      }),
    )
}

function rowOf({ title, id, lastMessage }: Conversation): Cell[] {
  return [{ text: title }, { text: excerptOf(lastMessage) }, { text: id }]
}

function ownRow({ name, convoId }: { name: string; convoId: string }): Cell[] {
  return [{ text: name }, { text: 'you asked to join this group' }, { text: convoId }]
}
