// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
package import Training

/// The kinds of training that a recipe may describe, by its key `kind`.
package enum RecipeKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// A trunk from raw text, and heads on it.
    case pretrain
    /// An encoder or decoder through heads, or by guessing masked tokens.
    case encoder
    /// A decoder that learns to answer, as a whole or by an adapter.
    case instruct

    /// The kind of the recipe in a file; what states none is of the first kind.
    ///
    /// throws ``RecipeError`` naming file and key, or `FileError`.
    package init(file: URL) throws { self = try RecipeText(file: file).section.recipeKind() }
}

/// A recipe's text, and its top section.
struct RecipeText {
    /// Largest recipe that is read, in bytes.
    static let byteLimit = 1 << 20

    let text: String
    let section: RecipeSection

    /// Reads a file; throws ``RecipeError`` or `FileError`.
    init(file: URL) throws {
        let content = try DiskFiles().read(FilePath(file), maximumBytes: Self.byteLimit)
        let name = file.lastPathComponent
        guard let text = String(validating: content, as: UTF8.self) else {
            throw RecipeError.notUTF8(file: name, offset: 0)
        }
        try self.init(text: text, file: name)
    }

    /// Reads text; `file` is its name in errors.
    init(text: String, file: String) throws {
        self.text = text
        section = try RecipeSection(text: text, file: file)
    }
}

extension RecipeSection {
    /// The value of `kind` at the top of a recipe.
    func recipeKind() throws -> RecipeKind {
        try choice("kind", default: .pretrain)
    }
}

/// What recipes of every kind say.
package struct RunRecipe: Hashable, Sendable {
    /// The keys at the top that this reads; a kind allows these and its own.
    static let keys = [
        "name", "kind", "seed", "threads", "checkpoints", "validation", "stability", "files",
    ]

    /// Name of what comes out.
    package var name: String
    /// Decides every random choice.
    package var seed: UInt64
    /// Threads to compute with; 0 takes all of the machine.
    package var threads: Int
    /// When states of the run are kept.
    package var checkpoints: CheckpointSettings
    /// What is done when the loss is no number or leaps.
    package var stability: StabilitySettings

    /// Reads these keys; `[validation]` is left to the kind, which knows its metrics.
    ///
    /// - Parameter spikeFactor: the kind's default of `stability.spike_factor`.
    init(_ top: RecipeSection, spikeFactor: Double) throws {
        name = try top.string("name")
        guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
            throw top.bad("name", "a name that can be that of a directory")
        }
        seed = UInt64(try top.integer("seed", in: 0...Int.max))
        threads = try top.integer("threads", in: 0...1024, default: 0)
        checkpoints = try CheckpointSettings(top.section("checkpoints"))
        stability = try StabilitySettings(top.section("stability"), spikeFactor: spikeFactor)
        _ = try PublicFile.all(top)
    }
}
