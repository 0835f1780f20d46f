#!/bin/sh
# Brings the portal to another version without losing a request: portail mettre-a-jour [VERSION | --retour]
# The version in service goes on serving until the new one answers. Stopped anywhere, it is run again.
set -eu
umask 022
. "$(dirname "$0")/steps.sh"

usage() {
    cat <<'END'
portail mettre-a-jour [VERSION]   à cette version, ou à la dernière publiée
portail mettre-a-jour --retour    à la version d’avant, si elle sait lire la base d’aujourd’hui
END
}

flask_of() {  # PORT COMMAND…
    folder=$PORTAIL/$1
    shift
    printf '   + portail %s\n' "$*"
    PORTAIL_HOME=$folder "$folder/deploy/portail" "$@"
}

choose() {
    serving=$(sed -n 's/^server 127.0.0.1:\([0-9]*\).*/\1/p' "$SERVING")
    case $serving in
        5000) other=5001 ;;
        5001) other=5000 ;;
        *) stop "$SERVING ne dit pas quel port sert." ;;
    esac
    server=$(sed -n 's/^DATABASE_URL=\(postgresql:.*\)/\1/p' "$SETTINGS")
    run systemctl stop "portail@$other"  # left by an update that was cut short
}

copy() {
    step "Une copie de la base, telle qu’elle est : elle servira à l’essai, et à revenir de tout."
    kept=$COPIES/avant-$(date -u +%Y%m%dT%H%M%SZ).db
    if [ -n "$server" ]; then
        printf '   + pg_dump, dans %s\n' "$kept"
        (umask 077 && runuser -u portail -- pg_dump -Fc "$server" > "$kept")
        return
    fi
    flask_of "$serving" backup "$kept"
}

fetch() {
    step "La nouvelle version, dans le dossier qui ne sert pas : $PORTAIL/$other."
    source=$PORTAIL/$serving
    run git -C "$source" fetch -q --tags --force origin
    [ -n "$version" ] || version=$(git -C "$source" tag --list 'v*' --sort=-version:refname | head -n 1)
    [ -n "$version" ] || version=origin/HEAD
    commit=$(git -C "$source" rev-parse --verify -q "$version^{commit}") || stop "il n’y a pas de version $version."
    printf '   %s : %s\n' "$version" "$(git -C "$source" log -1 --format='%h, %cs' "$commit")"
    run rm -rf "$PORTAIL/$other"
    run git clone -q --no-hardlinks "$source" "$PORTAIL/$other"
    run git -C "$PORTAIL/$other" remote set-url origin "$(git -C "$source" remote get-url origin)"
    run git -C "$PORTAIL/$other" checkout -q --detach "$commit"
    run make -s -C "$PORTAIL/$other" install compressed
}

rehearse() {
    step "L’essai, à côté, sur la copie : ses étapes du schéma, puis ses pages. Rien n’en part."
    if [ -n "$server" ]; then
        printf '   (pas d’essai avec PostgreSQL : la copie est dans %s)\n' "$kept"
        return
    fi
    trial=$STATE/essai.db
    run install -o portail -g portail -m 600 "$kept" "$trial"
    PORTAIL_TRIAL=sqlite:///$trial
    export PORTAIL_TRIAL
    flask_of "$other" db upgrade
    flask_of "$other" try
    unset PORTAIL_TRIAL
    run rm -f "$trial" "$trial-wal" "$trial-shm"
}

schema() {
    step "Les étapes du schéma, sur la base : la version en service attend quelques secondes pour écrire."
    flask_of "$other" db upgrade
}

start_other() {
    step "La version $other, à côté de celle qui sert : elle doit répondre avant que personne ne change."
    run systemctl start "portail@$other" || stop "elle ne répond pas ; celle d’avant sert toujours : journalctl -u portail@$other"
}

switch() {
    step "Les nouvelles demandes vont à la nouvelle version ; celles d’avant finissent où elles sont."
    printf 'server 127.0.0.1:%s max_fails=0;\n' "$other" > "$SERVING.new"
    run mv "$SERVING.new" "$SERVING"
    run nginx -qt
    run systemctl reload nginx
    run ln -sfn "$PORTAIL/$other" "$PORTAIL/current"
    run sleep 2
    run systemctl disable --now "portail@$serving"
    run systemctl enable "portail@$other"
    run systemctl restart portail-replique
    run find "$COPIES" -maxdepth 1 -name 'avant-*.db' -mtime +30 -delete  # as plain as the base: not for ever
    printf '\nLa nouvelle version sert. Pour revenir : portail mettre-a-jour --retour\n'
}

version='' back=''
for word in "$@"; do
    case $word in
        --retour) back=yes ;;
        --help | -h) usage && exit ;;
        -*) usage >&2 && exit 2 ;;
        *) version=$word ;;
    esac
done
[ "$(id -u)" = 0 ] || stop 'lancez cette commande comme root.'

choose
if [ -n "$back" ]; then
    step "La version d’avant, $other : sait-elle lire la base d’aujourd’hui ?"
    [ -d "$PORTAIL/$other" ] || stop "il n’y a pas de version d’avant."
    flask_of "$other" db status > /dev/null || stop "elle ne sait pas : remettez la copie d’avant (docs/install.md)."
else
    copy
    fetch
    rehearse
    install_units "$PORTAIL/$other"
    schema
fi
start_other
switch
