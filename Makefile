# Shoken: build, run, test, install. The README says what each target shows.
PREFIX ?= /usr
DESTDIR ?=
CONFIGURATION ?= release
BUILD = .build/$(CONFIGURATION)
# OpenMP threads sleep while they wait, instead of taking the processor from others.
export OMP_WAIT_POLICY = passive

.PHONY: help dependencies build run test check bench torture install deb test-boot test-review format lint help-texts

help:
	@echo "make run      build and show the daemon on sample documents"
	@echo "make test     build and test"
	@echo "make bench    measure; Benchmarks/text/run DIRECTORY compares tokenizers with others"
	@echo "make torture  hurt a real daemon and count its documents; TORTURE=--full for hours (Torture/README.md)"
	@echo "make install  install under DESTDIR/PREFIX"
	@echo "make deb      build the Debian packages shoken and shoken-model-base in .build-deb"
	@echo "make test-boot  boot Debian 12 in a container, install the packages there, and hurt the service"
	@echo "make test-review  work through the review page in a headless Chromium, where there is one"
	@echo "make format   format the sources"
	@echo "make help-texts  write the help texts that the tests compare with anew"

dependencies:
	@Scripts/install-dependencies

# The Swift libraries are within the programs, which run where no Swift is. The support of tests, which
# all targets would include, needs a library that exists only as a shared one: hence one product at a time.
LINKING = --static-swift-stdlib --disable-local-rpath -Xlinker -z -Xlinker now

build: dependencies
	for program in shoken-watch shokend shokenctl; do \
	    swift build -c $(CONFIGURATION) $(LINKING) --product $$program || exit 1; done
	Scripts/check-programs $(BUILD)

run: build
	@Scripts/run-samples

check: lint
	Scripts/check-floors
	Scripts/check-configuration
	Scripts/check-pages
	Scripts/test-checks
	Torture/test-ledger

# Tests look inside modules, which programs for use are not built for: hence a folder of their own.
TESTING = -c $(CONFIGURATION) --scratch-path .build-test -Xswiftc -enable-testing

test: dependencies check
	swift build $(TESTING) --build-tests
	Scripts/check-pages .build-test/$(CONFIGURATION)
	Scripts/run-tests $(TESTING)

bench: build
	Benchmarks/run

torture: build
	Torture/run $(BUILD) $(TORTURE)

# $(call keep,SOURCE,TARGET) installs a file that admins change: one that is there stays as it is, and a
# new one that differs lies beside it as TARGET.new. All may read it, as the daemon and analysts must.
define keep
	@if [ ! -e $(2) ]; then install -m 644 $(1) $(2); \
	elif cmp -s $(1) $(2); then rm -f $(2).new; \
	else install -m 644 $(1) $(2).new; echo "$(2) is kept; what is new lies in $(2).new"; fi
endef

SHARE = $(DESTDIR)$(PREFIX)/share
DOC = $(SHARE)/doc/shoken
MODELS = $(DESTDIR)/var/lib/shoken/models
# Where the libraries of the Swift that builds lie.
SWIFT_LIBRARIES = $(shell swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/sbin $(DESTDIR)$(PREFIX)/libexec/shoken
	install -m 755 $(BUILD)/shokend $(DESTDIR)$(PREFIX)/sbin/
	install -m 755 $(BUILD)/shokenctl $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(BUILD)/shoken-watch $(DESTDIR)$(PREFIX)/libexec/shoken/
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d $(DESTDIR)$(PREFIX)/lib/tmpfiles.d
	for unit in shokend.service shoken-snapshot.service shoken-snapshot.timer; do \
	    sed 's|/usr/\(s*bin\)/|$(PREFIX)/\1/|' etc/systemd/system/$$unit \
	        >$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit && \
	    chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit || exit 1; done
	install -m 644 etc/sysusers.d/shoken.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/
	install -m 644 etc/tmpfiles.d/shoken.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/
	install -d $(SHARE)/man/man1 $(SHARE)/man/man5 $(SHARE)/man/man8
	install -m 644 man/*.1 $(SHARE)/man/man1/
	install -m 644 man/*.5 $(SHARE)/man/man5/
	install -m 644 man/*.8 $(SHARE)/man/man8/
	install -d $(SHARE)/man/ja/man5
	install -m 644 man/ja/*.5 $(SHARE)/man/ja/man5/
	install -d $(SHARE)/bash-completion/completions $(SHARE)/zsh/vendor-completions \
	    $(SHARE)/fish/vendor_completions.d
	for program in shokend shokenctl; do \
	    $(BUILD)/$$program --generate-completion-script bash | sed '1{/^#!/d}' \
	        >$(SHARE)/bash-completion/completions/$$program && \
	    $(BUILD)/$$program --generate-completion-script zsh >$(SHARE)/zsh/vendor-completions/_$$program && \
	    $(BUILD)/$$program --generate-completion-script fish >$(SHARE)/fish/vendor_completions.d/$$program.fish \
	    || exit 1; done
	install -d $(DOC)/docs/ja $(DOC)/licenses $(DOC)/examples/recipes
	install -m 644 LICENSE NOTICE README.md README.ja.md CHANGELOG.md Sources/shoken-watch/COPYING $(DOC)/
	install -m 644 docs/*.md $(DOC)/docs/
	install -m 644 docs/ja/*.md $(DOC)/docs/ja/
	install -m 644 etc/shoken/recipes/*.toml $(DOC)/examples/recipes/
	install -m 644 etc/systemd/examples/*.conf $(DOC)/examples/
	install -d $(DOC)/examples/cluster
	install -m 755 examples/cluster/* $(DOC)/examples/cluster/
	@# Of the libraries that are linked statically.
	for library in GRDB.swift TOMLKit swift-argument-parser; do \
	    install -m 644 .build/checkouts/$$library/LICENSE* $(DOC)/licenses/$$library || exit 1; done
	install -m 644 $(SWIFT_LIBRARIES)/../../share/swift/LICENSE.txt $(DOC)/licenses/swift
	mkdir -p -m 755 $(DESTDIR)/etc/shoken $(DESTDIR)/etc/shoken/labels
	$(call keep,etc/shoken/shoken.toml,$(DESTDIR)/etc/shoken/shoken.toml)
	$(call keep,etc/shoken/labels/prism.toml,$(DESTDIR)/etc/shoken/labels/prism.toml)
	install -d $(SHARE)/shoken/models/shoken-base
	install -m 644 models/shoken-base/* $(SHARE)/shoken/models/shoken-base/
	@# The daemon reads one folder of models, which is the admin's: a name that is taken there stays.
	mkdir -p -m 755 $(MODELS)
	@model=$(PREFIX)/share/shoken/models/shoken-base; \
	if [ ! -e $(MODELS)/shoken-base ] && [ ! -L $(MODELS)/shoken-base ]; then \
	    ln -s $$model $(MODELS)/shoken-base; \
	elif [ "$$(readlink $(MODELS)/shoken-base)" != $$model ]; then \
	    echo "$(MODELS)/shoken-base is kept; the one of this version lies in $(SHARE)/shoken/models"; fi

# Debian packages, in .build-deb: what `make install` installs, and its scripts of installing and removing.
deb: build
	Scripts/install-dependencies debhelper lintian
	rm -rf .build-deb && mkdir .build-deb
	dh_clean && debian/rules binary && dh_clean
	@# The tag is of uploads to Debian's own archive, where a first one closes a request.
	lintian --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs .build-deb/*.deb

test-boot: deb
	Scripts/test-boot .build-deb

test-review: build
	Scripts/test-review $(BUILD)

format:
	swift format --in-place --recursive Sources Tests Package.swift

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

# The help texts that the tests compare with, written anew from the program: run after a change of a
# command's name, options or help, and look at the difference before it is committed.
help-texts:
	swift build $(TESTING) --build-tests
	SHOKEN_UPDATE_SNAPSHOTS=1 swift test $(TESTING) --skip-build --filter HelpTextTests
