// SPDX-License-Identifier: Apache-2.0
import Foundation
import ResultStore

/// Why a document got its findings, sentence by sentence: each with the words, the rule or the part of the
/// model that decided.
struct DocumentExplanation: Encodable {
    /// A sentence in which something was found.
    struct Sentence: Encodable {
        /// Where it begins, in Unicode scalars of the text.
        let start: Int
        /// Where it ends.
        let stop: Int
        /// Its text.
        let text: String
        /// What was found in it, a line each.
        var reasons: [String]
    }

    /// The sentences in the text's order.
    let sentences: [Sentence]
    /// What holds for the document as a whole.
    let conclusions: [String]

    /// The explanation of a recorded document.
    init(of document: ShownDocument) {
        let scalars = document.scalars
        let bounds = Self.sentences(of: document, within: scalars.count)
        var sentences = bounds.map { range in
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[range])
            return Sentence(
                start: range.lowerBound, stop: range.upperBound, text: String(text), reasons: [])
        }
        func add(_ reason: String, at place: Int) {
            guard let index = bounds.firstIndex(where: { $0.contains(place) }) else { return }
            sentences[index].reasons.append(reason)
        }
        let grades = Dictionary(
            document.grades.map { ($0.mention, $0) }, uniquingKeysWith: { first, _ in first })
        for mention in document.stored.mentions {
            let cue = mention.cue.map(document.words)
            add(
                Self.reason(of: mention, by: cue, graded: grades[mention.id]),
                at: mention.range.start)
        }
        for evidence in document.evidence {
            guard let span = evidence.span else { continue }
            add(
                "\(evidence.axis.rawValue) \(evidence.category ?? "seen"): rule \(evidence.rule), "
                    + "「\(span.surface)」", at: span.range.start)
        }
        for pair in document.pairs {
            let (drug, reaction) = (
                document.surface(of: pair.drug), document.surface(of: pair.disease)
            )
            add(
                "\(drug) → \(reaction): level \(pair.level), rule \(pair.rule), "
                    + "「\(document.words(at: pair.cue))」"
                    + (pair.needsReview ? "; to be reviewed" : ""), at: pair.cue.start)
        }
        self.sentences = sentences.filter { !$0.reasons.isEmpty }
        conclusions = Self.conclusions(of: document)
    }

    /// The sentences of the mentions, and for what stands in none of them the rest of its line.
    private static func sentences(of document: ShownDocument, within count: Int) -> [Range<Int>] {
        let scalars = document.scalars
        var ranges = Set<Range<Int>>()
        for sentence in document.stored.mentions.compactMap(\.sentence)
        where sentence.count > 0 && sentence.end <= count {
            ranges.insert(sentence.start..<sentence.end)
        }
        let places =
            document.stored.mentions.map(\.range.start)
            + document.evidence.compactMap { $0.span?.range.start }
            + document.pairs.map(\.cue.start)
        for place in places.sorted() where place >= 0 && place < count {
            guard !ranges.contains(where: { $0.contains(place) }) else { continue }
            let line = scalars[..<place].lastIndex(of: "\n").map { $0 + 1 } ?? 0
            let end = scalars[place...].firstIndex(of: "\n") ?? count
            let start = ranges.map(\.upperBound).filter { $0 <= place }.max() ?? 0
            let stop = ranges.map(\.lowerBound).filter { $0 > place }.min() ?? count
            ranges.insert(max(line, start)..<max(place + 1, min(end, stop)))
        }
        return ranges.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    }

    private static func reason(
        of mention: StoredMention, by cue: String?, graded grade: StoredAdverseEvent?
    ) -> String {
        var said = [mention.type, mention.certainty]
        if mention.subject != "patient" { said.append("of \(mention.subject)") }
        if mention.temporality != "current" { said.append(mention.temporality) }
        if let state = mention.state { said.append(state) }
        if let cue { said.append("by 「\(cue)」") }
        if let name = mention.standardName, name != mention.surface {
            said.append("standard name \(name)")
        }
        if let system = mention.codeSystem, let code = mention.code {
            said.append("\(system) \(code)")
        }
        said.append("found by \(mention.method), " + String(format: "%.2f", mention.score))
        if let grade {
            said.append("level \(grade.level), " + String(format: "%.2f", grade.score))
        }
        if mention.needsReview { said.append("to be reviewed") }
        return "\(mention.surface): " + said.joined(separator: "; ")
    }

    private static func conclusions(of document: ShownDocument) -> [String] {
        var lines: [String] = []
        if let stage = document.stored.stage {
            let categories = [stage.t, stage.n, stage.m].compactMap(\.self).joined(separator: " ")
            let group =
                stage.stage.map { "stage \($0)" } ?? "no stage (\(stage.reason ?? "unknown"))"
            lines.append(
                "TNM, edition \(stage.edition): "
                    + ([categories, group].filter { !$0.isEmpty }.joined(separator: ", "))
                    + (stage.review.isEmpty ? "" : "; to be reviewed: \(stage.review)"))
            // A rule may be that nothing of an axis was found.
            for evidence in document.evidence where evidence.span == nil {
                lines.append(
                    "\(evidence.axis.rawValue) \(evidence.category ?? "unknown"): rule \(evidence.rule)"
                )
            }
        }
        return lines
    }
}
