# What install.sh and update.sh share: where everything stands, and how a step is said and done. Read by them, never run.
PORTAIL=/opt/portail STATE=/var/lib/portail COPIES=/var/backups/portail PAGES=/var/www/portail
SETTINGS=/etc/portail.env CITY=/etc/portail-city.toml TLS=/etc/portail-tls SERVING=/etc/portail-serving.conf
number=0 dry=''

step() {  # what it is for
    number=$((number + 1))
    printf '\n%s. %s\n' "$number" "$*"
}

run() {  # a command, said first
    printf '   + %s\n' "$*"
    [ -n "$dry" ] || "$@"
}

stop() {
    printf 'Arrêt : %s\n' "$*" >&2
    exit 1
}

put() {  # MODE SOURCE TARGET: a file that is the portal's own
    run install -m "$1" "$2" "$3"
}

install_units() {  # FOLDER: a version's own units
    for unit in "$1"/deploy/*.service "$1"/deploy/*.timer; do
        put 644 "$unit" "/etc/systemd/system/$(basename "$unit")"
    done
    run install -d -m 755 /etc/systemd/system/portail-.service.d
    put 644 "$1/deploy/portail-.service.d/apart.conf" /etc/systemd/system/portail-.service.d/apart.conf
    run systemctl daemon-reload
}
