# Every command of this project; `make` alone lists them. Works with GNU make 3.81 (macOS) and later.
#
#   ENV=name      the environment, a file of environments/ (default: local)
#   SUFFIX=name   a copy of the environment beside others, such as a pull request's preview
#   FORMAT=json   how `outputs` and `settings` print (default: a table)
#   LOAD_SECONDS  how long `load` runs (default: 20); FAULTS=1 lets the database crash meanwhile
#   CONFIRM=name  answers the question that `destroy` asks outside `local`
#   PYTHON=path   the Python (3.10 or later) that .venv is made from

.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:

ENV = $(if $(ENVIRONMENT),$(ENVIRONMENT),local)
export ENVIRONMENT := $(ENV)
ifneq ($(SUFFIX),)
export ENVIRONMENT_SUFFIX := $(SUFFIX)
endif
# make passes FORMAT, LOAD_SECONDS, FAULTS, CONFIRM and PYTHON on to the commands by itself, and only if they are set

python := .venv/bin/python
# runs a command with the project's own Node.js, cdktf and Terraform
run := $(python) -m commands.toolchain

# --- set-up: each file below is the proof that its step is done, written at the step's end ---
venv := .venv/.complete
node_modules := node_modules/.complete
terraform := .tools/terraform.lock.hcl
tools := $(venv) .venv/bin/cdktf $(node_modules) $(terraform)

# (a Python that was uninstalled since leaves .venv/bin/python dangling)
$(venv): requirements.lock commands/setup/venv.sh $(shell test -x .venv/bin/python || echo always)
	@sh commands/setup/venv.sh

.venv/bin/cdktf: commands/setup/cdktf.sh $(venv)
	@cp commands/setup/cdktf.sh $@.new && chmod 755 $@.new && mv $@.new $@

$(node_modules): package.json package-lock.json container/package.json container/package-lock.json \
		commands/setup/node_modules.sh | $(venv)
	@sh commands/setup/node_modules.sh

# What decides which Terraform and which source of its provider are used; rewritten only on a change.
.tools/choices: always
	@mkdir -p .tools
	@printf '%s\n' "$$(command -v terraform)" "$$TERRAFORM_BINARY_NAME" "$$TF_PROVIDER_MIRROR" \
		"$$TF_CLI_CONFIG_FILE" "$$TF_PLUGIN_CACHE_DIR" > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(terraform): .tools/choices .terraform.lock.hcl $(wildcard commands/setup/*.py modules/toolchain/*.py) | $(venv)
	@$(python) -m commands.setup

.PHONY: always help setup synth plan deploy destroy outputs smoke rotate load settings image \
	dashboard local-aws-up local-aws-down test test-fast test-browser lint format bench lock clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

setup: $(tools)  ## install everything into the project folder; again: nothing to do
	@echo "Set-up is complete."

# --- the platform ---
synth: $(tools)  ## write Terraform's input to cdktf.out
	@$(run) python main.py

plan: $(tools)  ## show what deploy would change; changes nothing
	@$(python) -m commands.plan

deploy: $(tools)  ## deploy every stack and print the outputs
	@$(python) -m commands.deploy

destroy: $(tools)  ## destroy every stack; asks first outside `local`, unless CONFIRM names the environment
	@$(python) -m commands.destroy

outputs: $(tools)  ## print the deployed outputs
	@$(python) -m commands.outputs

smoke: $(tools)  ## check the deployed platform from the outside: health, a signed-in order, its logs
	@$(python) -m commands.smoke

rotate: $(tools)  ## give the API another database user and password, now
	@$(python) -m commands.rotate

load: $(tools)  ## put load on the platform in the embedded AWS, with FAULTS=1 also faults, and count
	@$(python) -m commands.load

settings: $(tools)  ## print the effective settings and where each comes from
	@$(python) -m commands.settings

image: $(tools)  ## build and publish the API's image, unless its tag exists
	@$(python) -m commands.image

dashboard: $(tools)  ## show dashboards and alarms on one page, before anything is deployed
	@$(python) -m commands.dashboard

local-aws-up: $(tools)  ## start the embedded AWS
	@$(python) -m local_aws up

local-aws-down: $(tools)  ## stop the embedded AWS
	@$(python) -m local_aws down

# --- the code ---
test: $(tools)  ## run every test
	@$(python) -m pytest --numprocesses 2 --dist loadfile

test-fast: $(tools)  ## run the quick tests: no Terraform, no server
	@$(python) -m pytest -m "not terraform and not local_aws and not slow"

test-browser: $(tools)  ## test with a web page in a real browser; needs Debian's package chromium
	@$(python) -m pytest -m browser

lint: $(venv)  ## check style, format and types
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m basedpyright

format: $(venv)  ## rewrite the code in the project's format
	@$(python) -m ruff check --fix
	@$(python) -m ruff format

bench: $(tools)  ## compare stock and fast provider bindings
	@$(python) -m commands.benchmark

lock: $(venv)  ## re-make requirements.lock from pyproject.toml
	@sh commands/setup/lock.sh

clean:  ## remove what set-up, synthesis and tests made; deployed state stays
	@rm -rf .venv node_modules container/node_modules container/dist .tools cdktf.out .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
