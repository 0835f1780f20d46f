#!/bin/sh
# Installs the portal on a fresh Debian 12 or Ubuntu 24.04, from a checkout of it: sh deploy/install.sh dossier.ville.qc.ca
# Run again, it changes only what is missing. It writes in French what each step is for. The steps are at the end.
set -eu
umask 022

FIRST=5000
source=$(cd "$(dirname "$0")/.." && pwd)
domain='' public=yes
. "$source/deploy/steps.sh"

usage() {
    cat <<'END'
sh deploy/install.sh DOMAINE [--dry-run] [--self-signed]

  DOMAINE        le nom public du portail, comme dossier.ville.qc.ca
  --dry-run      dire chaque étape et chaque commande, sans rien faire
  --self-signed  garder le certificat d’essai : le nom ne mène pas encore à cette machine
END
}

there() {  # whether a file or a folder stands already; a dry run says everything
    [ -z "$dry" ] && [ -e "$1" ]
}

write() {  # MODE TARGET: what comes in, in a file that is the city's from then on
    if there "$2"; then
        printf '   %s existe : laissé tel quel\n' "$2"
        cat > /dev/null
    elif [ -n "$dry" ]; then
        printf '   + écrire %s (mode %s)\n' "$2" "$1"
        cat > /dev/null
    else
        printf '   + écrire %s (mode %s)\n' "$2" "$1"
        install -m "$1" /dev/null "$2"
        cat > "$2"
    fi
}

origin() {  # where updates come from: the checkout's own origin, else the checkout
    git -c "safe.directory=$source" -C "$source" remote get-url origin 2> /dev/null || printf '%s' "$source"
}

packages() {
    step "Les paquets : git et make prennent le portail, python3-venv le fait tourner, nginx et certbot lui donnent https."
    run apt-get update -q
    run env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends \
        git make python3-venv nginx certbot openssl ca-certificates openssh-client
}

account() {
    step "Le compte du service, portail : il n’a que ses données, et ne peut rien changer du programme."
    id portail > /dev/null 2>&1 || run useradd --system --user-group --home-dir "$STATE" --shell /usr/sbin/nologin portail
    run install -d -o portail -g portail -m 700 "$STATE" "$COPIES"
    run install -d -o portail -g portail -m 3770 /srv/portail-depot  # sticky: who drops files there moves none of ours
    run install -d -m 755 /etc/portail-correspondances
    run install -d -m 755 "$PORTAIL" "$PAGES/panne" /var/www/certbot
    run install -d -m 700 "$TLS"
}

program() {
    step "Le programme, à root : dans le dossier du port où il sert. Une mise à jour prend l’autre, $((FIRST + 1))."
    if there "$PORTAIL/current"; then
        printf '   déjà là ; pour une nouvelle version : portail mettre-a-jour\n'
    else
        run rm -rf "$PORTAIL/$FIRST"
        run git -c "safe.directory=$source" clone -q --no-hardlinks "$source" "$PORTAIL/$FIRST"
        run git -C "$PORTAIL/$FIRST" remote set-url origin "$(origin)"
        run make -s -C "$PORTAIL/$FIRST" install compressed
        run ln -sfn "$PORTAIL/$FIRST" "$PORTAIL/current"
    fi
    run ln -sfn "$PORTAIL/current/deploy/portail" /usr/local/bin/portail
    write 644 "$SERVING" <<END
server 127.0.0.1:$FIRST max_fails=0;
END
}

settings() {
    step "Les réglages : $SETTINGS (le secret est tiré au sort ici) et $CITY. « portail configurer » demande les autres."
    write 600 "$SETTINGS" <<END
SECRET_KEY=$(od -vAn -N36 -tx1 /dev/urandom | tr -d ' \n')
PUBLIC_URL=https://$domain
DATABASE_URL=sqlite:///$STATE/guichet.db
CITY_FILE=$CITY
TRUSTED_PROXIES=1
MAIL_URL=
BRAINTREE_ENVIRONMENT=sandbox
BRAINTREE_MERCHANT_ID=
BRAINTREE_PUBLIC_KEY=
BRAINTREE_PRIVATE_KEY=
BRAINTREE_MERCHANT_ACCOUNT_ID=
END
    write 644 "$CITY" < "$source/city.toml"
}

units() {
    step "Les services : le portail, relancé quand il tombe ou se tait, ses copies, un courriel quand ils échouent."
    install_units "$source"
    run systemctl enable --now portail-copie.timer portail-exercice.timer portail-releve.timer
    run systemctl enable portail-replique
}

proxy() {
    step "nginx : https, des limites par adresse, et une page de la Ville quand le portail ne répond pas."
    if ! there "$TLS/fullchain.pem"; then
        run openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$domain" \
            -addext "subjectAltName=DNS:$domain" -keyout "$TLS/privkey.pem" -out "$TLS/fullchain.pem"
    fi
    printf '   + écrire /etc/nginx/sites-available/portail\n'
    [ -n "$dry" ] || sed "s/dossier\.example\.ca/$domain/" "$source/deploy/nginx.conf" > /etc/nginx/sites-available/portail
    run ln -sfn ../sites-available/portail /etc/nginx/sites-enabled/portail
    run rm -f /etc/nginx/sites-enabled/default
    run nginx -qt
    run systemctl reload-or-restart nginx
}

certificate() {
    step "Le certificat, de Let’s Encrypt, renouvelé de lui-même."
    if [ -z "$public" ]; then
        printf '   certificat d’essai gardé : relancez sans --self-signed quand %s mènera ici\n' "$domain"
        return
    fi
    run certbot certonly --webroot -w /var/www/certbot -d "$domain" --non-interactive --agree-tos \
        --register-unsafely-without-email --keep-until-expiring --deploy-hook "systemctl reload nginx"
    for half in fullchain privkey; do
        run ln -sfn "/etc/letsencrypt/live/$domain/$half.pem" "$TLS/$half.pem"
    done
    run systemctl reload nginx
}

base() {
    step "La base de données et le démarrage, quand les réglages sont complets."
    if ! run portail db upgrade; then
        printf '\nIl reste les réglages : « portail configurer », puis relancez ce script.\n'
        return
    fi
    for page in panne paiement trop entretien; do
        printf '   + écrire %s\n' "$PAGES/panne/$page.html"
        [ -n "$dry" ] || portail outage "$page" 2> /dev/null > "$PAGES/panne/$page.html"
    done
    port=$(sed -n 's/^server 127.0.0.1:\([0-9]*\).*/\1/p' "$SERVING" 2> /dev/null || printf '%s' "$FIRST")
    run systemctl enable --now "portail@$port"
    run systemctl restart portail-replique
    printf '\nLe portail est en place : https://%s\n' "$domain"
}

firewall() {
    step "Le pare-feu : ces lignes sont à vous, pour ne pas vous fermer la porte d’ici."
    printf '   apt-get install ufw && ufw allow OpenSSH && ufw allow 80/tcp && ufw allow 443/tcp && ufw enable\n'
}

for word in "$@"; do
    case $word in
        --dry-run) dry=yes ;;
        --self-signed) public='' ;;
        --help | -h) usage && exit ;;
        -*) usage >&2 && exit 2 ;;
        *) domain=$word ;;
    esac
done
printf '%s' "$domain" | grep -Eqx '([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}' || { usage >&2; exit 2; }
[ -n "$dry" ] || [ "$(id -u)" = 0 ] || stop 'lancez ce script comme root.'

packages
account
program
settings
units
proxy
certificate
base
firewall
