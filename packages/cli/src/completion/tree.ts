import type { Command, Option } from 'commander'

/** One place on the command line: what may stand there. */
export interface Place {
  /** `parley groups create`. */
  path: string
  commands: Word[]
  options: Word[]
  /** Of options that take a value: what it may be. */
  values: { option: string; kind: 'choices' | 'files' | 'other'; choices: string[] }[]
  /** What the first argument may be, where that is a list or a file. */
  choices: string[]
  takesFiles: boolean
}

export interface Word {
  word: string
  about: string
}

/** Every command as a place, the program first. Names are the program's own: nothing in them needs quoting. */
export function placesOf(program: Command): Place[] {
  return [placeOf(program, program.name(), program), ...below(program, program.name(), program)]
}

/** The commands as a shell's `case` takes them, one alternative each. */
export function casesOf(places: readonly Place[], separator: string): string {
  return places
    .slice(1)
    .map(({ path }) => `'${path}'`)
    .join(separator)
}

function below(parent: Command, path: string, program: Command): Place[] {
  return parent.commands.flatMap(command =>
    [command.name(), ...command.aliases()].flatMap(name => [
      placeOf(command, `${path} ${name}`, program),
      ...below(command, `${path} ${name}`, program),
    ]),
  )
}

function placeOf(command: Command, path: string, program: Command): Place {
  const help = command.createHelp()
  const isProgram = command === program
  const options = [...help.visibleOptions(command), ...(isProgram ? [] : help.visibleOptions(program))]
  const arguments_ = command.registeredArguments
  return {
    path,
    commands: help
      .visibleCommands(command)
      .flatMap(one =>
        [one.name(), ...one.aliases()].map(word => ({ word, about: about(one.description()) })),
      ),
    options: unique(options.flatMap(wordsOf)),
    values: options
      .flatMap(option => namesOf(option).map(name => ({ option: name, ...valueTaken(option) })))
      .filter(({ kind }) => kind !== 'none') as Place['values'],
    choices: arguments_[0]?.argChoices ?? [],
    takesFiles: /^(file|dir|folder)$/.test(arguments_[0]?.name() ?? ''),
  }
}

function wordsOf(option: Option): Word[] {
  return namesOf(option).map(word => ({ word, about: about(option.description) }))
}

function namesOf({ short, long }: Option): string[] {
  return [short, long].filter(name => name !== undefined)
}

function valueTaken({ required, optional, argChoices, flags }: Option) {
  if (!required && !optional) return { kind: 'none', choices: [] }
  if (argChoices) return { kind: 'choices', choices: argChoices }
  return { kind: /<(file|dir|folder)>/.test(flags) ? 'files' : 'other', choices: [] }
}

function unique(words: Word[]): Word[] {
  return [...new Map(words.map(one => [one.word, one])).values()]
}

/** One line without quotes: it stands in scripts of three languages. */
function about(description: string): string {
  return description.replaceAll(/['"`$\\[\]:\n]+/g, ' ').trim()
}
