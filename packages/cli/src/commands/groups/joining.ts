import type { Command } from 'commander'
import { CliError } from '../../errors.ts'
import { findGroup, personOf } from '../../naming/find-convo.ts'
import type { Cell } from '../../output/table.ts'
import { timeOf } from '../../output/time.ts'
import { convoView, joinRequestView, memberView } from '../../output/views.ts'
import { type Act, examples } from '../command.ts'

/** Joining by a link, and deciding about those who ask to. */
export function addJoining(parent: Command, act: Act): void {
  parent
    .command('join')
    .description('join a group by its link')
    .argument('<link>', 'the link, or the code at its end')
    .addHelpText('after', examples('parley groups join abc1234'))
    .action(
      act(async (run, _options: object, link: string) => {
        const client = await run.client()
        const convo = await client.dm.join(codeOf(link), { signal: run.signal })
        if (convo)
          await run.done(
            { joined: true, ...convoView(convo) },
            `Joined ${convo.title}  `,
            run.out.paint.dim(convo.id),
          )
        else await run.done({ joined: false }, 'Asked to be let in: the owner decides.')
      }),
    )
  parent
    .command('join-requests')
    .description('list who asks to be let into a group of yours')
    .argument('<group>', 'its id, as parley groups shows it')
    .addHelpText('after', examples('parley groups join-requests 3mabcdefghij2'))
    .action(
      act(async (run, _options: object, named: string) => {
        const { group } = await findGroup(await run.client(), named, run.signal)
        const rows: Cell[][] = []
        for await (const request of group.joinRequests({ signal: run.signal })) {
          const { from, requestedAt } = request
          if (run.isJson) await run.out.json(joinRequestView(request))
          else
            rows.push([
              { text: from.handle ?? from.did },
              { text: from.name },
              { text: timeOf(requestedAt, run.world) },
            ])
        }
        if (!run.isJson) await run.table(rows, { elastic: 1, none: 'Nobody asks.' })
      }),
    )
  decide(parent, act, {
    verb: 'approve',
    about: 'let somebody in who asks to',
    done: 'approved',
    past: 'Let in',
  })
  decide(parent, act, {
    verb: 'reject',
    about: 'do not let somebody in; they are not told',
    done: 'rejected',
    past: 'Rejected',
  })
}

/** Of `https://example.com/group/join/abc1234?ref=x` the code is `abc1234`. */
function codeOf(link: string): string {
  const path = URL.canParse(link) ? new URL(link).pathname : link
  return path.split('/').findLast(part => part !== '') ?? link
}

interface Decision {
  verb: 'approve' | 'reject'
  about: string
  /** What the answer for programs calls it. */
  done: 'approved' | 'rejected'
  /** What the one for people does. */
  past: string
}

function decide(parent: Command, act: Act, { verb, about, done, past }: Decision): void {
  parent
    .command(verb)
    .description(about)
    .argument('<group>', 'its id, as parley groups shows it')
    .argument('<who>', 'handle or DID')
    .addHelpText('after', examples(`parley groups ${verb} 3mabcdefghij2 carla.example.com`))
    .action(
      act(async (run, _options: object, named: string, who: string) => {
        const { group } = await findGroup(await run.client(), named, run.signal)
        const wanted = personOf(who)
        for await (const request of group.joinRequests({ signal: run.signal })) {
          if (request.from.did !== wanted && request.from.handle?.toLowerCase() !== wanted) continue
          await request[verb]({ signal: run.signal })
          return run.done({ ...memberView(request.from), [done]: true }, `${past}: ${request.from.name}`)
        }
        throw new CliError(
          'notFound',
          `${who} does not ask to be let in`,
          `Who does: parley groups join-requests ${named}`,
        )
      }),
    )
}
