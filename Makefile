# Two commands are all a new user needs: `make demo` and `make test`. Each installs what it needs into .venv.
.PHONY: demo test dev check fix bench

RUN = .venv/bin

demo: ## The product, the sandbox services and a release a few minutes away
	@tools/install
	@$(RUN)/upbeat demo

test: ## All tests, on SQLite and then on PostgreSQL, in a real browser where one is needed
	@tools/install tests
	@mkdir -p build
	@echo "· Testing on SQLite"
	@$(RUN)/pytest --junitxml=build/tests-sqlite.xml
	@echo "· Testing web, deliveries, drills and a rehearsal on PostgreSQL (a cluster of the tests' own)"
	@$(RUN)/pytest --postgresql --junitxml=build/tests-postgresql.xml tests/web tests/delivery tests/drills \
	    tests/journeys/test_rehearse.py::test_it_plays_on_postgresql_too_and_drops_its_database

dev: ## The product on ./data with the sandbox beside it
	@tools/install
	@$(RUN)/upbeat demo --keep data

check: ## Everything a reviewer's machine can say; changes nothing
	@tools/install
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	@mkdir -p build
	UPBEAT_DATA_DIR=build/check $(RUN)/upbeat manage makemigrations --check --dry-run
	$(RUN)/pytest tests/house

fix: ## Formats and mends what can be mended by itself
	@tools/install
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

bench: ## The fan page against nginx and a bare ASGI app, in one run
	@tools/install
	$(RUN)/python bench/page.py
