import type { Command } from 'commander'
import { findConvo, findGroup, personOf } from '../../naming/find-convo.ts'
import type { Cell } from '../../output/table.ts'
import { convoView, memberView } from '../../output/views.ts'
import { type Act, examples } from '../command.ts'
import { type LeaveOptions, leaveConvo, yesOption } from '../leave.ts'

const groupArgument = ['<group>', 'its id, as parley groups shows it'] as const

/** Who is in a group. */
export function addMembership(parent: Command, act: Act): void {
  parent
    .command('create')
    .description('make a group; everybody else finds it among their requests')
    .argument('<name>', 'what it is called')
    .argument('[members...]', 'handles or DIDs')
    .addHelpText('after', examples('parley groups create "Book club" alice.example.com bob.example.com'))
    .action(
      act(async (run, _options: object, name: string, members: string[]) => {
        const client = await run.client()
        const convo = await client.dm.createGroup(name, members.map(personOf), { signal: run.signal })
        await run.done(convoView(convo), `Made ${convo.title}  `, run.out.paint.dim(convo.id))
      }),
    )
  addMembers(parent, act)
  change(parent, act, { verb: 'add', about: 'invite people to a group', past: 'Invited' })
  change(parent, act, { verb: 'remove', about: 'take people out of a group of yours', past: 'Took out' })
  parent
    .command('leave')
    .description('leave a group; its history is gone for you')
    .argument(...groupArgument)
    .option(...yesOption)
    .addHelpText('after', examples('parley groups leave 3mabcdefghij2'))
    .action(
      act(async (run, options: LeaveOptions, named: string) => {
        const { convo } = await findGroup(await run.client(), named, run.signal)
        await leaveConvo(run, convo, options)
      }),
    )
}

function addMembers(parent: Command, act: Act): void {
  parent
    .command('members')
    .description('list everybody in a group')
    .argument(...groupArgument)
    .addHelpText('after', examples('parley groups members 3mabcdefghij2'))
    .action(
      act(async (run, _options: object, named: string) => {
        const convo = await findConvo(await run.client(), named, run.signal)
        const rows: Cell[][] = []
        for await (const member of convo.allMembers({ signal: run.signal })) {
          const { handle = '', did, name, role = '' } = member
          if (run.isJson) await run.out.json(memberView(member))
          else
            rows.push([
              { text: handle },
              { text: name },
              { text: role },
              { text: did, paint: run.out.paint.dim },
            ])
        }
        if (!run.isJson) await run.table(rows, { elastic: 1, none: 'There is nobody.' })
      }),
    )
}

function change(
  parent: Command,
  act: Act,
  { verb, about, past }: { verb: 'add' | 'remove'; about: string; past: string },
): void {
  parent
    .command(verb)
    .description(about)
    .argument(...groupArgument)
    .argument('<members...>', 'handles or DIDs')
    .addHelpText('after', examples(`parley groups ${verb} 3mabcdefghij2 carla.example.com`))
    .action(
      act(async (run, _options: object, named: string, members: string[]) => {
        const { convo, group } = await findGroup(await run.client(), named, run.signal)
        await group[verb](members.map(personOf), { signal: run.signal })
        await run.done(convoView(convo), `${past}: ${members.join(', ')}`)
      }),
    )
}
