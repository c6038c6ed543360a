// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// How a published tagger's labels become our results, as a bundle stores it.
package struct LabelMap: Codable, Hashable, Sendable {
    /// Which pieces of a word decide what it is.
    package enum Pieces: String, Codable, CaseIterable, Hashable, Sendable {
        /// The first one, as in taggers that were trained on words; entities hold whole words.
        case first
        /// Each for itself; entities may begin and end within a word.
        case each
    }

    /// Why labels cannot be mapped.
    package enum Fault: Error, Hashable, Sendable {
        /// The model names its labels by number only (`LABEL_0`).
        case namesMissing(count: Int)
        /// There are not as many names as labels.
        case nameCount(expected: Int, found: Int)
        /// No label stands for what is outside all entities.
        case noOutside
        /// Classes of labels that neither the map nor our conventions know.
        case unmapped([String])
        /// Classes in the map that the model has not.
        case unknown([String])
        /// No label means an entity of ours.
        case nothingMapped
    }

    /// The labels' names by number.
    package let names: [String]
    /// Which pieces of a word decide.
    package let pieces: Pieces
    /// The meaning of every class, in the form of `LabelMeaning`.
    package let meanings: [String: String]

    /// The class in a map that stands for all that are not named.
    package static let others = "*"

    /// The map for a model's labels: what `given` says, else what our conventions say.
    ///
    /// `names` replaces the model's own where it names labels by number only. Every class must have a
    /// meaning; throws `Fault`.
    package init(
        modelNames: [String], names: [String]?, pieces: Pieces, given: [String: LabelMeaning]
    ) throws(Fault) {
        if let names, names.count != modelNames.count {
            throw .nameCount(expected: modelNames.count, found: names.count)
        }
        guard names != nil || !modelNames.allSatisfy({ $0.hasPrefix("LABEL_") }) else {
            throw .namesMissing(count: modelNames.count)
        }
        let labels = TokenLabels(names ?? modelNames)
        guard labels.places.contains(.outside) else { throw .noOutside }
        let unknown = given.keys.filter { $0 != Self.others && !labels.classes.contains($0) }
        guard unknown.isEmpty else { throw .unknown(unknown.sorted()) }
        var meanings: [String: LabelMeaning] = [:]
        for name in labels.classes {
            meanings[name] = given[name] ?? .usual(for: name) ?? given[Self.others]
        }
        let unmapped = labels.classes.filter { meanings[$0] == nil }
        guard unmapped.isEmpty else { throw .unmapped(unmapped) }
        guard meanings.values.contains(where: { $0 != .ignored }) else { throw .nothingMapped }
        self.names = labels.names
        self.pieces = pieces
        self.meanings = meanings.mapValues(\.text)
    }
}
