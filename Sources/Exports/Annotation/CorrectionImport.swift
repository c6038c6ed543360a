// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation
package import ResultStore

/// Corrected texts as reviews of the documents in a database that they were exported from.
package struct CorrectionImport: Sendable {
    /// A text that gave no review; nothing of it is recorded.
    package struct Conflict: Hashable, Sendable {
        /// Where it stands.
        package let place: AnnotationPlace
        /// What the file calls its document.
        package let document: String?
        /// Why, in one word.
        package let reason: String
        /// Why, for people; no document text.
        package let words: String
    }

    /// What was recorded, or would be.
    package private(set) var reviews = ImportedReviews()
    /// Documents that were compared.
    package private(set) var documents = 0
    /// Texts that gave no review.
    package private(set) var conflicts: [Conflict] = []

    /// Records how texts differ from what their documents' findings are, as what a reviewer says.
    ///
    /// A document is found by its number, must be current and have the very text. What is left out was shown to
    /// the reviewer if it stands in ``CorrectedText/proposed``, or, where nothing says what was shown, is of one
    /// of the `types`. With `isTrial` nothing is recorded. Throws `ReviewError` if the database refuses, or
    /// the reviewer's name is none.
    package init(
        of texts: [CorrectedText], from tool: AnnotationTool, into database: ResultDatabase,
        by reviewer: String, types: Set<EntityType> = Set(EntityType.allCases),
        isDone: Bool = false, isTrial: Bool = false, at date: Date = Date()
    ) throws(ReviewError) {
        for text in texts {
            guard let corrected = Self.document(text, types) else {
                conflicts.append(
                    Conflict(
                        place: text.place, document: text.annotated.document, reason: "unknown",
                        words: "names no document of a database, or has labels that are none of "
                            + EntityType.allCases.map(\.rawValue).joined(separator: ", ")))
                continue
            }
            do throws(ReviewError) {
                reviews += try database.record(
                    corrected, by: reviewer, note: "import \(tool.rawValue)", isDone: isDone,
                    trial: isTrial, at: date)
                documents += 1
            } catch {
                guard let reason = Self.reason(of: error) else { throw error }
                conflicts.append(
                    Conflict(
                        place: text.place, document: text.annotated.document, reason: reason,
                        words: error.explanation))
            }
        }
    }

    /// Why a document has no part in this; nil for what ends the import.
    private static func reason(of error: ReviewError) -> String? {
        switch error {
        case .noDocument: "no-document"
        case .notCurrent: "not-current"
        case .otherText: "other-text"
        case .outsideText: "outside"
        default: nil
        }
    }

    private static func document(
        _ text: CorrectedText, _ types: Set<EntityType>
    ) -> CorrectedDocument? {
        let marked = text.annotated
        guard let row = marked.document.flatMap({ Int64($0) }),
            let source = marked.lineEnds.restored(in: marked.scalars),
            let mentions = mentions(marked.spans, marked.lineEnds)
        else { return nil }
        return CorrectedDocument(
            document: row, text: string(source[...]), mentions: mentions,
            shown: text.proposed.flatMap { self.mentions($0, marked.lineEnds) }, types: types)
    }

    /// Mentions with offsets of the text as it was sent; nil where a label is none of ours.
    private static func mentions(
        _ spans: [AnnotatedText.Span], _ ends: LineEnds
    ) -> [CorrectedDocument.Mention]? {
        var mentions: [CorrectedDocument.Mention] = []
        for span in spans {
            guard let type = EntityType(rawValue: span.label) else { return nil }
            mentions.append(
                CorrectedDocument.Mention(
                    type: type,
                    range: SourceRange(
                        start: ends.sourceOffset(of: span.range.start),
                        end: ends.sourceOffset(of: span.range.end)),
                    certainty: span.certainty.flatMap(Certainty.init)))
        }
        return mentions
    }
}
