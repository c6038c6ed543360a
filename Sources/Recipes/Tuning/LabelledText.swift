// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// A text, or two, with what is right about it, as a row of data says it.
package struct LabelledText: Hashable, Sendable {
    /// A place in the text that has a label.
    package struct Span: Hashable, Sendable {
        /// Where it is, in Unicode scalars of the text.
        package var range: SourceRange
        /// Its label, without a letter for its place.
        package var label: String

        /// A place.
        package init(range: SourceRange, label: String) {
            (self.range, self.label) = (range, label)
        }
    }

    /// What is right.
    package enum Answer: Hashable, Sendable {
        /// Labelled places.
        case spans([Span])
        /// A label of the whole.
        case label(String)
        /// A number.
        case number(Double)
    }

    /// The most labels of which some may not have been annotated: sets of token labels, two for each, are
    /// held in 32 bits.
    package static let mostPartialLabels = 15

    /// Where the row stands.
    package var place: RowPlace
    /// The text.
    package var text: String
    /// The second text of a pair; nil where there is one text.
    package var second: String?
    /// What is right.
    package var answer: Answer
    /// Labels that were annotated, so that where none of them stands there is none; nil for all.
    package var annotated: Set<String>?
    /// Part of the data that it belongs to, as cross-validation numbers them; nil where it is not said.
    package var fold: Int?

    /// All parts.
    package init(
        place: RowPlace, text: String, second: String? = nil, answer: Answer,
        annotated: Set<String>? = nil, fold: Int? = nil
    ) {
        (self.place, self.text, self.second) = (place, text, second)
        (self.answer, self.annotated, self.fold) = (answer, annotated, fold)
    }
}

/// Where a row of data stands.
package struct RowPlace: Hashable, Sendable {
    /// The file.
    package var file: String
    /// The line, from 1; of a CSV file the record, its heading being 1.
    package var line: Int

    /// A place.
    package init(file: String, line: Int) { (self.file, self.line) = (file, line) }
}

/// What is wrong with data that heads are to learn from.
package enum LabelledDataError: Error, Hashable, Sendable {
    /// A file is in no encoding that is known; `detail` says why.
    case unreadable(file: String, detail: String)
    /// A file is of a kind that is not known: neither `.jsonl` nor a table.
    case unknownKind(file: String)
    /// A CSV file lacks a column.
    case missingColumn(file: String, column: String)
    /// A column stands twice in the first line.
    case repeatedColumn(RowPlace, column: String)
    /// A name stands twice in a row's object.
    case repeatedField(RowPlace, field: String)
    /// A row is no row.
    case malformed(RowPlace)
    /// A field is missing, of another type or out of range.
    case field(RowPlace, field: String)
    /// A row's label is not among those of the recipe.
    case unknownLabel(RowPlace, known: [String])
    /// Two labelled places of a row overlap.
    case overlappingSpans(RowPlace)
    /// A pair of texts is longer than the context, with its special tokens, in tokens.
    case tooLong(RowPlace, tokens: Int, limit: Int)
    /// No row is left for a head to learn from, or to be measured by.
    case noRows(head: String, part: String)
}
