#!/usr/bin/env bash
# Builds the site strictly and puts it on a host by rsync. deploy/README.md explains.
#
#   deploy/rsync.sh [TARGET]          TARGET: user@host:/folder, or a /folder of this machine
#   deploy/rsync.sh --back [TARGET]   go back to the site before, and hold it
#   deploy/rsync.sh --go-on [TARGET]  let new sites out again
#
# From the environment: DEPLOY_TARGET, DEPLOY_URL, DEPLOY_MODE (swap or in-place), DEPLOY_PORT,
# DEPLOY_KEY and DEPLOY_KNOWN_HOSTS (each the text itself, or the name of a file that holds it).
#
# Exit codes: 0 the new site stands; 1 it does not, and the old one still does; 2 it cannot run.
set -euo pipefail

stop() {
    printf '%s\n' "$1" >&2
    exit "${2:-2}"
}

task=''
case ${1:-} in
    --back | --go-on) task=$1 && shift ;;
    -*) stop "$1 is no option. Type deploy/rsync.sh, with --back or --go-on, and the target." ;;
esac
root=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-${DEPLOY_TARGET:-}}
mode=${DEPLOY_MODE:-swap}
port=${DEPLOY_PORT:-}

[ -n "$target" ] || stop 'Where to? Type deploy/rsync.sh user@host:/folder, or set DEPLOY_TARGET.'
case $target in
    /*) host='' folder=$target ;;
    *:/*) host=${target%%:*} folder=${target#*:} ;;
    *) stop "$target is no place for a site. Write user@host:/folder, with the folder from / on." ;;
esac
folder=${folder%/}
# These go through a shell at the other end, so they hold nothing that a shell would act upon.
case $host in
    -* | *[!A-Za-z0-9@._-]*) stop "$host is no name of a host. Write user@host:/folder." ;;
esac
case $folder in
    '' | *[!A-Za-z0-9/._-]* | */../* | */..)
        stop "$folder/ is no folder for a site. Use letters, digits, and / . _ - only." ;;
esac
case $mode in
    swap | in-place) ;;
    *) stop "DEPLOY_MODE is $mode. It can be swap or in-place." ;;
esac
case $port in
    *[!0-9]*) stop "DEPLOY_PORT is $port. It can be a number only." ;;
esac
[ -z "$task" ] || [ "$mode" = swap ] ||
    stop 'In place there is no site before to go back to. ./run undo takes a publication back.'
command -v rsync >/dev/null || stop 'rsync is missing. On Debian or Ubuntu: sudo apt install rsync'

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Writes what a setting holds, or what the file that it names holds, to a file for ssh alone.
secret() {
    (
        umask 077
        if [ -f "$1" ]; then cat "$1"; else printf '%s\n' "$1"; fi | tr -d '\r' >"$work/$2"
    )
}

ssh=(ssh -o BatchMode=yes)
[ -z "$port" ] || ssh+=(-p "$port")
if [ -n "${DEPLOY_KEY:-}" ]; then
    secret "$DEPLOY_KEY" key
    ssh+=(-i "$work/key" -o IdentitiesOnly=yes)
fi
if [ -n "${DEPLOY_KNOWN_HOSTS:-}" ]; then
    secret "$DEPLOY_KNOWN_HOSTS" known_hosts
    ssh+=(-o "UserKnownHostsFile=$work/known_hosts" -o StrictHostKeyChecking=yes)
fi

# Runs one line of shell where the site is to stand.
there() {
    if [ -n "$host" ]; then "${ssh[@]}" "$host" "$1"; else sh -c "$1"; fi
}

kept='The site that stood there still stands.'

# Goes no further where somebody went back, until they say so.
unless_held() {
    held=$(there "cat $folder/held 2>/dev/null || true")
    [ -z "$held" ] ||
        stop "$target was taken back to the site of $held, and is held. To let new ones out again: deploy/rsync.sh --go-on $target" 1
}

# Words of shell that make a release the one that stands. A rename is the one thing that happens
# at once: each visitor gets the old site or the new.
stands() {
    printf '%s' "ln -sfn releases/$1 .current &&
        { mv -Tf .current current 2>/dev/null || mv -hf .current current; }"
}

# Files are compared by what is in them, because a build writes them all anew; those that are the
# same keep their old date, so that browsers need not fetch them again.
upload() {
    rsync --recursive --links --checksum --chmod=D755,F644 --rsh="$(printf "'%s' " "${ssh[@]}")" \
        "$@" "$work/site/" "${host:+$host:}$destination/"
}

if [ "$task" = --back ]; then
    now=$(there "basename \"\$(readlink $folder/current)\"" 2>/dev/null) || now=''
    before=$(there "ls -1 $folder/releases | grep -E '^[0-9-]+T[0-9-]+Z\$' |
        awk -v now='$now' '\$0 < now' | tail -n 1" 2>/dev/null) || before=''
    [ -n "$before" ] ||
        stop "There is no older site at $target to go back to, so nothing was changed." 1
    # Whoever goes back has a reason, so no nightly build may undo it.
    there "cd $folder && printf '%s\n' $before >held && $(stands "$before")" ||
        stop "$target cannot be written. $kept" 1
    printf 'The site of %s stands at %s again, and is held there.\n' "$before" "$target"
    printf 'Once what was wrong is mended, type: deploy/rsync.sh --go-on %s\n' "$target"
    exit 0
elif [ "$task" = --go-on ]; then
    there "rm -f $folder/held" || stop "$target cannot be reached or written." 1
    printf 'New sites go out to %s again.\n' "$target"
    exit 0
elif [ "$mode" = swap ]; then
    there "[ ! -e $folder/manifest.json ]" ||
        stop "$target holds a site that was uploaded in place. Set DEPLOY_MODE=in-place, or name another folder." 1
    unless_held
fi

"$root/run" build --strict --output "$work/site" ${DEPLOY_URL:+--url "$DEPLOY_URL"} ||
    stop 'The site was not built, so nothing was uploaded.' 1

if [ "$mode" = swap ]; then
    release=$(date -u +%Y-%m-%dT%H-%M-%SZ)
    destination=$folder/incoming
    there "mkdir -p $folder/releases && { [ ! -e $folder/current ] || [ -L $folder/current ]; }" ||
        stop "$target cannot be reached or written, or $folder/current is no link. $kept" 1
    before=$(there "readlink $folder/current || true")
    same=()
    [ -z "$before" ] || same=(--link-dest="../$before")
    upload --delete ${same[@]+"${same[@]}"} || stop "The upload broke off. $kept" 1
    # Two releases in one second would have one name; the second waits for the next.
    while there "[ -e $folder/releases/$release ]"; do
        sleep 1
        release=$(date -u +%Y-%m-%dT%H-%M-%SZ)
    done
    unless_held # somebody may have gone back meanwhile
    there "cd $folder && [ ! -e releases/$release ] && mv incoming releases/$release &&
        $(stands "$release")" ||
        stop "The new site was uploaded and could not be put in place. $kept" 1
    # Three are kept, to go back to, besides the one that stands.
    there "cd $folder/releases && ls -1r | grep -E '^[0-9-]+T[0-9-]+Z\$' | tail -n +4 |
        while read -r old; do rm -rf \"\$old\"; done"
else
    destination=$folder
    # Removing is safe only where nothing but a site of ours ever stood.
    there "mkdir -p $folder && { [ -f $folder/manifest.json ] || [ -z \"\$(ls -A $folder)\" ]; }" ||
        stop "$target cannot be reached, or holds something that is no site of ours." 1
    # First the mark that this is a site of ours, then what pages need, then the pages; only then
    # is anything taken away.
    { upload --include='/manifest.json' --exclude='*' && upload --exclude='*.html' &&
        upload --delay-updates &&
        upload --delete-after --exclude='/.well-known' --exclude='/.htaccess'; } ||
        stop 'The upload broke off: old and new pages may stand side by side. Run it again.' 1
fi
printf 'The site stands at %s\n' "$target"
