# Shoken: build, run, test, install. The README says what each target shows.
PREFIX ?= /usr
DESTDIR ?=
CONFIGURATION ?= release
BUILD = .build/$(CONFIGURATION)
# OpenMP threads sleep while they wait, instead of taking the processor from others.
export OMP_WAIT_POLICY = passive

.PHONY: help dependencies build run test check bench install format lint

help:
	@echo "make run      build and show the daemon on sample documents"
	@echo "make test     build and test"
	@echo "make bench    measure; Benchmarks/text/run DIRECTORY compares tokenizers with others"
	@echo "make install  install under DESTDIR/PREFIX"
	@echo "make format   format the sources"

dependencies:
	@Scripts/install-dependencies

build: dependencies
	swift build -c $(CONFIGURATION)

run: build
	@Scripts/run-samples

check:
	Scripts/check-floors
	Scripts/check-configuration
	swift format lint --strict --recursive Sources Tests Package.swift

# Tests look inside modules, which programs for use are not built for: hence a folder of their own.
TESTING = -c $(CONFIGURATION) --scratch-path .build-test -Xswiftc -enable-testing

test: dependencies check
	swift build $(TESTING) --build-tests
	Scripts/run-tests $(TESTING)

bench: build
	Benchmarks/run

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/libexec/shoken
	install -m 755 $(BUILD)/shokend $(DESTDIR)$(PREFIX)/sbin/
	install -m 755 $(BUILD)/shokenctl $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(BUILD)/shoken-watch $(DESTDIR)$(PREFIX)/libexec/shoken/
	install -d $(DESTDIR)/etc/shoken $(DESTDIR)$(PREFIX)/lib/systemd/system \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d $(DESTDIR)$(PREFIX)/lib/tmpfiles.d
	install -m 640 etc/shoken/shoken.toml $(DESTDIR)/etc/shoken/
	cp -R etc/shoken/recipes etc/shoken/labels $(DESTDIR)/etc/shoken/
	install -m 644 etc/systemd/system/shokend.service $(DESTDIR)$(PREFIX)/lib/systemd/system/
	install -m 644 etc/sysusers.d/shoken.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/
	install -m 644 etc/tmpfiles.d/shoken.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/
	install -d $(DESTDIR)/var/lib/shoken/models
	cp -R models/. $(DESTDIR)/var/lib/shoken/models/
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 \
	    $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8/

format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Package.swift
