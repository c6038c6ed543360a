// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Corpora
import DurableFiles
import Foundation
import HeadTraining
import JapaneseText

/// The rows that heads learn from: published ones and one's own, so that no document stands on two sides.
///
/// Two texts are one document if they are equal without white space and widths (NFKC). A document's fold is
/// that of the published rows, else what the first row of it says, else it follows from the text. Where a
/// published document was also annotated by oneself, one's own words count.
struct HeadRows {
    private var published: [(source: HeadFitting.LabelledSource, rows: [BenchmarkRow])] = []
    private var own: [(file: OwnRowsFile, rows: [OwnRow])] = []
    /// Rows of one's own in the fold that is held out.
    private(set) var heldOut: [OwnRow] = []
    private var folds: [String: Int] = [:]

    /// Reads all rows that a recipe names. Throws `CorpusError`, ``OwnRowsError`` or `FileError`.
    init(_ recipe: HeadRecipe, data: URL) throws {
        for source in HeadFitting.labelled(recipe) where source.file.hasSuffix(".jsonl") {
            published.append((source, try BenchmarkRow.read(data.appending(path: source.file))))
        }
        for file in recipe.sources.own { own.append((file, try file.read(below: data))) }
        guard !own.isEmpty || recipe.sources.holdOut != nil else { return }
        for row in published.flatMap(\.rows) {
            for key in Self.keys(row) where folds[key] == nil { folds[key] = row.fold }
        }
        for row in own.flatMap(\.rows) { setFold(of: row) }
        if let fold = recipe.sources.holdOut { holdOut(fold) }
        let answered = Set(own.flatMap { file, rows in rows.flatMap { Self.answers($0, file) } })
        for place in published.indices {
            published[place].rows.removeAll {
                !answered.isDisjoint(with: Self.answers($0))
            }
        }
    }

    /// Rows of a task in the form of the published ones; of entities those that were published alone.
    func rows(of task: String) -> [BenchmarkRow] {
        var rows = published.filter { $0.source.tasks.contains(task) }.flatMap(\.rows)
        guard let task = OwnRowTask(rawValue: task), task != .entities else { return rows }
        for (file, own) in own where file.isFor(task) {
            rows += own.flatMap { $0.benchmarkRows(of: task, fold: fold(of: $0)) }
        }
        return rows
    }

    /// One's own documents with their entities; of a text that stands several times, the last.
    func documents(analyze: (String) -> AnalyzedText) -> [EntityDocument] {
        var order: [String] = []
        var last: [String: OwnRow] = [:]
        for (file, rows) in own where file.isFor(.entities) {
            for row in rows where row.serves(.entities) {
                let key = Self.key(row.text)
                if last[key] == nil { order.append(key) }
                last[key] = row
            }
        }
        return order.compactMap { key in
            guard let row = last[key] else { return nil }
            var entities: [EntityType: [SourceRange]] = [:]
            for type in row.annotated { entities[type] = [] }
            for mention in row.mentions ?? [] where mention.isThePatients {
                entities[mention.type, default: []].append(mention.range)
            }
            return EntityDocument(
                identifier: key, fold: fold(of: row), kind: row.kind, text: analyze(row.text),
                entities: entities)
        }
    }

    /// How many rows of a file take part.
    func count(ofFile file: String) -> Int? {
        published.first { $0.source.file == file }?.rows.count
    }

    /// One's own files with the tasks that their rows teach, and how many rows do.
    func ownFiles(for wanted: Set<String>) -> [(file: OwnRowsFile, tasks: [String], count: Int)] {
        own.map { file, rows in
            let tasks = OwnRowTask.allCases.filter { task in
                wanted.contains(task.rawValue) && file.isFor(task)
                    && rows.contains { $0.serves(task) }
            }
            return (
                file, tasks.map(\.rawValue),
                rows.count { row in tasks.contains { row.serves($0) } }
            )
        }
    }

    // MARK: - Documents

    private mutating func setFold(of row: OwnRow) {
        let keys = Self.keys(row)
        let fold =
            keys.compactMap { folds[$0] }.first ?? row.fold
            ?? Int(ContentDigest(of: Data(Self.key(row.text).utf8)).bytes[0]) % 5
        for key in keys where folds[key] == nil { folds[key] = fold }
    }

    private func fold(of row: OwnRow) -> Int { folds[Self.key(row.text)] ?? 0 }

    /// Takes the rows out that have a text of this fold; of a pair one is enough.
    private mutating func holdOut(_ fold: Int) {
        for place in published.indices {
            published[place].rows.removeAll { row in
                row.fold == fold || Self.keys(row).contains { folds[$0] == fold }
            }
        }
        for place in own.indices {
            let isOut: (OwnRow) -> Bool = { [folds] row in
                Self.keys(row).contains { folds[$0] == fold }
            }
            heldOut += own[place].rows.filter(isOut)
            own[place].rows.removeAll(where: isOut)
        }
    }

    /// What makes two texts one document.
    private static func key(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        view.append(
            contentsOf: text.precomposedStringWithCompatibilityMapping.unicodeScalars.filter {
                !$0.properties.isWhitespace
            })
        return String(view)
    }

    private static func keys(_ row: BenchmarkRow) -> [String] {
        guard let first = row.firstSentence, let second = row.secondSentence else {
            return [key(row.document)]
        }
        return [key(first), key(second)]
    }

    private static func keys(_ row: OwnRow) -> [String] {
        [key(row.text)] + (row.second.map { [key($0)] } ?? [])
    }

    /// What a row says something of: two that say the same thing's answer are not both learnt.
    private struct Question: Hashable {
        let task: OwnRowTask
        let document: [String]
        var part = ""
    }

    private static func answers(_ row: BenchmarkRow) -> [Question] {
        let keys = keys(row)
        return switch BenchmarkTask(rawValue: row.task) {
        case .nursingEntities, .caseReportDiseases, .caseReportDrugs:
            [Question(task: .entities, document: keys, part: row.tag)]
        case .rrtnm: [Question(task: .tnm, document: keys, part: row.tag)]
        case .crade:
            [
                Question(
                    task: .adverseEvents, document: keys, part: row.tag + ":" + (row.entity ?? ""))
            ]
        case .jcsts: [Question(task: .similarity, document: keys)]
        case .smdis: [Question(task: .symptoms, document: keys, part: row.tag)]
        case .examination, nil: []
        }
    }

    private static func answers(_ row: OwnRow, _ file: OwnRowsFile) -> [Question] {
        let keys = keys(row)
        var found: [Question] = []
        if row.serves(.entities), file.isFor(.entities) {
            // A published document counts as a whole, whichever types were looked for.
            found += OwnRow.entityTags.values.map {
                Question(task: .entities, document: keys, part: $0)
            }
        }
        for task in OwnRowTask.allCases where task != .entities && file.isFor(task) {
            for row in row.benchmarkRows(of: task, fold: 0) { found += answers(row) }
        }
        return found
    }
}

extension OwnRow {
    /// How published rows call the types of entities.
    static let entityTags: [EntityType: String] = [.disease: "d", .drug: "m-key", .dose: "m-val"]

    /// What the row says of a task, in the form of the published rows; nothing of entities.
    func benchmarkRows(of task: OwnRowTask, fold: Int) -> [BenchmarkRow] {
        func row(
            _ name: BenchmarkTask, tag: String, answer: Int, entity: String? = nil,
            pair: BenchmarkQuestion.Pair? = nil
        ) -> BenchmarkRow {
            BenchmarkRow(
                id: "line \(line)", task: name.rawValue, tag: tag,
                answer: .letter(BenchmarkChoice.letters[answer]), document: text, fold: fold,
                entity: entity, pair: pair)
        }
        switch task {
        case .entities: return []
        case .tnm:
            return TNMAxis.allCases.compactMap { axis in
                categories[axis].flatMap { Self.categoryNumber($0, axis) }
                    .map { row(.rrtnm, tag: axis.rawValue, answer: $0) }
            }
        case .adverseEvents:
            return grades.map {
                row(
                    .crade, tag: $0.role == .drug ? "medicine" : "disease",
                    answer: $0.level.rawValue, entity: $0.surface)
            }
        case .similarity:
            guard let similarity, let second else { return [] }
            return [
                row(
                    .jcsts, tag: "", answer: SimilarityJudge.levelCount - 1 - similarity,
                    pair: .init(first: text, second: second))
            ]
        case .symptoms:
            return Symptom.allCases.compactMap { symptom in
                symptoms[symptom].map { row(.smdis, tag: symptom.rawValue, answer: $0 ? 0 : 1) }
            }
        }
    }
}
