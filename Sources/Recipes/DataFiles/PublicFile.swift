// SPDX-License-Identifier: Apache-2.0

/// A data file as a recipe's `[[files]]` describes it: what it must be, and where its contents can be had.
package struct PublicFile: Hashable, Sendable {
    /// Path below the data directory.
    package var file: String
    /// SHA-256 of the file that the recipe was made with.
    package var sha256: String
    /// The licence as its authors state it.
    package var licence: String
    /// Where its contents are published; nil for nowhere.
    package var address: String?

    /// Reads the files that a recipe describes; throws ``RecipeError``.
    static func all(_ top: RecipeSection) throws -> [PublicFile] {
        var files: [PublicFile] = []
        for section in try top.tables("files") {
            try section.allow("file", "sha256", "licence", "address")
            let file = PublicFile(
                file: try section.dataFile("file"), sha256: try section.string("sha256"),
                licence: try section.string("licence"),
                address: section.has("address") ? try section.string("address") : nil)
            guard file.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil else {
                throw section.bad("sha256", "64 hexadecimal digits in lower case")
            }
            guard !files.contains(where: { $0.file == file.file }) else {
                throw section.bad("file", "a file that no other of files names")
            }
            guard file.address?.isEmpty != true else {
                throw section.bad("address", "words, or left out where there is none")
            }
            files.append(file)
        }
        return files
    }
}

extension RecipeSection {
    /// A path that stays below the data directory.
    func dataFile(_ key: String) throws -> String {
        let file = try string(key)
        guard !file.isEmpty, !file.hasPrefix("/"), !file.split(separator: "/").contains("..") else {
            throw bad(key, "a path below the data directory")
        }
        return file
    }
}
