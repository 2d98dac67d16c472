#!/bin/sh
# A runner of your own, in shell: it leases one task of kind `external` at a time, carries it out, and reports.
#
#     sh examples/external/runner.sh
#
# The server and its token come from TENDESKS_URL and TENDESKS_TOKEN, or from the local server's file. Needs curl, jq and pgrep.
# Ctrl-C gives back what it holds.
set -u
every=${EVERY:-20} # seconds between two signs of life: a third of a lease
lease='' work='' beats=''

# Put your own work here. $1 is the task's input as JSON; stdout is the result, JSON or text; stderr is the log, and its last
# line says why it failed.
carry_out() {
    number=$(printf '%s' "$1" | jq -r .number)
    sleep "${PAUSE:-0}"
    echo "asking factor for $number" >&2
    factors=$(factor -- "$number") || return 1
    printf '%s' "${factors#*: }" | jq -Rc 'split(" ") | map(tonumber) | {factors: ., prime: (length == 1)}'
}

# Send stdin to the path $1 until the server answers, and print the answer. Fails where the server refuses it for good.
post() {
    body=$(cat) pause=1
    while :; do
        file=${TENDESKS_DATA:-$HOME/.tendesks}/server.json
        url=${TENDESKS_URL:-$(jq -r '.url // empty' "$file")}
        # The token goes by a file of ours: arguments are seen by everyone on the machine.
        printf 'Authorization: Bearer %s\n' "${TENDESKS_TOKEN:-$(jq -r .token "$file")}" >"$folder/$1.head"
        status=$(printf '%s' "$body" | curl -sS -m 80 -o "$folder/$1.answer" -w '%{http_code}' \
            -H "@$folder/$1.head" -H 'Content-Type: application/json' --data-binary @- "$url/api/v1/$1")
        case $status in
        2??) cat "$folder/$1.answer" && return ;;
        '' | 000 | 408 | 429 | 5??) ;; # away, or has no room: again, more and more rarely
        *) cat "$folder/$1.answer" >&2 && return 1 ;;
        esac
        sleep $pause
        pause=$((pause < 10 ? pause * 2 : 10))
    done
}

# Report on what is held: $1 is progress, complete or fail, $2 a filter that makes the rest of the body.
report() {
    path=executions/$(printf '%s' "$lease" | jq -r .execution)/$1
    mkdir -p "$folder/${path%/*}"
    printf '%s' "$lease" | jq -c --rawfile said "$folder/said" --rawfile result "$folder/result" "{token} + $2" | post "$path"
}

# Keep the lease until nobody wants the work $1 any more; then end it.
beat() {
    while sleep "$every"; do
        renewed=$(report progress '{}') && [ "$(printf '%s' "$renewed" | jq .cancelled)" = false ] || break
    done
    end "$1"
}

# End a background process with what it has started.
end() {
    # shellcheck disable=SC2046 # one word for each process
    kill "$1" $(pgrep -P "$1") 2>/dev/null
}

# Called once what is in the foreground has ended: Ctrl-C ends it too, SIGTERM waits for the server's answer.
leave() {
    trap '' INT TERM
    for each in $beats $work; do end "$each"; done
    [ -n "$lease" ] || lease=$(jq -c '.[0] // empty' "$folder/leases.answer") # it came in this very moment
    [ -z "$lease" ] || report fail '{put_back: true}'
    rm -rf "$folder"
    exit 0
}

folder=$(mktemp -d)
: >"$folder/said" >"$folder/result"
trap leave INT TERM
while :; do
    lease=$(leases=$(echo '{"kinds": ["external"], "max": 1, "wait": 50}' | post leases) &&
        printf '%s' "$leases" | jq -c '.[0] // empty') || exit 1
    [ -n "$lease" ] || continue
    carry_out "$(printf '%s' "$lease" | jq -c .input)" >"$folder/result" 2>"$folder/said" &
    work=$!
    beat $work &
    beats=$!
    wait $work
    code=$?
    end $beats
    if [ $code = 0 ]; then
        report complete '{result: ($result | fromjson? // {text: .}), log: $said[-60000:]}'
    else
        report fail '{message: ($said | split("\n") | map(select(. != "")) | last), log: $said[-60000:]}'
    fi
    : >"$folder/leases.answer" >"$folder/said" >"$folder/result"
    lease='' work='' beats=''
done
