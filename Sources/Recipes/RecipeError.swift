// SPDX-License-Identifier: Apache-2.0

/// What can go wrong with a recipe and with the data and models that it names.
package enum RecipeError: Error, Hashable, Sendable {
    /// A recipe is no TOML: line of the file and what the parser says.
    case recipeSyntax(file: String, line: Int, reason: String)
    /// A recipe holds a key that means nothing; the known key that is spelt most like it.
    case unknownKey(file: String, key: String, nearest: String?)
    /// A recipe lacks a key that has no default.
    case missingKey(file: String, key: String)
    /// A value of a recipe is of the wrong type or out of range.
    case badValue(file: String, key: String, expected: String)
    /// A recipe gives the size of a step in another unit than its kind counts in.
    case stepUnit(file: String, key: String, unit: StepUnit)
    /// A recipe gives two keys that say the same thing, each in its own way.
    case conflictingKeys(file: String, first: String, second: String)
    /// A data file holds no document.
    case noDocuments(file: String)
    /// A file is not UTF-8; the offset is that of its first bad byte.
    case notUTF8(file: String, offset: Int)
    /// A file of rows is in no encoding that is known; `detail` says why.
    case undecodable(file: String, detail: String)
    /// A token cache is damaged: byte offset and what was expected there.
    case tokenCache(file: String, offset: Int)
    /// A model cannot be tuned as is asked.
    case unfitBase(file: String, reason: UnfitBase)
}
