// SPDX-License-Identifier: Apache-2.0

/// Which part of a model with several finds an entity by itself; the raw value stands in the database.
package enum ModelPart: String, Codable, CaseIterable, Hashable, Sendable {
    /// The linear chains over n-grams and measured features.
    case heads
    /// The tagger: an encoder with its own head for tokens.
    case tagger
    /// Each of them.
    case both = "heads+tagger"
}
