#!/bin/sh
# Write the vendored browser scripts beside this file, and the simulator's card-field frame.
# Needs Node.js with npm. Everything is fetched and built in a temporary folder.
set -eu
vendor=$(cd "$(dirname "$0")" && pwd)
simulator="$vendor/../../demo/simulator"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$vendor/package.json" "$vendor/package-lock.json" "$work/"
cp "$simulator/frame/main.js" "$simulator/frame/card.js" "$work/"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
modules=node_modules

for name in client hosted-fields; do
    $modules/.bin/terser "$modules/braintree-web/dist/browser/$name.js" --compress passes=2 --mangle \
        --output "$vendor/braintree-$name.min.js"
done
$modules/.bin/terser "$modules/altcha/dist/workers/pbkdf2.js" --compress --mangle --output "$vendor/altcha-pbkdf2.js"
grep -v '^//# sourceMappingURL=' "$modules/htmx.org/dist/htmx.min.js" > "$vendor/htmx.min.js"

mkdir -p "$simulator/static"
$modules/.bin/esbuild main.js --bundle --format=iife --target=es2019 --minify --legal-comments=none --log-level=warning \
    --outfile="$simulator/static/frame.js"

for package in braintree-web htmx.org framebus card-validator credit-card-type; do
    cp "$modules/$package/LICENSE" "$vendor/LICENSE-$package"
done
cp "$modules/altcha/LICENSE.txt" "$vendor/LICENSE-altcha"
