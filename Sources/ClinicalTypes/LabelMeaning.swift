// SPDX-License-Identifier: Apache-2.0

/// What a label of somebody else's tagger stands for in our results.
///
/// Written as `TYPE`, `TYPE CERTAINTY` or `ignore`, for example `disease suspicious`; without a
/// certainty it is `positive`.
package enum LabelMeaning: Hashable, Sendable {
    /// An entity of this type, as sure as this.
    case entity(EntityType, Certainty)
    /// Nothing that is recorded.
    case ignored

    /// Reads the written form; nil for anything else.
    package init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        if words == ["ignore"] {
            self = .ignored
            return
        }
        guard let first = words.first, words.count <= 2, let type = EntityType(rawValue: first)
        else { return nil }
        guard words.count == 2 else {
            self = .entity(type, .positive)
            return
        }
        guard let certainty = Certainty(rawValue: words[1]) else { return nil }
        self = .entity(type, certainty)
    }

    /// The written form.
    package var text: String {
        switch self {
        case .entity(let type, let certainty): "\(type.rawValue) \(certainty.rawValue)"
        case .ignored: "ignore"
        }
    }

    /// The usual meaning of a label's class, by name; nil where none is.
    ///
    /// Known are our own names, alone or with a certainty (`disease_negative`), and those of PRISM
    /// (MedTxt.dtd) as its taggers write them: `d`, `m-key` and `m-val` with certainty or state. A
    /// drug that was given is `positive`, one that was not is `negative`, one that is planned or
    /// spoken of is `general`.
    package static func usual(for name: String) -> LabelMeaning? {
        let parts = name.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        let types: [Substring: EntityType] = [
            "d": .disease, "m-key": .drug, "m-val": .dose, "disease": .disease, "drug": .drug,
            "dose": .dose,
        ]
        guard let type = types[parts[0]] else { return nil }
        guard parts.count == 2, !parts[1].isEmpty else { return .entity(type, .positive) }
        if let certainty = Certainty(rawValue: String(parts[1])) {
            return .entity(type, certainty)
        }
        let states: [Substring: Certainty] = [
            "executed": .positive, "negated": .negative, "scheduled": .general, "other": .general,
        ]
        return states[parts[1]].map { .entity(type, $0) }
    }
}
