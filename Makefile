# For GNU make and a POSIX shell. `make` alone prints the targets and the variables.

## a folder's name under experiments/, the path of a folder or a TOML file anywhere, or all
EXPERIMENT ?= signal_propagation
## how many seeds each trial runs (default: as the sweep declares)
SEEDS ?=
## fields of the sweep to override, as in SET='steps=50 width=64' (default: no field)
SET ?=
## the folder that holds the results of all experiments, each in one of its own
RESULTS ?= results
## the folder that holds the reports (default: reports; with SEEDS or SET reports/overridden)
REPORTS ?=
## the interpreter that makes .venv (default: the newest here, from 3.12 on)
PYTHON ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup python sweep report verify smoke test test-all lint typecheck docs conformance \
    bench bench-peers clean

empty :=
space := $(empty) $(empty)
define newline


endef

# A value is text, from here on: make expands nothing in it, it is one line, and a recipe
# passes it on as a single quoted word.
$(foreach variable,EXPERIMENT SEEDS SET RESULTS REPORTS PYTHON,$(eval \
    override $(variable) := $$(subst $$(newline),$$(space),$$(value $(variable)))))
quote = '$(subst ','\'',$(1))'

# A list of make is split at spaces, so a name that has some is kept encoded in it.
encode = $(subst $(space),|space|,$(1))
decode = $(subst |space|,$(space),$(1))
declared := $(patsubst experiments/%/sweep.toml,%,$(wildcard experiments/*/sweep.toml))
chosen = $(or $(patsubst all,$(filter-out smoke,$(declared)),$(call encode,$(EXPERIMENT))),$(error \
    EXPERIMENT names no experiment: give a folder of experiments/, the path of one, or all))
experiment = $(call quote,$(call decode,$(1)))
# A file of a folder has the folder's name before its own: transfer/source.toml is transfer_source.
folder = $(notdir $(patsubst %/,%,$(1)))
name = $(call decode,$(if $(filter %.toml,$(1)),$(call folder,$(dir $(1)))_$(basename $(notdir $(1))),$(call folder,$(1))))
results = $(call quote,$(if $(strip $(RESULTS)),$(RESULTS),results)/$(name))
reports = $(or $(if $(strip $(REPORTS)),$(REPORTS)),$(if $(2),reports/overridden,reports))
bundle = $(call quote,$(reports)/$(name))
options = $(if $(SEEDS), --seeds $(call quote,$(SEEDS)))$(if \
    $(strip $(SET)), --set $(call quote,$(SET)))

bin := .venv/bin

# A name on the path proves nothing: pyenv's shims fail where their version is not chosen, and
# Debian's python3 comes without venv. So each candidate is asked.
define CHECK_PYTHON
import sys
if sys.version_info[:2] < (3, int(sys.argv[1])):
    sys.stdout.write("it is Python %d.%d\n" % sys.version_info[:2])
    sys.exit(3)
try:
    import ensurepip, venv
except ImportError:
    sys.stdout.write("it lacks the venv module\n")
    sys.exit(3)
endef

# Arguments: the lowest minor version of Python 3, and the interpreter named, if one is.
define FIND_PYTHON
minimum=$$1 named=$$2 found= tried=
candidates() {
    [ -z "$$named" ] || { printf '%s\n' "$$named"; return; }
    for minor in 14 13 12 11 10; do
        [ $$minor -lt $$minimum ] || echo python3.$$minor
    done
    printf '%s\n' "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.*[0-9]/bin/python3 | sort -rV
    echo python3
}
while IFS= read -r python; do
    if ! command -v "$$python" > /dev/null; then
        [ -z "$$named" ] || tried="
  $$python: not found"
    elif reason=$$("$$python" -c "$$CHECK_PYTHON" $$minimum 2> /dev/null < /dev/null); then
        printf '%s\n' "$$python"
        found=yes
    else
        [ $$? -eq 3 ] || reason="it does not run"
        tried="$$tried
  $$python: $$reason"
    fi
done << end
$$(candidates)
end
[ -z "$$found" ] || exit 0
cat >&2 << end
initlab needs Python 3.$$minimum or newer with its venv module, and found none. Tried:$${tried:- nothing, for
no python3 is on the path.}
Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python;
anywhere: pyenv install 3.13), or name one: make setup PYTHON=/path/to/python3
end
exit 1
endef
export CHECK_PYTHON FIND_PYTHON
find_python = $(SHELL) -c "$$FIND_PYTHON" find_python $(1) $(call quote,$(PYTHON))

# Prints its arguments as a person would type them, and runs them.
define SHOW
before=
for word; do
    case $$word in
        *[!A-Za-z0-9_./=,:@%+-]* | '')
            printf "$$before'%s'" "$$(printf '%s' "$$word" | sed "s/'/'\\\\''/g")" ;;
        *) printf "$$before%s" "$$word" ;;
    esac
    before=' '
done
echo
exec "$$@"
endef
export SHOW
initlab = $(SHELL) -c "$$SHOW" show $(bin)/initlab

define run_command
$(initlab) run $(experiment) --results $(results)$(2)
endef
define report_command
$(initlab) report $(experiment) --results $(results) --out $(bundle)$(2)
endef
define verify_commands
$(initlab) verify $(results) && $(initlab) verify $(bundle)
endef

# Exit code 1 says that some groups failed: the report tells of them, so it is written.
define sweep_commands
$(run_command) || { status=$$?; [ $$status -eq 1 ] || exit $$status; }; \
    $(report_command) --if-changed
endef
for_each_chosen = $(foreach each,$(chosen),$(call $(1),$(each),$(options)) || exit; )

help: ## print the targets and the variables
	@awk ' \
	    /^[a-z-]+:.*## / { split($$0, part, ":.*## "); \
	        targets = targets sprintf("  %-13s%s\n", part[1], part[2]) } \
	    /^## / { text = substr($$0, 4) } \
	    /^[A-Z]+ [?]=/ { value = $$0; sub(/^[A-Z]+ [?]= */, "", value); \
	        variables = variables sprintf("  %-13s%s%s\n", $$1, text, \
	            value == "" ? "" : " (default: " value ")") } \
	    END { printf "make TARGET [VARIABLE=value]...\n\nTargets\n%s\nVariables\n%s", \
	        targets, variables }' Makefile

setup: .venv/stamp ## make the environment .venv out of the locked requirements

python: ## print the interpreter that setup would take
	@python=$$($(call find_python,12)) || exit; printf '%s\n' "$$python" | head -n 1

sweep: | .venv/stamp ## run an experiment's sweep, or go on with it, and write its report
	@status=0; $(call for_each_chosen,sweep_commands)exit $$status

report: | .venv/stamp ## write the report of the results that are there
	@$(call for_each_chosen,report_command):

verify: | .venv/stamp ## check that results and report are what was written
	@$(call for_each_chosen,verify_commands):

smoke: | .venv/stamp ## the whole path, from sweep to report, in under a minute
	@$(call run_command,smoke)
	@$(call report_command,smoke)

test: | .venv/stamp ## the fast tests, in minutes
	$(bin)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-all: | .venv/stamp ## every test, those that train included
	JAX_DISABLE_MOST_OPTIMIZATIONS=0 $(bin)/python -m pytest -n 2 --dist loadfile

lint: | .venv/stamp ## ruff's rules and format, and the types
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy

typecheck: | .venv/stamp ## the types alone
	$(bin)/mypy

# What the gallery shows: a sweep whole, and a part of the default one.
part = --set 'activation=["relu"] depth=[20] steps=20'
define gallery_report
$(bin)/initlab run $(1) --results build/docs/results/$(1) $(2)
$(bin)/initlab report $(1) --results build/docs/results/$(1) --out build/docs/reports/$(1) --if-changed $(2)
endef

docs: .venv/docs | .venv/stamp ## run the tutorial and the examples in docstrings, and make pages in build/docs
	$(bin)/python -m pytest --doctest-modules initlab
	$(bin)/python -m pytest tests/test_tutorial.py
	$(call gallery_report,smoke)
	$(call gallery_report,signal_propagation,$(part))
	$(bin)/python -m sphinx --quiet --fail-on-warning docs build/docs/html
	@! grep -rE --include='*.html' '<(script|link|img)[^>]+(src|href)="https?:' build/docs/html || \
	    { echo "The pages above load something from the network" >&2; exit 1; }
	@echo "The pages begin with build/docs/html/index.html"

conformance: | .venv/stamp ## measure the initializers of Flax, PyTorch and Keras against their laws
	@$(bin)/python -m scripts.conformance

bench: | .venv/stamp ## measure the laboratory's own speed
	$(bin)/python -m benchmarks

bench-peers: | .venv-peers/stamp ## measure PyTorch at the same tasks, in an environment of its own
	.venv-peers/bin/python -m benchmarks.peers

clean: ## remove caches, builds and reports; never results, nor .venv
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist docs/made reports/index.html
	find $(wildcard initlab docs experiments scripts tests benchmarks) -name __pycache__ -prune \
	    -exec rm -rf {} +
	for bundle in reports/*/; do \
	    [ ! -d "$$bundle" ] || [ -n "$$(find "$$bundle" -name groups)" ] || rm -rf "$$bundle"; \
	done

# uv is quick but does not read pip's configuration: where only that knows the way to the
# packages, pip installs them. Both check every file against its hash.
.venv/stamp: pyproject.toml requirements/dev.txt requirements/setup.txt
	@$(bin)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || { \
	    python=$$($(call find_python,12)) || exit; \
	    python=$$(printf '%s\n' "$$python" | head -n 1); \
	    echo "Making .venv with $$python"; \
	    "$$python" -m venv --clear .venv; }
	$(bin)/python -m pip install --quiet --require-hashes -r requirements/setup.txt
	$(bin)/uv pip sync --quiet --python $(bin)/python --require-hashes requirements/dev.txt || \
	    $(bin)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(bin)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/docs: requirements/docs.txt .venv/stamp
	$(bin)/uv pip install --quiet --python $(bin)/python --require-hashes -r requirements/docs.txt || \
	    $(bin)/python -m pip install --quiet --require-hashes -r requirements/docs.txt
	@touch $@

# In an interpreter that has a CPU build of PyTorch: the other builds weigh gigabytes.
.venv-peers/stamp:
	@version=2.13.0+cpu; [ "$$(uname)" = Linux ] || version=2.13.0; \
	$(call find_python,10) | { \
	    while IFS= read -r python; do \
	        "$$python" -m venv --clear .venv-peers && \
	        .venv-peers/bin/python -m pip install --quiet numpy "torch==$$version" < /dev/null && \
	        touch $@ && exit; \
	    done; \
	    echo "No interpreter found here can install torch $$version, the peer to measure." >&2; \
	    exit 1; }
