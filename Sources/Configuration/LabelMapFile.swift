// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation
import TOMLFiles

/// A TOML file that says what the labels of a published tagger mean.
///
/// `names` is a list of the labels' names by number, for models that name them by number only;
/// `pieces` is `first` or `each`; the table `labels` gives each class of labels a meaning, as
/// `d_suspicious = "disease suspicious"`, with `"*"` for all others.
package struct LabelMapFile: Hashable, Sendable {
    /// The labels' names by number; nil where the file has none.
    package let names: [String]?
    /// The word for which pieces of a word decide; nil where the file has none.
    package let pieces: String?
    /// The meaning of each class.
    package let meanings: [String: LabelMeaning]

    /// Largest file that is read, in bytes.
    private static let byteLimit = 1 << 20

    /// Reads a file; throws `ConfigurationError`.
    package init(file: String) throws(ConfigurationError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .unreadable(file: file, detail: "no such file, or not permitted")
        }
        guard data.count <= Self.byteLimit, let toml = String(validating: data, as: UTF8.self)
        else {
            throw .unreadable(file: file, detail: "larger than 1 MiB, or no UTF-8")
        }
        try self.init(toml: toml, file: file)
    }

    /// Reads the text of a file, whose name goes into errors.
    package init(toml: String, file: String) throws(ConfigurationError) {
        let top = try TOMLSection<ConfigurationError>(text: toml, file: file)
        try top.allow("names", "pieces", "labels")
        names = top.has("names") ? try top.strings("names") : nil
        pieces = top.has("pieces") ? try top.string("pieces") : nil
        meanings = try top.section("labels").map(Self.meanings) ?? [:]
    }

    private static func meanings(
        _ labels: TOMLSection<ConfigurationError>
    ) throws(ConfigurationError) -> [String: LabelMeaning] {
        var meanings: [String: LabelMeaning] = [:]
        for name in labels.keys {
            let text = try labels.string(name)
            guard let meaning = LabelMeaning(text) else {
                let types = EntityType.allCases.map(\.rawValue).joined(separator: ", ")
                let sure = Certainty.allCases.map(\.rawValue).joined(separator: ", ")
                throw labels.outOfRange(
                    name, "\"\(text)\"",
                    allowed: "\"ignore\", or a type (\(types)), alone or with one of \(sure)")
            }
            meanings[name] = meaning
        }
        return meanings
    }
}
