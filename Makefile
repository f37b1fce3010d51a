# Every command of this project; `make` alone lists them. Needs GNU make 3.81 (macOS) or later.
#
#   ENV=name        the environment, a file of environments/ (default: local)
#   SUFFIX=name     a copy of the environment beside others, such as a pull request's preview
#   STACKS=a,b      the stacks that `plan`, `review`, `drift` and `deploy` work on (default: all five)
#   CONFIRM=name    answers what `deploy` and `destroy` ask outside `local`: `dev`, or `dev-pr42`
#   ACCEPT=name,... accepts findings of the review, by their names, that stop `deploy`
#   REVIEWED=digest lets `deploy` do only what the review with this digest showed
#   FORMAT=json     makes `deploy`, `outputs` and `settings` print JSON (default: table)
#   DEBUG=1         lets a debugger attach to the function that `dev` runs
#   LEVEL=error     the least severe lines that `logs` prints: debug, info (default), warn or error
#   REQUEST=id      makes `logs` print only the lines of one request or trace
#   SINCE=2h        how far back `logs` begins: 30s, 10m (default), 2h or 1d
#   FOLLOW=no       makes `logs` end after the lines that exist already
#   LOAD_SECONDS=n  how long `load` runs, in seconds (default: 20)
#   FAULTS=1        makes `load` crash the database and rotate its credential
#   RUNS=n          how many runs `bench` counts (default: 5)
#   PYTHON=path     the Python (3.10 or later) from which .venv is made
#
# Settings have variables of their own: PLATFORM__..., LOCAL_AWS_PORT and LOCAL_AWS_URL. Set-up
# reads TERRAFORM_BINARY_NAME, TERRAFORM_RELEASES_URL, TF_PROVIDER_MIRROR and TF_REGISTRY_URL.

.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:

ENV = $(if $(ENVIRONMENT),$(ENVIRONMENT),local)
export ENVIRONMENT := $(ENV)
ifneq ($(SUFFIX),)
export ENVIRONMENT_SUFFIX := $(SUFFIX)
endif
# All other variables reach the commands by themselves, because make exports those that are set.

python := .venv/bin/python
# Runs a command with the project's own Node.js, cdktf and Terraform.
run := $(python) -m commands.toolchain

# --- set-up: each step writes its file below at the end, as the proof that it is done ---
venv := .venv/.complete
packages := local_aws/node_modules/.complete container/node_modules/.complete
terraform := .tools/terraform.lock.hcl
# What the first deployment does not need is installed when it is first needed:
development := .venv/.development-complete
cdktf := node_modules/.complete

# After the virtual environment, the steps run side by side, also if make was not told to.
tools: $(venv) .venv/bin/cdktf
	@$(MAKE) --silent $(if $(filter -j%,$(MAKEFLAGS)),,--jobs=3) $(packages) $(terraform)

# Uninstalling the Python behind .venv leaves .venv/bin/python dangling; then .venv is made again.
$(venv): requirements.lock commands/setup/venv.sh $(shell test -x .venv/bin/python || echo always)
	@sh commands/setup/venv.sh

$(development): requirements-dev.lock $(venv)
	@echo "Installing Python packages for tests and lint into .venv ..." >&2
	@sh commands/setup/python_packages.sh requirements-dev.lock $@

.venv/bin/cdktf: commands/setup/cdktf.sh $(venv)
	@cp commands/setup/cdktf.sh $@.new && chmod 755 $@.new && mv $@.new $@

$(cdktf): package.json package-lock.json commands/setup/npm.sh | $(venv)
	@sh commands/setup/npm.sh . "the cdktf command" commands/setup/terminal_library.sh

container/node_modules/.complete: what := the API's packages
local_aws/node_modules/.complete: what := the embedded AWS's PostgreSQL
%/node_modules/.complete: %/package.json %/package-lock.json commands/setup/npm.sh | $(venv)
	@sh commands/setup/npm.sh $* "$(what)"

# The choice of Terraform and of its provider's source; rewritten only when it changes.
.tools/choices: always
	@mkdir -p .tools
	@printf '%s\n' "$$(command -v terraform)" "$$TERRAFORM_BINARY_NAME" "$$TF_PROVIDER_MIRROR" \
		"$$TF_CLI_CONFIG_FILE" "$$TF_PLUGIN_CACHE_DIR" > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(terraform): .tools/choices .terraform.lock.hcl $(wildcard commands/setup/*.py modules/toolchain/*.py) | $(venv)
	@$(python) -m commands.setup

.PHONY: always tools help setup dev synth plan review drift deploy destroy outputs status logs smoke \
	rotate load settings schema image dashboard local-aws-up local-aws-down test test-fast test-browser lint \
	format guardrails bench lock clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

setup: tools  ## install what the platform needs into the project folder
	@echo "Set-up is complete."

# --- the platform ---
# `exec` lets the command end on Ctrl-C by itself.
dev: tools  ## serve the API's code of this folder at each save, on the embedded AWS
	@exec $(python) -m commands.dev

synth: tools  ## synthesise every stack into cdktf.out, as input for Terraform
	@$(run) python main.py

plan: tools  ## show what `deploy` would change, without changing anything
	@$(python) -m commands.plan

review: tools  ## plan every stack, and say what is at risk: .review/ has it as text, JSON and page
	@$(python) -m commands.review

drift: tools  ## report what was changed outside Terraform, and what `deploy` would change back
	@$(python) -m commands.drift

deploy: tools  ## deploy every stack; outside `local` asks first, unless CONFIRM is set
	@$(python) -m commands.deploy

destroy: tools  ## destroy every stack; outside `local` asks first, unless CONFIRM is set
	@$(python) -m commands.destroy

outputs: tools  ## print the outputs of what is deployed
	@$(python) -m commands.outputs

status: tools  ## show in one screen what is deployed, from which commit, and raised alarms
	@$(python) -m commands.status

logs: tools  ## follow the logs of function, API and database; LEVEL, REQUEST, SINCE select lines
	@$(python) -m commands.logs

smoke: tools  ## check the deployed platform from the outside: health, an order, logs
	@$(python) -m commands.smoke

rotate: tools  ## give the API a new database user and password at once
	@$(python) -m commands.rotate

load: tools  ## send traffic to the embedded AWS and find lost orders; FAULTS=1 adds faults
	@$(python) -m commands.load

settings: tools  ## print the effective settings and where each value comes from
	@$(python) -m commands.settings

schema: tools  ## write the settings' JSON Schema to environments/schema.json, for editors
	@$(python) -m commands.settings --schema

image: tools  ## build and publish the API's image, unless its tag exists
	@$(python) -m commands.image

dashboard: tools  ## render dashboards and alarms as one HTML page; needs no deployment
	@$(python) -m commands.dashboard

local-aws-up: tools  ## start the embedded AWS
	@$(python) -m local_aws up

local-aws-down: tools  ## stop the embedded AWS
	@$(python) -m local_aws down

# --- the code ---
test: tools $(development) $(cdktf)  ## run every test
	@$(python) -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

test-fast: tools $(development) $(cdktf)  ## run the tests that need neither Terraform nor a server
	@$(python) -m pytest --numprocesses 2 -m "not terraform and not local_aws and not slow"

test-browser: tools $(development) $(cdktf)  ## test with a web page in a real browser; needs Debian's package chromium
	@$(python) -m pytest -m browser

lint: $(development)  ## check style, format and types
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m basedpyright

format: $(development)  ## fix style and format where that is automatic
	@$(python) -m ruff check --fix
	@$(python) -m ruff format

guardrails: tools $(development)  ## measure the guardrails' examples, and write docs/guardrails.md anew
	@$(python) -m tests.review.measure
	@$(python) -m review index tests/review/accepted.json > docs/guardrails.md.new
	@mv docs/guardrails.md.new docs/guardrails.md

bench: tools  ## measure what the fast provider bindings save, and how long the guardrails take
	@$(python) -m commands.benchmark
	@$(python) -m commands.benchmark_review

lock: $(venv)  ## resolve pyproject.toml into the lock files anew
	@sh commands/setup/lock.sh

clean:  ## remove what set-up, synthesis and tests wrote; keeps deployed state
	@rm -rf .venv node_modules container/node_modules container/dist local_aws/node_modules .tools .logs .review \
		cdktf.out .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
