#!/bin/sh
# Finds what the tests need of the machine, or installs it: a Chromium (the distribution's, else Playwright's), nginx
# and sshd.
set -eu
missing=''
command -v chromium > /dev/null 2>&1 || command -v chromium-browser > /dev/null 2>&1 \
    || command -v google-chrome > /dev/null 2>&1 || missing='chromium fonts-liberation'
PATH=$PATH:/usr/sbin command -v nginx > /dev/null 2>&1 || missing="$missing nginx"
PATH=$PATH:/usr/sbin command -v sshd > /dev/null 2>&1 || missing="$missing openssh-server"
[ -n "$missing" ] || exit 0
if command -v apt-get > /dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    # shellcheck disable=SC2086  # several words
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing > /dev/null && exit 0
fi
case $missing in
    *chromium*) .venv/bin/playwright install --with-deps chromium ;;
    *) echo "manque :$missing ; leurs essais sont sautés" >&2 ;;
esac
