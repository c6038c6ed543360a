// SPDX-License-Identifier: Apache-2.0
import Foundation
import ResultStore

/// A recorded document on one sheet: what is known of it, its text with marks, and what was found.
struct DocumentSheet {
    private let document: ShownDocument
    private let marked: MarkedText

    /// A sheet; `isTerminal` is whether it goes to one.
    init(of document: ShownDocument, isColoured: Bool, isTerminal: Bool) {
        self.document = document
        marked = MarkedText(document: document, isColoured: isColoured, isTerminal: isTerminal)
    }

    /// The whole sheet.
    var text: String {
        let parts: [(title: String?, lines: [String])] = [
            (nil, head), (nil, [marked.text]), ("Sections", sections), ("Findings", mentions),
            ("TNM", stage), ("Evidence", evidence), ("Drugs and reactions", pairs),
            ("Adverse events", grades), ("Similar documents", similar),
        ]
        return parts.filter { !$0.lines.isEmpty }.map { part in
            ((part.title.map { [$0] } ?? []) + part.lines).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// What people ask first of a document, a line each.
    private var head: [String] {
        let facts = [
            ("document", "id"), ("kind", "kind"), ("patient", "patient_id"),
            ("written", "authored_at"), ("received", "received_at"), ("title", "title"),
            ("author", "author"), ("department", "department"), ("facility", "facility"),
            ("key", "document_key"), ("identifier", "external_id"), ("version", "version"),
            ("status", "sender_status"), ("standing", "standing"), ("file", "source_name"),
            ("model", "model"),
        ]
        return table(
            ["", ""],
            facts.compactMap { label, column in document.fact(column).map { [label, $0] } }
        ).dropFirst().map { $0 }
    }

    private var sections: [String] {
        table(
            ["start", "stop", "code", "title"],
            document.stored.sections.map {
                ["\($0.range.start)", "\($0.range.end)", $0.code ?? "", $0.title]
            })
    }

    private var mentions: [String] {
        table(
            [
                "id", "start", "stop", "type", "text", "certainty", "subject", "temporality",
                "state", "standard name", "code", "score", "review",
            ],
            document.stored.mentions.map { mention in
                [
                    "\(mention.id)", "\(mention.range.start)", "\(mention.range.end)",
                    mention.type, mention.surface, mention.certainty, mention.subject,
                    mention.temporality,
                    mention.state ?? "", mention.standardName ?? "", mention.code ?? "",
                    score(mention.score), mention.needsReview ? "yes" : "",
                ]
            })
    }

    private var stage: [String] {
        guard let stage = document.stored.stage else { return [] }
        return table(
            ["T", "N", "M", "stage", "reason", "edition", "review"],
            [
                [stage.t, stage.n, stage.m, stage.stage, stage.reason].map { $0 ?? "" }
                    + [stage.edition, stage.review]
            ])
    }

    private var evidence: [String] {
        table(
            ["axis", "category", "rule", "start", "stop", "words"],
            document.evidence.map { piece in
                [
                    piece.axis.rawValue, piece.category ?? "", piece.rule,
                    piece.span.map { String($0.range.start) } ?? "",
                    piece.span.map { String($0.range.end) } ?? "", piece.span?.surface ?? "",
                ]
            })
    }

    private var pairs: [String] {
        table(
            ["drug", "reaction", "level", "rule", "words", "review"],
            document.pairs.map {
                [
                    document.surface(of: $0.drug), document.surface(of: $0.disease),
                    "\($0.level)", $0.rule, document.words(at: $0.cue),
                    $0.needsReview ? "yes" : "",
                ]
            })
    }

    private var grades: [String] {
        table(
            ["entity", "role", "text", "level", "score"],
            document.grades.map {
                [
                    "\($0.mention)", $0.role, document.surface(of: $0.mention), "\($0.level)",
                    score($0.score),
                ]
            })
    }

    private var similar: [String] {
        table(
            ["document", "level", "score"],
            document.similar.map { ["\($0.document)", "\($0.level)", score($0.score)] })
    }

    private func table(_ columns: [String], _ rows: [[String]]) -> [String] {
        rows.isEmpty ? [] : TextTable(columns: columns, rows: rows).lines
    }

    private func score(_ value: Double) -> String {
        String(format: "%.3f", value)
    }
}
