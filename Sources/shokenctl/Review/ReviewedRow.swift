// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import ResultStore

/// A reviewed document as a row of labelled text.
struct ReviewedRow: Encodable {
    struct Span: Encodable {
        let start: Int
        let end: Int
        let label: String
        let certainty: String
        let subject: String
    }

    let documentID: Int64
    let textID: String
    let fold: Int
    let kind: String
    let reviewed = true
    let reviewers: [String]
    let spans: [Span]
    let text: String
    /// Mentions that longer ones overlap.
    let leftOut: Int

    private enum CodingKeys: String, CodingKey {
        case documentID = "document_id"
        case textID = "doc_id"
        case fold, kind, reviewed, reviewers, spans, text
    }

    /// What the patient has, or every mention.
    init(_ document: ReviewedDocument, includesAll: Bool) {
        let digest = ContentDigest(of: Data(document.text.utf8))
        documentID = document.id
        textID = String(digest.hexadecimal.prefix(16))
        fold = Int(digest.bytes[0]) % 5
        kind = document.kind
        reviewers = document.reviewers
        text = document.text
        let wanted = document.mentions.filter {
            includesAll || $0.certainty == .positive && $0.subject == .patient
        }
        var kept: [MentionReading] = []
        let byLength = wanted.sorted {
            ($1.range.count, $0.range.start) < ($0.range.count, $1.range.start)
        }
        for mention in byLength where !kept.contains(where: { $0.range.overlaps(mention.range) }) {
            kept.append(mention)
        }
        leftOut = wanted.count - kept.count
        spans = kept.sorted { $0.range < $1.range }.map {
            Span(
                start: $0.range.start, end: $0.range.end, label: $0.type.rawValue,
                certainty: $0.certainty.rawValue, subject: $0.subject.rawValue)
        }
    }
}

/// What a reviewed document has of one type, as a row in the form of JMED-LLM's nursing records.
struct ReviewedQuestion: Encodable {
    struct Answer: Encodable {
        let text: String
        /// `[start, end]` in Unicode scalars.
        let offsets: [[Int]]
    }

    let id: String
    let task = "nrner"
    let tag: String
    let question: String
    let answer: [String]
    let document: String
    let documentID: String
    /// By which training knows the kind of document.
    let corpus: String
    let fold: Int
    let spans: [Answer]
    let reviewed = true

    private enum CodingKeys: String, CodingKey {
        case id, task, tag, question, answer, corpus, fold, spans, reviewed
        case document = "doc"
        case documentID = "doc_id"
    }
}

extension ReviewedRow {
    /// A question for each type, those with no answer included: reviewers have looked for all of them.
    var questions: [ReviewedQuestion] {
        let wordings: [(type: EntityType, tag: String, words: String)] = [
            (.disease, "d", "患者の所見は？"), (.drug, "m-key", "薬品名は？"), (.dose, "m-val", "薬の値は？"),
        ]
        return wordings.map { type, tag, words in
            let answers = answers(type)
            return ReviewedQuestion(
                id: "review-\(documentID)-\(tag)", tag: tag,
                question: "\(source.name)の\(words)\n「\(text)」", answer: answers.map(\.text),
                document: text, documentID: textID, corpus: source.corpus, fold: fold,
                spans: answers)
        }
    }

    /// The corpus whose documents are of the same kind, and how questions name it.
    private var source: (corpus: String, name: String) {
        switch DocumentKind(rawValue: kind) {
        case .radiology: ("MedTxt-RR", "読影レポート")
        case .caseReport, .dischargeSummary, .referral: ("MedTxt-CR", "症例報告")
        default: ("review", "看護記録")
        }
    }

    /// The surfaces of a type in the order of the text, each with all its places.
    private func answers(_ type: EntityType) -> [ReviewedQuestion.Answer] {
        let scalars = Array(text.unicodeScalars)
        var order: [String] = []
        var places: [String: [[Int]]] = [:]
        for span in spans where span.label == type.rawValue && span.end <= scalars.count {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[span.start..<span.end])
            let surface = String(view)
            if places[surface] == nil { order.append(surface) }
            places[surface, default: []].append([span.start, span.end])
        }
        return order.map { ReviewedQuestion.Answer(text: $0, offsets: places[$0] ?? []) }
    }
}
