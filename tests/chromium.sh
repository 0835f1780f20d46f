#!/bin/sh
# Finds a Chromium for the browser tests, or installs one: the distribution's, else Playwright's.
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" > /dev/null 2>&1 && exit 0
done
if command -v apt-get > /dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-liberation > /dev/null && exit 0
fi
.venv/bin/playwright install --with-deps chromium
