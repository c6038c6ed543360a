// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LinearHeads

/// Names of drugs that a model carries to find mentions which its entity head overlooks, as hashes.
package struct MentionLexicon: TaskModel {
    /// The name under which a bundle holds it.
    package static let taskName = "mentions"
    /// Version of what stands in it.
    private static let version = 1

    /// Names of products and ingredients.
    package let drugs: TermTable

    /// A lexicon of these names.
    package init(drugs: TermTable) { self.drugs = drugs }

    private struct Settings: Codable {
        var version: Int
    }

    /// Reads stored parameters; throws `TaskParameterError` naming what does not fit.
    package init(parameters: TaskParameters) throws {
        let settings = try TaskSettings.decode(
            Settings.self, from: parameters.settings, task: Self.taskName)
        guard settings.version == Self.version else {
            throw TaskParameterError.settings(task: Self.taskName, field: "version")
        }
        drugs = try TermTable(tensors: parameters.tensors, prefix: "drugs.", task: Self.taskName)
    }

    /// The parameters to store.
    package func parameters() throws -> TaskParameters {
        TaskParameters(
            settings: try TaskSettings.encode(Settings(version: Self.version)),
            tensors: drugs.tensors(prefix: "drugs."))
    }
}
