// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles

/// What a run is made from and where it runs, as `run.json` holds it.
package struct RunFacts: Codable, Hashable, Sendable {
    /// One file of data.
    package struct Source: Codable, Hashable, Sendable {
        /// Path below the data directory.
        package var file: String
        /// The licence as its authors state it.
        package var licence: String
        /// Bytes of the file.
        package var bytes: Int
        /// Documents or rows that are learnt from.
        package var documents: Int
        /// Their tokens.
        package var tokens: Int
        /// Documents or rows that are held out.
        package var heldOut: Int
        /// Times that an epoch holds each, before a stage's own weights.
        package var repetitions: Double

        /// All facts.
        package init(
            file: String, licence: String, bytes: Int, documents: Int, tokens: Int, heldOut: Int,
            repetitions: Double
        ) {
            (self.file, self.licence, self.bytes) = (file, licence, bytes)
            (self.documents, self.tokens, self.heldOut) = (documents, tokens, heldOut)
            self.repetitions = repetitions
        }

        private enum CodingKeys: String, CodingKey {
            case file, licence, bytes, documents, tokens, repetitions
            case heldOut = "held_out"
        }
    }

    /// Name of the model that comes out.
    package var name: String
    /// The kind of training.
    package var kind: String
    /// The recipe's text.
    package var recipe: String
    /// Version of the program.
    package var program: String
    /// When the run began, as ISO 8601 says it, in UTC.
    package var startedAt: String
    /// Threads that compute.
    package var threads: Int
    /// What it runs on.
    package var machine: MachineFacts
    /// Numbers that are trained.
    package var parameters: Int
    /// What else is to be said of the model, by name.
    package var model: [String: String]
    /// The data.
    package var sources: [Source]
    /// Licences whose data is left out.
    package var excludedLicences: [String]

    private enum CodingKeys: String, CodingKey {
        case name, kind, recipe, program, threads, machine, parameters, model, sources
        case startedAt = "started_at"
        case excludedLicences = "excluded_licences"
    }

    /// All facts; the machine is the present one.
    package init(
        name: String, kind: String, recipe: String, program: String, threads: Int,
        parameters: Int, model: [String: String], sources: [Source], excludedLicences: [String]
    ) {
        (self.name, self.kind, self.recipe, self.program) = (name, kind, recipe, program)
        (self.threads, self.parameters, self.model) = (threads, parameters, model)
        (self.sources, self.excludedLicences) = (sources, excludedLicences)
        startedAt = Date().formatted(.iso8601)
        machine = MachineFacts()
    }

    /// Writes the facts of the run in a directory; when it began stays what it was.
    package func write(to url: URL) throws {
        var facts = self
        if let before = try? Self(url) { facts.startedAt = before.startedAt }
        try DiskFiles().write(
            JSONEncoder.sorted(.prettyPrinted).encode(facts), to: FilePath(RunDirectory.facts(url)))
    }

    /// The facts of the run in a directory.
    ///
    /// Throws `FileError`, or ``TrainingError/reference(file:field:)`` where they cannot be read.
    package init(_ url: URL) throws {
        let file = RunDirectory.facts(url)
        let content = try DiskFiles().read(FilePath(file), maximumBytes: 64 << 20)
        guard let facts = try? JSONDecoder().decode(Self.self, from: content) else {
            throw TrainingError.unreadable(file: FilePath(file).description)
        }
        self = facts
    }
}

/// What this process runs on.
package struct MachineFacts: Codable, Hashable, Sendable {
    /// The processor's name.
    package var processor: String
    /// Processors that may be used.
    package var processors: Int
    /// Memory in bytes.
    package var memoryBytes: Int
    /// Operating system and kernel.
    package var system: String

    private enum CodingKeys: String, CodingKey {
        case processor, processors, system
        case memoryBytes = "memory_bytes"
    }

    /// The present machine, by proc(5).
    package init() {
        let description = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = description.split(separator: "\n").first { $0.hasPrefix("model name") }
        processor =
            line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
            ?? "unknown"
        processors = ProcessInfo.processInfo.activeProcessorCount
        memoryBytes = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
        system =
            ProcessInfo.processInfo.operatingSystemVersionString
            + (kernel.map { ", Linux \($0.trimmingCharacters(in: .newlines))" } ?? "")
    }
}
