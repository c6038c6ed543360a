// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// A short text with the answers that a model should give: a line of a golden set.
package struct GoldenRow: Hashable, Sendable {
    /// A mention that the text has.
    package struct Mention: Hashable, Sendable {
        /// What it names.
        package let type: EntityType
        /// Where it stands.
        package let range: SourceRange
        /// How sure the text is of it; nil where nobody says.
        package let certainty: Certainty?
        /// How likely it takes part in an adverse event; nil where nobody says.
        package let level: Int?
    }

    /// The categories that a report has; nil for an axis of which it says nothing.
    package struct Stage: Hashable, Sendable, Decodable {
        /// The three axes and the group.
        package let t, n, m, stage: String?
    }

    /// The text.
    package let text: String
    /// What kind of document it is.
    package let kind: DocumentKind
    /// Every mention that the text has; nil where they are not asked for.
    package let mentions: [Mention]?
    /// The stage; nil where it is not asked for.
    package let stage: Stage?
}

extension GoldenRow: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct RawMention: Decodable {
        let type: EntityType
        let text: String
        let start: Int?
        let certainty: Certainty?
        let level: Int?
    }

    private static let names: Set<String> = ["text", "kind", "entities", "tnm"]
    private static let mentionNames: Set<String> = ["type", "text", "start", "certainty", "level"]

    /// Reads a row; a key that nothing is known of is an error, and so is a mention that the text does not have.
    package init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: Key.self)
        func key(_ name: String) -> Key { Key(stringValue: name) }
        func fault(_ name: String, _ detail: String) -> DecodingError {
            .dataCorruptedError(forKey: key(name), in: row, debugDescription: detail)
        }
        if let unknown = row.allKeys.first(where: { !Self.names.contains($0.stringValue) }) {
            throw fault(
                unknown.stringValue,
                "unknown key; a row has \(Self.names.sorted().joined(separator: ", "))")
        }
        let text = try row.decode(String.self, forKey: key("text"))
        let kindName = try row.decode(String.self, forKey: key("kind"))
        guard let kind = DocumentKind(rawValue: kindName) else {
            throw fault(
                "kind",
                "\(kindName) is none of \(DocumentKind.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        (self.text, self.kind) = (text, kind)
        stage = try row.decodeIfPresent(Stage.self, forKey: key("tnm"))
        guard row.contains(key("entities")) else {
            mentions = nil
            return
        }
        let keys = try row.decode([[String: AnyValue]].self, forKey: key("entities"))
        if let unknown = keys.flatMap(\.keys).first(where: { !Self.mentionNames.contains($0) }) {
            throw fault(
                "entities",
                "unknown key \(unknown); an entity has \(Self.mentionNames.sorted().joined(separator: ", "))"
            )
        }
        let scalars = Array(text.unicodeScalars)
        var mentions: [Mention] = []
        for (place, raw) in try row.decode([RawMention].self, forKey: key("entities")).enumerated()
        {
            let words = Array(raw.text.unicodeScalars)
            func stands(at start: Int) -> Bool {
                start >= 0 && start + words.count <= scalars.count
                    && scalars[start..<start + words.count].elementsEqual(words)
            }
            // Without a place the first that no mention before it in the list has.
            let start =
                raw.start
                ?? scalars.indices.first { start in
                    stands(at: start)
                        && !mentions.contains { $0.range.start == start && $0.type == raw.type }
                }
            guard let start, !words.isEmpty, stands(at: start) else {
                throw fault("entities", "entity \(place + 1) does not stand in the text")
            }
            guard raw.level.map({ 0...3 ~= $0 }) ?? true else {
                throw fault("entities", "the level of entity \(place + 1) is none of 0 to 3")
            }
            mentions.append(
                Mention(
                    type: raw.type, range: SourceRange(start: start, end: start + words.count),
                    certainty: raw.certainty, level: raw.level))
        }
        self.mentions = mentions
    }
}

/// Any value, of which only the name counts.
private struct AnyValue: Decodable {
    init(from decoder: any Decoder) throws {}
}
