#!/bin/sh
# The demonstration: makes the invented city once, then runs the simulator and the portal until one of them ends.
set -eu
port=$1 bin=$2 server=$3
mark=instance/demo-card.txt
"$bin/flask" db upgrade > /dev/null
if [ ! -s "$mark" ]; then
    folder=$(mktemp -d)
    "$bin/python" -m demo.city "$folder" > "$mark.new"
    for table in cards invoices payments places activities prices registrations reservations; do
        "$bin/flask" import "$table" "$folder/$table.csv" > /dev/null
    done
    rm -r "$folder"
    mv "$mark.new" "$mark"
fi
"$bin/python" -m demo.simulator &
simulator=$!
$server &
portal=$!
trap 'kill $portal $simulator 2>/dev/null; wait' EXIT
trap 'exit 0' INT TERM
echo
echo "  Portail de démonstration : http://127.0.0.1:$port"
sed 's/^/  /' "$mark"
echo "  Carte de crédit d’essai : 4111 1111 1111 1111, expiration à venir, code 123"
echo "  Arrêter : Ctrl+C"
echo
wait $portal
