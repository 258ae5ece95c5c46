import { CliError } from '../errors.ts'
import { type AddCommand, examples } from './command.ts'

export const doctor: AddCommand = (parent, act) =>
  parent
    .command('doctor')
    .description('look whether everything is there that direct messages need, and say what to do')
    .addHelpText('after', examples('parley doctor', "parley doctor --json | jq 'select(.ok | not)'"))
    .action(
      act(async run => {
        const client = await run.client()
        const { ok, checks } = await client.dm.doctor({ signal: run.signal })
        const { paint } = run.out
        for (const check of checks) {
          const { name, detail, fix } = check
          const mark = check.ok ? paint.green('✓') : paint.red('✗')
          await run.done(check, mark, ' ', paint.bold(name.padEnd(13)), detail)
          if (fix !== undefined && !run.isJson) await run.out.line('  → ', fix)
        }
        if (!ok) throw new CliError('failed', 'not all is well', 'What to do stands behind each finding.')
      }),
    )
