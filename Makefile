# Shoken: build, run, test, install. See README.md.
.PHONY: build test format lint
build:
	swift build -c release
test:
	swift test -c release
format:
	swift format --in-place --recursive Sources Tests Package.swift
lint:
	swift format lint --strict --recursive Sources Tests Package.swift
