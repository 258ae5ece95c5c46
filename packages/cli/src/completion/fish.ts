import { casesOf, type Place } from './tree.ts'

/** For `~/.config/fish/completions/parley.fish`. */
export function fishCompletion(places: readonly Place[]): string {
  const name = places[0]!.path
  return `# fish completion of ${name}
function __${name}_at
  set -l place ${name}
  for word in (commandline -opc)[2..-1]
    switch "$place $word"
      case ${casesOf(places, ' ')}
        set place "$place $word"
    end
  end
  test "$place" = "$argv[1]"
end
complete -c ${name} -f
${places.flatMap(place => linesOf(name, place)).join('\n')}
`
}

function linesOf(name: string, { path, commands, options, values, choices, takesFiles }: Place): string[] {
  const begin = `complete -c ${name} -n '__${name}_at "${path}"'`
  const valuesOf = new Map(values.map(value => [value.option, value]))
  return [
    ...commands.map(({ word, about }) => `${begin} -a ${word} -d '${about}'`),
    ...choices.map(word => `${begin} -a ${word}`),
    ...(takesFiles ? [`${begin} -F`] : []),
    ...options.map(({ word, about }) => {
      const value = valuesOf.get(word)
      const flag = word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`
      const takes =
        value && { choices: ` -x -a '${value.choices.join(' ')}'`, files: ' -r -F', other: ' -x' }[value.kind]
      return `${begin} ${flag}${takes ?? ''} -d '${about}'`
    }),
  ]
}
