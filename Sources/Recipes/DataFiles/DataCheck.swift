// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import DurableFiles
package import Foundation

/// A data directory compared with what a recipe reads and says of its files.
package struct DataCheck: Sendable {
    /// How a file is.
    package enum State: String, Codable, Hashable, Sendable {
        /// It is byte for byte what the recipe was made with.
        case same = "ok"
        /// It is not there.
        case missing
        /// It is there, with another content.
        case different
        /// It is there, and the recipe does not say what it must be: rows of one's own.
        case undescribed
    }

    /// A file that the recipe reads.
    package struct File: Codable, Hashable, Sendable {
        /// Path below the data directory.
        package let file: String
        /// How it is.
        package let state: State
        /// The SHA-256 that it must have; nil where the recipe says none.
        package let sha256: String?
        /// The SHA-256 that it has; nil where it is missing.
        package let found: String?
        /// Its licence; nil where the recipe says none.
        package let licence: String?
        /// Where its contents are published; nil for nowhere, or where the recipe says nothing of it.
        package let address: String?
    }

    /// The files in the recipe's order.
    package let files: [File]

    /// Compares a directory with a recipe of any kind.
    ///
    /// Throws ``RecipeError`` naming file and key, and `FileError` for what cannot be read.
    package init(recipe: URL, data: URL) throws {
        let top = try RecipeText(file: recipe).section
        let described = try PublicFile.all(top)
        var files: [File] = []
        for file in described {
            let found = try Self.digest(file.file, data)
            files.append(
                File(
                    file: file.file,
                    state: found.map { $0 == file.sha256 ? .same : .different } ?? .missing,
                    sha256: file.sha256, found: found, licence: file.licence, address: file.address)
            )
        }
        let known = Set(described.map(\.file))
        for (file, licence) in try Self.read(by: top) where !known.contains(file) {
            guard !files.contains(where: { $0.file == file }) else { continue }
            let found = try Self.digest(file, data)
            files.append(
                File(
                    file: file, state: found == nil ? .missing : .undescribed, sha256: nil,
                    found: found, licence: licence, address: nil))
        }
        self.files = files
    }

    /// How many files are in a state.
    package func count(_ state: State) -> Int { files.count { $0.state == state } }

    private static func digest(_ file: String, _ data: URL) throws -> String? {
        let path = FilePath(data.appending(path: file).resolvingSymlinksInPath())
        guard try DiskFiles().facts(of: path) != nil else { return nil }
        return try ContentDigest(ofFile: path).hexadecimal
    }

    /// The files that a recipe reads, with the licences that it states.
    private static func read(by top: RecipeSection) throws -> [(file: String, licence: String?)] {
        switch try top.recipeKind() {
        case .encoder:
            return try top.tables("heads").flatMap { head in
                let licences = try head.strings("licences")
                return try head.strings("files").enumerated().map { place, file in
                    (file, licences.indices.contains(place) ? licences[place] : nil)
                }
            }
        case .instruct: return try sources(top)
        case .pretrain:
            let heads = try HeadRecipe(top)
            return try sources(top) + HeadFitting.labelled(heads).map { ($0.file, $0.licence) }
                + heads.sources.own.map { ($0.file, $0.licence) }
        }
    }

    private static func sources(
        _ top: RecipeSection
    ) throws -> [(file: String, licence: String?)] {
        try (top.section("data")?.tables("sources") ?? []).map {
            (try $0.dataFile("file"), try $0.string("licence"))
        }
    }
}
