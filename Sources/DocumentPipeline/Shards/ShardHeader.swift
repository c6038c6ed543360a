// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import DurableFiles
import Foundation
import JSONFiles
package import ResultStore

/// What stands before the results of a shard: what was read, and by what, so that results which do not belong beside
/// each other are never merged.
package struct ShardHeader: Codable, Hashable, Sendable {
    /// The only form of shards so far.
    static let form = 1

    /// Version of the form of these lines.
    let form: Int
    /// Name, version and SHA-256 of the model's bundle.
    let model, version, sha256: String
    /// What else decides the results, as `models` and `runs` of the database have it.
    let program, cleaning, dictionary, rules: String
    /// How each task was answered, by its name.
    let methods: [String: String]
    /// What was asked of each kind of document.
    let tasks: [String: [String]]
    /// The moment that counts as that of receipt and of reading (ISO 8601, UTC).
    let readAt: String
    /// Kind of documents that do not say it.
    let kind: DocumentKind
    /// Name of what was read.
    let sourceName: String

    private enum CodingKeys: String, CodingKey {
        case form, model, version, sha256, program, cleaning, dictionary, rules, methods, tasks,
            kind
        case readAt = "read_at"
        case sourceName = "source_name"
    }

    /// The header of what a model reads.
    package init(
        by maker: ResultMaker, plan: (DocumentKind) -> Set<ClinicalTask>, readAt: String,
        kind: DocumentKind, sourceName: String
    ) {
        form = Self.form
        (model, version, sha256) = (maker.name, maker.version, maker.sha256)
        (program, cleaning) = (maker.codeVersion, maker.cleaningVersion)
        (dictionary, rules) = (maker.dictionary, maker.rulesVersion)
        methods = maker.methods
        tasks = Dictionary(
            uniqueKeysWithValues: DocumentKind.allCases.map {
                ($0.rawValue, plan($0).map(\.rawValue).sorted())
            })
        (self.readAt, self.kind, self.sourceName) = (readAt, kind, sourceName)
    }

    /// What another header says otherwise of who has read: the first such field with both values.
    func difference(
        from other: ShardHeader
    ) -> (field: String, found: String, expected: String)? {
        let pairs: [(String, String, String)] = [
            ("form", "\(form)", "\(other.form)"), ("model", model, other.model),
            ("version", version, other.version), ("sha256", sha256, other.sha256),
            ("program", program, other.program), ("cleaning", cleaning, other.cleaning),
            ("dictionary", dictionary, other.dictionary), ("rules", rules, other.rules),
            ("methods", Self.text(methods), Self.text(other.methods)),
            ("tasks", Self.text(tasks), Self.text(other.tasks)),
        ]
        return pairs.first { $0.1 != $0.2 }.map { ($0.0, $0.1, $0.2) }
    }

    /// The run of all shards that were read at one moment by one model.
    var run: ResultRun {
        let said = [
            model, version, sha256, program, cleaning, dictionary, rules, Self.text(methods),
            Self.text(tasks), readAt,
        ]
        let digest = ContentDigest(of: Data(said.joined(separator: "\n").utf8)).hexadecimal
        return ResultRun(
            .merge, key: "merge " + digest.prefix(32), startedAt: Self.date(readAt) ?? Date())
    }

    private static func text(_ value: some Encodable) -> String {
        let data = (try? JSONEncoder.sorted().encode(value)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// The instant of a time as it stands in shards; nil for what is no such time.
    static func date(_ text: String) -> Date? {
        try? Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt).parse(text)
    }
}
