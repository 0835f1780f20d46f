# make help lists what there is. Everything happens in .venv; nothing is installed elsewhere but Chromium for the tests.
PORT ?= 5000
PYTHON ?= python3
BIN = .venv/bin
FLASK = $(BIN)/flask
PIP_INSTALL = pip install --quiet --disable-pip-version-check --require-hashes
# For every Python, system and processor there are files for; none of them says where it is fetched.
LOCK = .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock' $(UPGRADE)
# Each password takes 19 MB for a moment: without the threshold, malloc keeps as much for every thread (146 MB, not 87).
# Granian counts open connections as requests: 1,024 idle browsers would keep everybody else waiting.
SERVER = env MALLOC_MMAP_THRESHOLD_=1048576 $(BIN)/granian --interface asginl --factory --host 127.0.0.1 --port $(PORT) --workers 1 \
	--backlog 1024 --backpressure 8192 --respawn-failed-workers --workers-kill-timeout 5 --no-ws --log-config deploy/logging.json app:serve

.PHONY: help install run code serve simulator test faults rush drill lint lock scan bench validate lighthouse face vendor

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14
	@echo 'PORT=8080 make run, PORT=8080 make serve: another port than 5000'

install: .venv/installed ## the virtual environment and the requirements

.venv/installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/$(PIP_INSTALL) -r requirements.txt
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/$(PIP_INSTALL) -r requirements-dev.txt
	touch $@

compressed: .venv/installed
	@$(BIN)/python -m whitenoise.compress --quiet static

run: install compressed ## the demonstration: invented city, simulated card payments, on http://127.0.0.1:5000
	@exec $(BIN)/python -m demo $(PORT) $(SERVER)

code: install ## the six digits that the demonstration asks of the city's people
	@$(BIN)/python -m demo.staff

serve: install compressed ## the production server on the current settings
	@$(FLASK) db status > /dev/null
	exec $(SERVER)

simulator: install ## only the stand-in for Braintree
	exec $(BIN)/python -m demo.simulator

test: .venv/installed-dev compressed ## all tests, browser included; TESTS=folders, TEST_DATABASE_URL=postgresql://… (tests/postgres.sh)
	@sh tests/machine.sh
	$(BIN)/python -m pytest -n 3 --dist loadgroup $(TESTS)

faults: .venv/installed-dev compressed ## 10,000 payments while everything breaks; prints lost, double, unresolved
	$(BIN)/python -m tests.faults

rush: .venv/installed-dev compressed ## 2,000 households at one opening; RUSH="--city FILE --catalogue FOLDER …" for a town's own
	$(BIN)/python -m tests.rush $(RUSH)

drill: .venv/installed-dev ## install, pay, copy, lose, restore, break, upgrade and return, on a bare root made for it (as root; Debian)
	command -v debootstrap > /dev/null || apt-get install -qy debootstrap
	$(BIN)/python -m tests.drill $(DRILL)

lint: .venv/installed-dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

lock: ## requirements*.txt of requirements*.in, with the hash of every file; UPGRADE=--upgrade takes the newest of what is not named
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -c requirements.txt -o requirements-dev.txt
	$(LOCK) requirements-scan.in -o requirements-scan.txt

scan: .venv/installed-dev .venv-scan/installed compressed ## wapiti, sqlmap, bandit, ruff: fails on what docs/scan-explained.toml does not explain
	$(BIN)/python -m tests.scan

.venv-scan/installed: requirements-scan.txt
	$(PYTHON) -m venv .venv-scan
	.venv-scan/bin/$(PIP_INSTALL) -r requirements-scan.txt
	touch $@

bench: .venv/installed-dev compressed ## measurements, never part of the tests
	$(BIN)/python -m tests.bench

validate: .venv/installed-dev compressed tests/quality/node_modules ## html-validate reads every answer of the page tests (needs Node)
	$(BIN)/python -m tests.quality html

lighthouse: .venv/installed-dev compressed tests/quality/node_modules ## Lighthouse on the residents' pages: 100 in all three (needs Node)
	$(BIN)/python -m tests.quality lighthouse

tests/quality/node_modules: tests/quality/package.json
	npm --prefix tests/quality install --silent --no-package-lock --ignore-scripts
	touch $@

face: .venv/installed-dev compressed ## take the pictures of docs/face.md again
	$(BIN)/python -m tests.quality face

vendor: ## fetch and minify the browser files again (needs Node; nobody else does)
	sh static/vendor/build.sh
