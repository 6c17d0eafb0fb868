# The commands behind these stand in the README; here they get an environment of their own.
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: demo test soak lint bench clean

demo: $(VENV)/ready  ## the whole chain on the embedded dataset, and a report at the end
	snakemake --cores all --resources gpu=1
	@echo "Open results/report.html"

test: $(VENV)/ready  ## all tests
	pytest

soak: demo  ## kills and interrupts at far more moments than `test` tries, the demo killed twenty times
	YT8M_SOAK=1 YT8M_DEMO=results pytest -n 0 tests/workflow/test_kills.py \
		tests/workflow/test_interrupts.py

lint: $(VENV)/ready  ## style of the library and of the workflow
	ruff check .
	ruff format --check .
	snakefmt --check --diff Snakefile workflow
	snakemake --lint

bench: $(VENV)/ready  ## how fast it is, beside what one would write without it
	python -m benchmarks

# --no-compile: Python compiles what is imported when it is, in a fifth of the time for all.
$(VENV)/ready: requirements.lock pyproject.toml
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --no-compile --require-hashes -r requirements.lock
	$(VENV)/bin/pip install --no-deps --no-build-isolation -e .
	touch $@

clean:  ## everything that was made, the environment too
	rm -rf $(VENV) results .snakemake
