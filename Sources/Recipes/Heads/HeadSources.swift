// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What of a recipe's `[data]` heads learn from: the published rows and dictionaries, and rows of one's own.
package struct HeadSources: Hashable, Sendable {
    /// How much of the published data takes part.
    package enum Published: String, CaseIterable, Hashable, Sendable {
        /// Rows and dictionaries.
        case all
        /// Dictionaries alone.
        case dictionaries
        /// Nothing.
        case none
    }

    /// The keys of `[data]` that this reads.
    static let keys = ["exclude_licences", "published", "rows", "hold_out", "golden"]

    /// Licences whose data is left out.
    package var excludedLicences: Set<String> = []
    /// How much of the published data takes part.
    package var published = Published.all
    /// Rows of one's own.
    package var own: [OwnRowsFile] = []
    /// The fold whose documents heads do not learn from; nil for none.
    package var holdOut: Int?
    /// Whether the bundle gets one's own rows of that fold as its golden set.
    package var makesGoldenSet = false

    /// Reads these keys of `[data]`; `heads` are the tasks that the recipe fits.
    ///
    /// Throws ``RecipeError`` naming the key.
    init(_ data: RecipeSection?, heads: [String: Bool]) throws {
        guard let data else { return }
        excludedLicences = Set(try data.strings("exclude_licences"))
        published = try data.choice("published", default: .all)
        own = try data.tables("rows").map { try Self.file($0, heads: heads) }
        if data.has("hold_out") { holdOut = try data.integer("hold_out", in: 0...4) }
        makesGoldenSet = try data.bool("golden", default: false)
        guard !makesGoldenSet || holdOut != nil else {
            throw data.bad("golden", "left out without hold_out, the fold that it is made of")
        }
        own.removeAll { excludedLicences.contains($0.licence) }
    }

    private static func file(_ rows: RecipeSection, heads: [String: Bool]) throws -> OwnRowsFile {
        try rows.allow("file", "licence", "tasks", "kind")
        let file = try rows.dataFile("file")
        let licence = try rows.string("licence")
        guard !licence.isEmpty else {
            throw rows.bad("licence", "the licence's name, or words such as \"our own\"")
        }
        let tasks: Set<OwnRowTask>? =
            rows.has("tasks") ? try rows.choices("tasks", default: []) : nil
        if let unfit = tasks?.first(where: { heads[$0.rawValue] != true }) {
            throw rows.bad(
                "tasks", "tasks whose heads are fitted; heads.\(unfit.rawValue) is false")
        }
        if tasks?.isEmpty == true { throw rows.bad("tasks", "at least one task, or left out") }
        let kind: DocumentKind? = rows.has("kind") ? try rows.choice("kind") : nil
        return OwnRowsFile(file: file, licence: licence, tasks: tasks, kind: kind)
    }

    /// Whether a published file takes part.
    func takes(_ source: HeadFitting.LabelledSource) -> Bool {
        guard !excludedLicences.contains(source.licence) else { return false }
        return switch published {
        case .all: true
        case .dictionaries: !source.file.hasSuffix(".jsonl")
        case .none: false
        }
    }
}
