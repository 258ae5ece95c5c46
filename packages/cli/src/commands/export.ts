import { resolve } from 'node:path'
import { Option } from 'commander'
import { cleanLine, type Format } from '../export/clean-line.ts'
import { type LineFile, lineFile } from '../export/line-file.ts'
import { type ProgressBar, progressBar } from '../export/progress-bar.ts'
import { readMoment } from '../output/time.ts'
import { type AddCommand, examples } from './command.ts'

interface ExportOptions {
  format: Format
  since?: string
  output?: string
}

export const exportCommand: AddCommand = (parent, act) =>
  parent
    .command('export')
    .description('write all your conversations out, each followed by its messages, oldest first')
    .addOption(
      new Option('--format <format>', 'jsonl for programs, markdown to read')
        .choices(['jsonl', 'markdown'])
        .default('jsonl'),
    )
    .option('--since <moment>', 'only messages from then on, such as 2026-11-01, 6h or 3d')
    .option('-o, --output <file>', 'write into a file, for your eyes only (default: standard output)')
    .addHelpText(
      'after',
      examples('parley export -o messages.jsonl', 'parley export --format markdown --since 30d'),
    )
    .action(
      act(async (run, { format, since, output }: ExportOptions) => {
        const { world, out, notes, signal } = run
        const from = since === undefined ? undefined : readMoment(since, world)
        const client = await run.client()
        const isShown = world.stderr.isTTY === true && (output !== undefined || world.stdout.isTTY !== true)
        let [file, bar]: [LineFile?, ProgressBar?] = []
        let messages = 0
        try {
          if (output !== undefined) file = await lineFile(resolve(world.cwd, output))
          if (isShown) bar = await progressBar(world)
          const lines = client.dm.export({
            format,
            signal,
            ...(from && { since: from }),
            onProgress: progress => {
              messages = progress.messages
              bar?.show(progress)
            },
          })
          for await (const line of lines) {
            const text = `${cleanLine(line, format)}\n`
            await (file ? file.write(text) : out.plain(text))
          }
          await file?.keep()
          bar?.end()
        } finally {
          bar?.stop()
          await file?.discard()
        }
        if (output !== undefined && !isShown)
          await notes.line(`${messages} message${messages === 1 ? '' : 's'} in ${output}`)
      }),
    )
