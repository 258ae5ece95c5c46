import { casesOf, type Place } from './tree.ts'

/** For `~/.bashrc`: `source <(parley completion bash)`. */
export function bashCompletion(places: readonly Place[]): string {
  const name = places[0]!.path
  return `# bash completion of ${name}
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} place=${name} word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in
      ${casesOf(places, '|')}) place="$place $word" ;;
    esac
  done
  COMPREPLY=()
  case "$place $previous" in
${places.flatMap(valueCases).join('\n')}
  esac
  case $place in
${places.map(placeCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _${name} ${name}
`
}

function valueCases({ path, values }: Place): string[] {
  return values.map(({ option, kind, choices }) => {
    const found = { choices: `-W '${choices.join(' ')}'`, files: '-f', other: undefined }[kind]
    const reply =
      found === undefined ? '' : ` compopt -o filenames; COMPREPLY=($(compgen ${found} -- "$current"));`
    return `    '${path} ${option}')${reply} return ;;`
  })
}

/** Options only where one is begun: they would hide the commands. */
function placeCase({ path, commands, options, choices, takesFiles }: Place): string {
  const first = [...commands.map(({ word }) => word), ...choices].join(' ')
  const files = takesFiles
    ? ` compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return`
    : ` words='${first}'`
  const all = options.map(({ word }) => word).join(' ')
  return `    '${path}') if [[ $current == -* ]]; then words='${all}'; else${files}; fi ;;`
}
