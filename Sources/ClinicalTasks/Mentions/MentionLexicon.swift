// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LinearHeads

/// Names of drugs that a model carries, as hashes: to find mentions which its entity head overlooks, and for their
/// codes.
package struct MentionLexicon: TaskModel {
    /// The name under which a bundle holds it.
    package static let taskName = "mentions"
    /// Version of what stands in it.
    private static let version = 1

    /// Names of products and ingredients, with codes of the price list.
    package let drugs: TermTable
    /// The edition of the list that the codes are of, such as `2025-07`; nil for a lexicon without codes.
    package let edition: String?

    /// A lexicon of these names.
    package init(drugs: TermTable, edition: String? = nil) {
        (self.drugs, self.edition) = (drugs, edition)
    }

    private struct Settings: Codable {
        var version: Int
        var edition: String?
    }

    /// Reads stored parameters; throws `TaskParameterError` naming what does not fit.
    package init(parameters: TaskParameters) throws {
        let settings = try TaskSettings.decode(
            Settings.self, from: parameters.settings, task: Self.taskName)
        guard settings.version == Self.version else {
            throw TaskParameterError.settings(task: Self.taskName, field: "version")
        }
        edition = settings.edition
        drugs = try TermTable(
            tensors: parameters.tensors, prefix: "drugs.", task: Self.taskName,
            scheme: .drugPriceList)
    }

    /// The parameters to store.
    package func parameters() throws -> TaskParameters {
        TaskParameters(
            settings: try TaskSettings.encode(
                Settings(version: Self.version, edition: edition)),
            tensors: drugs.tensors(prefix: "drugs."))
    }
}
