import { casesOf, type Place, type Word } from './tree.ts'

/** For `~/.zshrc`, behind `compinit`: `source <(parley completion zsh)`. */
export function zshCompletion(places: readonly Place[]): string {
  const name = places[0]!.path
  return `#compdef ${name}
# zsh completion of ${name}
_${name}() {
  local place=${name} word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
      ${casesOf(places, '|')}) place="$place $word" ;;
    esac
  done
  case "$place \${words[CURRENT-1]}" in
${places.flatMap(valueCases).join('\n')}
  esac
  case $place in
${places.map(placeCase).join('\n')}
  esac
  (( $#found )) && _describe -o ${name} found
}
compdef _${name} ${name}
`
}

function valueCases({ path, values }: Place): string[] {
  return values.map(({ option, kind, choices }) => {
    const found = { choices: ` compadd -- ${choices.join(' ')};`, files: ' _files;', other: '' }[kind]
    return `    '${path} ${option}')${found} return ;;`
  })
}

function placeCase({ path, commands, options, choices, takesFiles }: Place): string {
  const first = [...commands, ...choices.map(word => ({ word, about: '' }))]
  const rest = takesFiles ? '_files; return' : `found=(${list(first)})`
  return `    '${path}') if [[ \${words[CURRENT]} == -* ]]; then found=(${list(options)}); else ${rest}; fi ;;`
}

function list(words: readonly Word[]): string {
  return words.map(({ word, about }) => `'${word}:${about}'`).join(' ')
}
