# Russia and Pakistan: A Relationship in Evidence. `make book` and `make test` do all set-up.
PYTHON ?= $(if $(filter Windows_NT,$(OS)),python,python3)
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
NOTEBOOKS := $(wildcard chapters/*.ipynb)
JOBS ?= 2
export PYTHONPATH := chapters
export PYTHONHASHSEED := 0
# Windows would else read and write files in its own encoding.
export PYTHONUTF8 := 1
# Opt out of the frozen-modules warning of the debugger, which notebooks would print.
export PYDEVD_DISABLE_FILE_VALIDATION := 1

.DEFAULT_GOAL := book
.PHONY: FORCE book pdf epub bench test data notebooks lab lint lock clean dataset links audit
.DELETE_ON_ERROR:

# Say what runs and how long it took.
define step
@printf '%s …\n' "$(1)"; start=$$(date +%s); $(2); code=$$?; \
printf '%s: %s s\n' "$(1)" "$$(( $$(date +%s) - start ))"; exit $$code
endef

$(VENV)/.ready: requirements.txt
	@printf 'Packages (a few minutes the first time) …\n'
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || \
	  { echo 'Python 3.11 to 3.14 is needed; name one with make PYTHON=python3.12'; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

# Changed data or code: check the data, and render every page anew.
_build/.data: $(VENV)/.ready _config.yml $(wildcard data/*.csv) data/datapackage.json $(wildcard chapters/relations/*.py)
	$(call step,Dataset,$(BIN)/python -m relations.checks)
	@rm -rf _build/html _build/work && mkdir -p _build && touch $@

data: $(VENV)/.ready
	$(call step,Dataset,$(BIN)/python -m relations.checks)

# Warnings are errors. A failed build leaves no pages behind, so that the next one starts clean.
INDEX := _build/html/index.html
book: $(INDEX)
	@echo "The book: file://$(CURDIR)/$(INDEX)"

$(INDEX): $(VENV)/.ready _build/.data _build/.address _toc.yml $(NOTEBOOKS) $(wildcard chapters/*.md _static/*)
	$(call step,Book,$(BIN)/python -m relations.build)
	@touch $@

# The same pages as one PDF, and as an EPUB.
pdf: book
	$(call step,PDF,$(BIN)/python -m relations.printing)

epub: book
	$(call step,EPUB,$(BIN)/python -m relations.epub)

# Where the book is published is part of its pages.
_build/.address: FORCE
	@mkdir -p _build
	@echo "$(BOOK_REPOSITORY) $(BOOK_URL)" | cmp -s - $@ || echo "$(BOOK_REPOSITORY) $(BOOK_URL)" > $@
FORCE:

# Every notebook from a fresh kernel, in parallel; outputs are written only if all succeed.
notebooks: $(VENV)/.ready _build/.data
	$(call step,Notebooks,$(BIN)/python -m relations.execute --jobs $(JOBS) $(NOTEBOOKS))

test: book
	$(call step,Lint,$(BIN)/ruff check --quiet .)
	$(call step,Browser,$(BIN)/python tests/browser.py)
	$(call step,Notebooks as published,$(BIN)/pytest -q --nbval -n $(JOBS) --dist loadfile -p no:cacheprovider $(NOTEBOOKS) || \
	  { echo 'Where outputs differ: run make notebooks and read what has changed.'; false; })
	$(call step,Tests,$(BIN)/pytest -q -n $(JOBS) --dist worksteal tests)

# Speed, against the stock way of doing the same: half an hour, best on an idle machine.
bench: book
	$(call step,Browser,$(BIN)/python tests/browser.py)
	$(call step,Bench,$(BIN)/python tests/bench.py)

lab: $(VENV)/.ready
	$(BIN)/jupyter lab chapters/index.ipynb

lint: $(VENV)/.ready
	$(BIN)/ruff check .

# Renew the lock file within the bounds of pyproject.toml.
lock: $(VENV)/.ready
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-emit-index-url --custom-compile-command "make lock" --upgrade pyproject.toml -o requirements.txt

# The tables with all that explains them, as one zip.
dataset: $(VENV)/.ready _build/.data
	$(call step,Archive,$(BIN)/python -m relations.archive)

# Links to other hosts: a broken one is reported and fails nothing, for pages move.
LINKS := _build/links/_build/html/output.txt
links: $(VENV)/.ready
	@rm -rf _build/links && mkdir -p _build/links
	$(call step,Links,$(BIN)/jupyter-book build . --quiet --builder linkcheck --path-output _build/links >_build/links/log.txt 2>&1 || test -f $(LINKS))
	@echo "$$(grep -c -e '\[broken\]' -e '\[timeout\]' $(LINKS)) links do not answer: $(LINKS)"

# Known vulnerabilities of the locked packages; asks the public advisories. A package that they
# cannot look up fails it too.
audit: $(VENV)/.ready
	$(BIN)/uv tool run --from 'pip-audit>=2.9,<3' pip-audit --strict --progress-spinner off \
	  --disable-pip --require-hashes -r requirements.txt

clean:
	rm -rf _build .pytest_cache .ruff_cache .hypothesis
