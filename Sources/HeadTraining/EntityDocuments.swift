// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import ClinicalTypes
package import Corpora
package import JapaneseText

/// One document of the entity tasks with all that its rows say of it.
package struct EntityDocument: Sendable {
    /// Identifier of the document in the corpus.
    package let identifier: String
    /// Fold 0…4.
    package let fold: Int
    /// What kind of document it is.
    package let kind: DocumentKind
    /// Its text.
    package let text: AnalyzedText
    /// Where the entities of each type stand. A type that is missing here is not known for this
    /// document; one with an empty list is known not to occur.
    package let entities: [EntityType: [SourceRange]]

    /// A document; the places of one type must not overlap.
    package init(
        identifier: String, fold: Int, kind: DocumentKind, text: AnalyzedText,
        entities: [EntityType: [SourceRange]]
    ) {
        self.identifier = identifier
        self.fold = fold
        self.kind = kind
        self.text = text
        self.entities = entities
    }
}

extension EntityDocument {
    /// The entity type that a row of a JMED-LLM entity task asks for; nil for other rows.
    package static func type(of row: BenchmarkRow) -> EntityType? {
        guard ["nrner", "mrner_disease", "mrner_medicine"].contains(row.task) else { return nil }
        return switch row.tag {
        case "d": .disease
        case "m-key": .drug
        case "m-val": .dose
        default: nil
        }
    }

    /// The kind of document that a row is about.
    package static func kind(of row: BenchmarkRow) -> DocumentKind {
        switch row.corpus {
        case "MedTxt-RR": .radiology
        case "MedTxt-CR": .caseReport
        default: .nursing
        }
    }

    /// Joins the rows of each document.
    ///
    /// A nursing record that is in no test and has no row for a type has no entity of that type: rows
    /// exist where there are answers, and few answers of other documents turn up in such records.
    /// Where a row may be missing because it is withheld, the type is not known. Rows of other tasks
    /// are left aside. Throws `EntityTrainingError` naming the row whose places do not fit its text.
    package static func documents(
        _ rows: [BenchmarkRow], analyze: (String) -> AnalyzedText
    ) throws -> [EntityDocument] {
        var order: [String] = []
        var byDocument: [String: [BenchmarkRow]] = [:]
        for row in rows where type(of: row) != nil {
            if byDocument[row.documentIdentifier] == nil { order.append(row.documentIdentifier) }
            byDocument[row.documentIdentifier, default: []].append(row)
        }
        return try order.compactMap { identifier in
            guard let rows = byDocument[identifier], let first = rows.first else { return nil }
            let text = analyze(first.document)
            var entities: [EntityType: [SourceRange]] = [:]
            for row in rows where row.document == first.document {
                guard let type = type(of: row) else { continue }
                entities[type] = try places(of: row, in: text)
            }
            if kind(of: first) == .nursing, !rows.contains(where: \.documentInTest) {
                for type in EntityType.allCases where entities[type] == nil { entities[type] = [] }
            }
            return EntityDocument(
                identifier: identifier, fold: first.fold, kind: kind(of: first), text: text,
                entities: entities)
        }
    }

    /// Every place of a row's answers; of overlapping ones the longest, then the first.
    private static func places(
        of row: BenchmarkRow, in text: AnalyzedText
    ) throws -> [SourceRange] {
        var places: [SourceRange] = []
        for offsets in row.answerSpans.flatMap(\.offsets) {
            guard offsets.count == 2, offsets[0] >= 0, offsets[0] < offsets[1],
                offsets[1] <= text.cleaned.source.count
            else { throw EntityTrainingError.placeOutsideText(task: row.task, row: row.id) }
            places.append(SourceRange(start: offsets[0], end: offsets[1]))
        }
        places.sort { ($1.count, $0.start) < ($0.count, $1.start) }
        var kept: [SourceRange] = []
        for place in places where !kept.contains(where: place.overlaps) { kept.append(place) }
        return kept.sorted()
    }
}

/// Why entity heads cannot be fitted.
package enum EntityTrainingError: Error, Equatable {
    /// A row gives a place that its document does not have.
    case placeOutsideText(task: String, row: String)
    /// No document is left for a head.
    case noDocuments(types: [EntityType])
    /// A dictionary cannot be read or lacks its columns.
    case dictionary(file: String)
    /// The trunk gave states of another shape than (words, C) for a document.
    case states(document: String)
}

/// A sentence with, for each word, the labels that it may have.
package struct LabelledWords: Sendable {
    /// Bits of the labels of each word.
    package let allowed: [UInt32]
    /// Term hashes of the entities.
    package let entities: [EntityType: Set<UInt32>]
}

extension EntityLabels {
    /// Labels the words of a sentence by the places of entities.
    ///
    /// A word belongs to an entity if at least half of its characters do. Where a type is not known,
    /// words outside the known entities may have its labels as well as O.
    package func label(
        _ sentence: AnalyzedSentence, in document: EntityDocument
    ) -> LabelledWords {
        let words = SentenceWords(sentence)
        let ranges = sentence.morphemes.map { document.text.cleaned.sourceRange(of: $0.range) }
        var free: UInt32 = 1
        for type in types where document.entities[type] == nil {
            if let begin = begin(type) { free |= 0b11 << UInt32(begin) }
        }
        var allowed = [UInt32](repeating: free, count: words.count)
        var taken = [Bool](repeating: false, count: words.count)
        var entities: [EntityType: Set<UInt32>] = [:]
        for type in types {
            guard let begin = begin(type), let places = document.entities[type] else { continue }
            entities[type] = []
            for place in places {
                let inside = ranges.indices.filter { !taken[$0] && ranges[$0].isMostly(in: place) }
                guard let first = inside.first, let last = inside.last else { continue }
                for word in first...last {
                    allowed[word] = 1 << UInt32(word == first ? begin : begin + 1)
                    taken[word] = true
                }
                entities[type]?.insert(words.termHash(of: first..<last + 1).value)
            }
        }
        return LabelledWords(allowed: allowed, entities: entities)
    }
}

extension SourceRange {
    /// Whether at least half of this range lies in the other.
    fileprivate func isMostly(in other: SourceRange) -> Bool {
        2 * max(0, min(end, other.end) - max(start, other.start)) >= max(count, 1)
    }
}
