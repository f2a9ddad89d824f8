# make run | make test | make help
PYTHON ?= python3
ifdef PORT
export PORT
endif
export PYTHONUTF8 = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
PY = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test lint prove-real prove-real-kill prove-fresh prove-seats prove-crawl prove-faults prove-mail bench-pages prove-mutations bench-extract bench-embed clean prove-duplicates prove-cost prove-processes bench-web bench-scale bench-search bench-import bench-topics

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 18

run: setup  ## set up what is missing, start everything, print the address (PORT=9000 for another port)
	@exec $(PY) -m digest.run

setup:  ## what run and test share: the virtual environment, the embedding model, the translations
	@$(PYTHON) digest/bootstrap.py

setup-dev:
	@$(PYTHON) digest/bootstrap.py --dev

test: setup-dev  ## every test, on real PostgreSQL, Valkey, SMTP and browser
	@$(PY) -m tests.browser
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile $(TESTS)

lint: setup-dev  ## ruff, mypy, import contracts, templates, migrations, translations, third-party text
	@$(PY) -m tests.lint

prove-real: setup-dev  ## crawl, publish and post the real corpus of ../shared over a replica of the web
	@$(PY) -m benchmarks.prove_real

prove-real-kill: setup-dev  ## the same, with kill -9 of the worker three times on the way
	@$(PY) -m benchmarks.prove_real --kill 3

bench-embed: setup-dev  ## the encoder against plain sentence-transformers: speed, quality, memory (BENCH=--short)
	@$(PY) -m benchmarks.embed $(BENCH)

prove-fresh:  ## from nothing to the demo's page: as root and not, closed and open folders, umasks (FRESH=--short)
	@$(PYTHON) -m benchmarks.prove_fresh $(FRESH)

bench-search: setup-dev  ## known-item search over real past issues: words, meaning, both
	@$(PY) -m benchmarks.search

bench-topics: setup-dev  ## filing under topics as corrections come, beside keywords and plain classifiers
	@$(PY) -m benchmarks.topics

bench-scale: setup-dev  ## filing and searching in an archive of 10,000 and 100,000 (BENCH="--sizes …,1000000")
	@$(PY) -m benchmarks.scale $(BENCH)

prove-seats: setup-dev  ## 400 sign-ups by 40 clients for 50 seats beside plain INSERTs, and without the lock (BENCH="--rounds 20")
	@$(PY) -m benchmarks.signup $(BENCH)

prove-crawl: setup-dev  ## every attack case of the crawl and C1 to C8, one table, with negative controls
	@$(PY) -m benchmarks.prove_crawl

prove-faults: setup-dev  ## crawl the corpus while the web misbehaves; judged by what the web saw
	@$(PY) -m benchmarks.prove_faults

prove-mail: setup-dev  ## a mailing under each SMTP fault, and under 50 kills of its senders (PROVE=--short)
	@$(PY) -m benchmarks.prove_mail $(PROVE)

bench-pages: setup-dev  ## pages a minute from URL to filed, at 100 and 1,000 pages
	@$(PY) -m benchmarks.pages

prove-mutations: setup-dev  ## 5,000 cut, flipped, nested and wrongly encoded pages: no exception, no part of an article
	@$(PY) -m benchmarks.mutations $(BENCH)

prove-duplicates: setup-dev  ## copies of every kind, made by program from the corpus: all traced, none of other articles
	@$(PY) -m benchmarks.duplicates $(BENCH)

prove-processes: setup-dev  ## each process and service killed, stopped, and out of room, while the site crawls and mails (PROVE=--short|--full)
	@$(PY) -m benchmarks.prove_processes $(PROVE)

prove-cost: setup-dev  ## every function of outside text against hostile text: linear, and a second at most (COST="--only …")
	@$(PY) -m benchmarks.cost $(COST)

bench-extract: setup-dev  ## time and memory of reading a WeChat page, beside BeautifulSoup, trafilatura, newspaper4k
	@$(PY) -m benchmarks.extract

bench-web: setup-dev  ## the web server beside gunicorn's own worker: speed, and what half-sent requests do (BENCH=--short)
	@$(PY) -m benchmarks.web $(BENCH)

bench-import: setup-dev  ## past issues as they are read, against what people wrote down of them
	@$(PY) -m benchmarks.past_issues

clean:  ## remove the virtual environment and everything under var/
	rm -rf .venv var
