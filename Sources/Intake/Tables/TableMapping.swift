// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// What the columns of a table mean, as a site says it: each row is a document.
///
/// Without columns of its own a mapping leaves them to the standard headings (`TableHeading`), and only
/// adds words, forms of times and constants.
package struct TableMapping: Hashable, Sendable {
    /// What a column may say of a document besides its text; the raw value is the key in shoken.toml.
    package enum Field: String, CaseIterable, Hashable, Sendable {
        /// What names the document through all its versions.
        case id
        /// The patient's identifier.
        case patient
        /// A word for the kind of document.
        case kind
        /// When it was written.
        case authored
        /// A word for how settled it is.
        case status
        /// A mark of documents that were taken back, such as `1`.
        case withdrawn
        /// The version.
        case version
        /// When it was last changed, by which versions follow each other.
        case changed
        case title
        case author
        case department
        case facility
        case visit
        case order

        /// What stands between the cells of a field that several columns make up.
        var separator: String { self == .id ? "-" : " " }
    }

    /// A column by its heading, or by its number counted from 1.
    package enum Column: Hashable, Sendable {
        case named(String)
        case numbered(Int)
    }

    /// A column of text.
    package struct Section: Hashable, Sendable {
        /// Where the text stands.
        package let column: Column
        /// The section's title; empty for text that stands alone, nil for the column's heading.
        package let title: String?
        /// The section's code, such as 18782-3.
        package let code: String?

        /// A column of text.
        package init(column: Column, title: String? = nil, code: String? = nil) {
            (self.column, self.title, self.code) = (column, title, code)
        }
    }

    /// The columns of each field; several are put together in their order.
    package var columns: [Field: [Column]] = [:]
    /// The columns of text in the order of the document.
    package var sections: [Section] = []
    /// What fields say in every row of the folder's tables.
    package var constants: [Field: String] = [:]
    /// Words for status, before the standard ones.
    package var statusWords: [String: SenderStatus] = [:]
    /// Words for kinds, before the standard ones.
    package var kindWords: [String: DocumentKind] = [:]
    /// Forms of times that are not read anyway.
    package var timeForms: [TimeForm] = []
    /// To how many digits the patient's number is filled up where a spreadsheet keeps it as a number.
    package var patientDigits: Int?
    /// The sheet of a workbook; its first one without this.
    package var sheet: String?
    /// Whether the first row holds headings.
    package var hasHeadings = true

    /// A mapping that leaves all to the standard headings and words.
    package init() {}
}
