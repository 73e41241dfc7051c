# `make run` sets everything up and opens the app; `make test` sets everything up and runs every check.
# A machine needs Python 3.11 or newer beforehand, and make. PYTHON chooses the Python, ARGS go to the command:
#   make run PYTHON=/usr/bin/python3.12 ARGS="--port 5007"
#   make unit ARGS="-k raster"

PYTHON ?= python3
ARGS ?=
VENV := .venv/bin/python
UV_COMPILE := $(VENV) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: run test test-hosting audit check unit browser bench ready ready-test ready-hosting lock clean

run: ready
	$(VENV) -m vizapp serve $(ARGS)

# In the order of their patience.
test: check unit browser

check: ready-test
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	$(VENV) tools/typescript.py

unit: ready-test
	$(VENV) -m pytest -n 2 --ignore=tests/browser $(ARGS)

browser: ready-test
	$(VENV) tests/browser/chromium.py
	$(VENV) -m pytest tests/browser $(ARGS)

# What takes minutes, and real servers of other makers. See docs/hosting.md.
test-hosting: ready-test ready-hosting
	$(VENV) tests/browser/chromium.py
	$(VENV) tests/browser/hosting/parts.py
	$(VENV) -m pytest -m hosting --ignore=tests/browser $(ARGS)
	$(VENV) -m pytest -m hosting tests/browser $(ARGS)

audit: ready-test
	$(VENV) tools/audit.py

bench: ready-test
	$(VENV) -m vizapp bench $(ARGS)

ready:
	@$(PYTHON) tools/prepare.py run

ready-test:
	@$(PYTHON) tools/prepare.py test

ready-hosting:
	@$(PYTHON) tools/prepare.py hosting

# Newer versions of everything; try them, and commit what changes in requirements/.
lock: ready-test
	$(VENV) -m pip install --quiet uv
	$(UV_COMPILE) --upgrade pyproject.toml requirements/build.in -o requirements/run.txt
	$(UV_COMPILE) --upgrade --extra test -c requirements/run.txt pyproject.toml requirements/build.in \
		-o requirements/test.txt
	$(UV_COMPILE) --upgrade --extra hosting -c requirements/test.txt pyproject.toml -o requirements/hosting.txt
	$(UV_COMPILE) --upgrade requirements/node.in -o requirements/node.txt

clean:
	rm -rf .venv build dist vizapp/views/dist vizapp/views/js/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find vizapp tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
