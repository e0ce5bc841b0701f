# The commands of the house. `make run` and `make test` need Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHECKED := learnhub courses question_bank migrations tests benchmarks scripts

.PHONY: run test check chaos a11y bench acceptance install browser screenshots design vendor translations lock migration clean

run: $(VENV)/run.stamp
	@$(BIN)/learnhub db upgrade
	@$(BIN)/learnhub demo
	@$(BIN)/learnhub serve

test: $(VENV)/dev.stamp
	@$(BIN)/python -m scripts.find_chromium
	$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST)

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/djlint learnhub/web/templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.translations --check
	$(MAKE) test

a11y: $(VENV)/dev.stamp
	@$(BIN)/python -m scripts.find_chromium
	$(BIN)/python -m pytest -n auto tests/browser/every_setting.py

chaos: $(VENV)/dev.stamp
	LEARNHUB_CHAOS_SECONDS=$$((60 * $(or $(MINUTES),1))) $(BIN)/python -m pytest -n 0 tests/chaos

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m benchmarks

acceptance: $(VENV)/dev.stamp
	@$(BIN)/python -m scripts.find_chromium
	$(BIN)/python -m scripts.acceptance -n auto --dist worksteal

install: $(VENV)/dev.stamp

screenshots: $(VENV)/dev.stamp
	@$(BIN)/python -m scripts.find_chromium
	$(BIN)/python -m scripts.screenshots
	$(BIN)/python -m scripts.manual_pictures
	$(BIN)/python -m scripts.gallery

design: $(VENV)/dev.stamp
	LEARNHUB_DESIGN=write $(BIN)/python -m pytest tests/browser/test_design.py

vendor: $(VENV)/dev.stamp
	$(BIN)/python -m scripts.vendor

translations: $(VENV)/dev.stamp
	$(BIN)/python -m scripts.translations

migration: $(VENV)/dev.stamp
	$(BIN)/flask --app learnhub.app:create_app db revision --autogenerate -m "$(NAME)"

lock: $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 --quiet -o requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run.stamp
