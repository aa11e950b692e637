# bash completion for glosswire, made by `glosswire help` from the tables in cli/
_glosswire() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options= words=
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W '--help --version run annotate send tail check audit replay bench model schema help version' -- "$word")
        return
    fi
    case "${COMP_WORDS[1]} $before" in
        'annotate --input') words='auto jsonl msgpack text json' ;;
        'annotate --output') words='text json jsonl html msgpack' ;;
        'annotate --color') words='auto always never' ;;
        'send --input') words='auto jsonl msgpack text json' ;;
        'tail --input') words='auto jsonl msgpack text json' ;;
        'tail --output') words='text json jsonl msgpack' ;;
        'tail --color') words='auto always never' ;;
        'audit --output') words='text json' ;;
        'replay --in-doubt') words='leave send' ;;
        'replay --input') words='auto jsonl msgpack text json' ;;
        'bench --input') words='auto jsonl msgpack text json' ;;
        'schema --format') words='json-schema reference' ;;
        'help --output') words='text markdown manual bash' ;;
    esac
    case ${COMP_WORDS[1]} in
        run) options='--help --config' ;;
        annotate) options='--help --input --output --config --model --color --html --json' ;;
        send) options='--help --input --to --acked --kafka --topic --timeout --quiet --property --properties' ;;
        tail) options='--help --from --sub --kafka --topic --beginning --input --output --count --timeout --color --property --properties' ;;
        check) options='--help --print --online --keys --schema' ;;
        audit) options='--help --config --kafka --in --records --dead-letters --group --all --range --once --show --output --timeout --property --properties' ;;
        replay) options='--help --config --kafka --dead-letters --to --acked --topic --reason --state --in-doubt --dry-run --input --timeout --quiet --property --properties' ;;
        bench) options='--help --input --config --model --seconds' ;;
        model) options='--help --model' ;;
        schema) options='--help --format' ;;
        help) options='--help --output' ;;
        version) options='--help' ;;
    esac
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    elif [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -o filenames -F _glosswire glosswire
