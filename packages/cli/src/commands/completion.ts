import { Argument } from 'commander'
import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { type Place, placesOf } from '../completion/tree.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { type AddCommand, examples } from './command.ts'

const writers: Readonly<Record<string, (places: readonly Place[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

export const completion: AddCommand = (parent, act) =>
  parent
    .command('completion')
    .description('print what makes a shell complete the commands and options')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(writers)))
    .addHelpText(
      'after',
      examples(
        "echo 'source <(parley completion bash)' >> ~/.bashrc",
        "echo 'source <(parley completion zsh)' >> ~/.zshrc",
        'parley completion fish > ~/.config/fish/completions/parley.fish',
      ),
    )
    .action(act((run, _options: object, shell: string) => run.out.plain(writers[shell]!(placesOf(parent)))))
