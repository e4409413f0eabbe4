# make demo: set up, and find the hotspots of the example month.   make test: set up, and pass the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/wengyuan-2022-06
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test test-slow check lint model routing wording emergency report notebooks clean

demo: $(VENV)/.demo
	$(BIN)/hotspot detect $(EXAMPLE)/orders.csv --month 2022-06 \
		--settings $(EXAMPLE)/settings.toml --top 2 --out out/demo
	@cat out/demo/focus.md

test: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not slow"

# make test-slow: the tests that take more than a few seconds each (notebooks, browser, replays of whole months).
test-slow: $(VENV)/.dev
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test test-slow

# make model TEXT=folder [EXCLUDE=file] [WITHHOLD=file] [START=folder]: train the sentence model again from a folder of
# complaint texts; with START only refine the model of that folder.
model: $(VENV)/.train
	$(BIN)/python models/train_sentence.py --text $(TEXT) $(if $(EXCLUDE),--exclude $(EXCLUDE)) \
		$(if $(WITHHOLD),--withhold $(WITHHOLD)) $(if $(START),--start $(START)) \
		--cache $(or $(CACHE),build/teachers)

# make routing DATA=folder: train the shipped routing models again.
routing: $(VENV)/.dev
	$(BIN)/python models/train_routing.py --data $(DATA)

# make emergency: train the model of what an emergency is again.
emergency: $(VENV)/.dev
	$(BIN)/python models/train_emergency.py

# make wording DATA=folder: train the model of what can stand in a report again.
wording: $(VENV)/.dev
	$(BIN)/python models/train_wording.py --data $(DATA)

# make report: the example month's report as Word, web page and Markdown.
report: $(VENV)/.demo
	$(BIN)/hotspot report $(EXAMPLE)/orders.csv --month 2022-06 --settings $(EXAMPLE)/settings.toml \
		--knowledge $(EXAMPLE)/knowledge.csv --out $(EXAMPLE)/report.docx --out $(EXAMPLE)/report.html \
		--out $(EXAMPLE)/report.md

# make notebooks: run the notebooks again, in place.
notebooks: $(VENV)/.dev
	$(BIN)/python notebooks/run.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e ".[dev]"
	touch $@ $(VENV)/.demo

$(VENV)/.train: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e ".[train]"
	touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
