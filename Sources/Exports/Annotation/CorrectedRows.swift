// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import DurableFiles
import Foundation
import JSONFiles

/// What somebody changed of what the model had proposed; places count Unicode scalars of the document as it
/// was sent.
package struct AnnotationChange: Hashable, Sendable {
    /// What was done.
    package enum Kind: String, CaseIterable, Sendable {
        case added, removed, relabelled, moved
    }

    /// The document.
    package var document: String
    /// What was done.
    package var kind: Kind
    /// The place now; of one that was removed, where it was.
    package var range: SourceRange
    /// Its label; of one that was removed, what it was.
    package var label: String
}

/// The training rows that corrections give: one a document, of which people do not disagree.
package struct CorrectedRows: Sendable {
    /// The rows, as JSON Lines have them, without line feeds.
    package private(set) var lines: [String] = []
    /// What each row is made of, with what was proposed, as far as it is known.
    package private(set) var texts: [CorrectedText] = []
    /// Labelled places in the rows.
    package private(set) var spans = 0
    /// Documents that several people marked alike.
    package private(set) var agreements = 0
    /// Records that give no row.
    package private(set) var faults: [AnnotationFault]
    /// What differs from what was proposed.
    package private(set) var changes: [AnnotationChange] = []
    /// Rows of documents for which nothing says what was proposed.
    package private(set) var uncompared = 0

    /// Rows of what a tool's files hold; `exported` are the files as they were given to the tool
    /// (``AnnotationTool/exported``), where they are there, and `annotated` the labels that were looked for, where
    /// these are not all.
    package init(
        of reading: AnnotationReading, from tool: AnnotationTool,
        exported: AnnotationReading? = nil, annotated: [String] = []
    ) {
        faults = reading.faults
        var order: [String] = []
        var groups: [String: [CorrectedText]] = [:]
        for text in reading.texts {
            let name = Self.name(of: text)
            if groups[name] == nil { order.append(name) }
            groups[name, default: []].append(text)
        }
        var proposals: [String: AnnotatedText] = [:]
        for text in exported?.texts ?? [] { proposals[Self.name(of: text)] = text.annotated }
        for name in order {
            guard var text = decided(groups[name] ?? []) else { continue }
            text.proposed = proposals[name]?.spans ?? text.proposed
            if let proposal = proposals[name] { text.annotated.takeWhiteSpace(of: proposal) }
            texts.append(text)
            lines.append(Self.line(text, tool, annotated))
            spans += text.annotated.spans.count
            if let proposed = text.proposed {
                changes += Self.changes(from: proposed, to: text, document: name)
            } else {
                uncompared += 1
            }
        }
    }

    /// A document's name, or where it has none its text's hash.
    private static func name(of text: CorrectedText) -> String {
        text.annotated.document
            ?? "sha256:" + ContentDigest(of: Data(text.annotated.text.utf8)).hexadecimal.prefix(16)
    }

    /// Of several annotations of a document the one that counts; of different ones, that which is called the
    /// truth, or none.
    private mutating func decided(_ texts: [CorrectedText]) -> CorrectedText? {
        let truths = texts.filter(\.isTruth)
        let candidates = truths.isEmpty ? texts : truths
        guard let first = candidates.first else { return nil }
        for other in candidates.dropFirst() {
            guard let range = Self.difference(first.annotated, other.annotated) else { continue }
            faults.append(
                AnnotationFault(
                    .conflict, at: other.place, document: first.annotated.document, range: range))
            return nil
        }
        if candidates.count > 1 { agreements += 1 }
        return first
    }

    /// The first place in which two annotations of a document differ; of different texts, its beginning.
    private static func difference(_ left: AnnotatedText, _ right: AnnotatedText) -> SourceRange? {
        guard left.scalars == right.scalars else { return SourceRange(start: 0, end: 0) }
        func only(_ spans: [AnnotatedText.Span], not others: [AnnotatedText.Span])
            -> [SourceRange]
        {
            spans.filter { span in
                !others.contains { $0.isSame(as: span) && $0.certainty == span.certainty }
            }.map(\.range)
        }
        return (only(left.spans, not: right.spans) + only(right.spans, not: left.spans)).min()
    }

    private static func changes(
        from proposed: [AnnotatedText.Span], to text: CorrectedText, document: String
    ) -> [AnnotationChange] {
        let ends = text.annotated.lineEnds
        func change(_ kind: AnnotationChange.Kind, _ span: AnnotatedText.Span) -> AnnotationChange {
            let range = SourceRange(
                start: ends.sourceOffset(of: span.range.start),
                end: ends.sourceOffset(of: span.range.end))
            return AnnotationChange(
                document: document, kind: kind, range: range, label: span.label)
        }
        let spans = text.annotated.spans
        var before = proposed.filter { old in !spans.contains { $0.isSame(as: old) } }
        let after = spans.filter { new in !proposed.contains { $0.isSame(as: new) } }
        var changes: [AnnotationChange] = []
        var added: [AnnotatedText.Span] = []
        for span in after {
            if let index = before.firstIndex(where: { $0.range == span.range }) {
                before.remove(at: index)
                changes.append(change(.relabelled, span))
            } else {
                added.append(span)
            }
        }
        for span in added {
            let index = before.firstIndex {
                $0.label == span.label && $0.range.overlaps(span.range)
            }
            if let index { before.remove(at: index) }
            changes.append(change(index == nil ? .added : .moved, span))
        }
        changes += before.map { change(.removed, $0) }
        return changes.sorted { $0.range < $1.range }
    }

    /// A row as `train` reads it, with the text as it was sent; beside its fields stands where it comes from.
    private static func line(
        _ text: CorrectedText, _ tool: AnnotationTool, _ annotated: [String]
    ) -> String {
        let marked = text.annotated
        let ends = marked.lineEnds
        let source = ends.restored(in: marked.scalars) ?? marked.scalars
        let spans = marked.spans.sorted { $0.range < $1.range }.map { span -> JSONValue in
            var members: [JSONValue.Member] = [
                .init(name: "start", value: .integer(ends.sourceOffset(of: span.range.start))),
                .init(name: "end", value: .integer(ends.sourceOffset(of: span.range.end))),
                .init(name: "label", value: .string(span.label)),
            ]
            if let certainty = span.certainty {
                members.append(.init(name: "certainty", value: .string(certainty)))
            }
            return .object(members)
        }
        var members: [JSONValue.Member] = [
            .init(name: "text", value: .string(string(source[...]))),
            .init(name: "spans", value: .array(spans)),
        ]
        if !annotated.isEmpty {
            members.append(
                .init(name: "annotated", value: .array(annotated.map(JSONValue.string))))
        }
        func add(_ name: String, _ value: String?) {
            if let value { members.append(.init(name: name, value: .string(value))) }
        }
        add("document", marked.document)
        add("tool", tool.rawValue)
        add("file", text.place.file)
        members.append(.init(name: "record", value: .integer(text.place.record)))
        add("annotator", text.annotator)
        add("annotated_at", text.time)
        add("model", marked.model)
        return JSONValue.object(members).text
    }
}
