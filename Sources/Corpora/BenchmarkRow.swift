// SPDX-License-Identifier: Apache-2.0
package import Foundation
import RowFiles

/// One labelled row of a JMED-LLM task: a question about a document, its options and the answer.
package struct BenchmarkRow: Decodable, Sendable {
    /// What is right: a letter for choices, strings for entity tasks.
    package enum Answer: Hashable, Sendable {
        case letter(String)
        case strings([String])
    }

    /// One answer string and every place where it stands.
    package struct AnswerSpan: Decodable, Hashable, Sendable {
        /// The string.
        package let text: String
        /// `[start, end]` pairs in Unicode scalars of `document`.
        package let offsets: [[Int]]
    }

    /// Identifier, for example `crade-0000`.
    package let id: String
    /// Name of the task, for example `crade`.
    package let task: String
    /// Subtask, for example `disease`, `T`, `influenza`; may be empty.
    package let tag: String
    /// The official wording, with the document inside.
    package let question: String
    /// Texts of the choices; option i is letter A, B, …
    package let options: [String]
    /// The right answer.
    package let answer: Answer
    /// The document alone.
    package let document: String
    /// Identifier of the document (hash of its text).
    package let documentIdentifier: String
    /// Source corpus.
    package let corpus: String
    /// Whether the same document occurs in a withheld test row of any task.
    package let documentInTest: Bool
    /// Fold 0…4; all rows of a document are in one fold.
    package let fold: Int
    /// Entity tasks: the answers' places.
    package let answerSpans: [AnswerSpan]
    /// CRADE: the entity that is asked about.
    package let entity: String?
    /// CRADE: the places of the entity, `[start, end]` in Unicode scalars of `document`.
    package let entityOffsets: [[Int]]
    /// JCSTS: the first sentence.
    package let firstSentence: String?
    /// JCSTS: the second sentence.
    package let secondSentence: String?

    enum CodingKeys: String, CodingKey {
        case id, task, tag, question, options, answer, corpus, fold, entity, spans
        case document = "doc"
        case documentIdentifier = "doc_id"
        case documentInTest = "doc_in_test"
        case firstSentence = "s1"
        case secondSentence = "s2"
    }

    /// A row that somebody made without the benchmark's question.
    package init(
        id: String, task: String, tag: String, answer: Answer, document: String, fold: Int,
        entity: String? = nil, pair: BenchmarkQuestion.Pair? = nil
    ) {
        (self.id, self.task, self.tag, self.answer) = (id, task, tag, answer)
        (self.document, documentIdentifier) = (document, document)
        (self.fold, self.entity) = (fold, entity)
        (firstSentence, secondSentence) = (pair?.first, pair?.second)
        (question, corpus, options, documentInTest) = ("", "", [], false)
        (answerSpans, entityOffsets) = ([], [])
    }

    package init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: CodingKeys.self)
        id = try row.decode(String.self, forKey: .id)
        task = try row.decode(String.self, forKey: .task)
        tag = try row.decodeIfPresent(String.self, forKey: .tag) ?? ""
        question = try row.decode(String.self, forKey: .question)
        options = try row.decodeIfPresent([String].self, forKey: .options) ?? []
        if let letter = try? row.decode(String.self, forKey: .answer) {
            answer = .letter(letter)
        } else {
            answer = .strings(try row.decode([String].self, forKey: .answer))
        }
        document = try row.decode(String.self, forKey: .document)
        documentIdentifier = try row.decode(String.self, forKey: .documentIdentifier)
        corpus = try row.decodeIfPresent(String.self, forKey: .corpus) ?? ""
        documentInTest = try row.decodeIfPresent(Bool.self, forKey: .documentInTest) ?? false
        fold = try row.decode(Int.self, forKey: .fold)
        entity = try row.decodeIfPresent(String.self, forKey: .entity)
        firstSentence = try row.decodeIfPresent(String.self, forKey: .firstSentence)
        secondSentence = try row.decodeIfPresent(String.self, forKey: .secondSentence)
        if entity != nil {
            entityOffsets = try row.decodeIfPresent([[Int]].self, forKey: .spans) ?? []
            answerSpans = []
        } else {
            answerSpans = try row.decodeIfPresent([AnswerSpan].self, forKey: .spans) ?? []
            entityOffsets = []
        }
    }

    /// The rows of a JSON Lines file. Throws `CorpusError` naming file and line.
    package static func read(_ file: URL) throws -> [BenchmarkRow] {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw CorpusError.unreadable(file: file.path)
        }
        var rows: [BenchmarkRow] = []
        let decoder = JSONDecoder()
        for line in NumberedLines(data) {
            guard let row = try? decoder.decode(BenchmarkRow.self, from: line.bytes),
                row.hasPlacesInDocument
            else { throw CorpusError.malformedRow(file: file.path, line: line.number) }
            guard row.answersAnOption else {
                throw CorpusError.labelOutOfSet(file: file.path, line: line.number)
            }
            rows.append(row)
        }
        return rows
    }

    /// Whether the letter of a choice is one of its options'.
    private var answersAnOption: Bool {
        guard case .letter(let letter) = answer, !options.isEmpty else { return true }
        let scalars = letter.unicodeScalars
        guard scalars.count == 1, let first = scalars.first?.value else { return false }
        return (65..<65 + UInt32(clamping: options.count)).contains(first)
    }

    /// Whether all places lie in the document.
    private var hasPlacesInDocument: Bool {
        let length = document.unicodeScalars.count
        return (answerSpans.flatMap(\.offsets) + entityOffsets).allSatisfy {
            $0.count == 2 && 0 <= $0[0] && $0[0] <= $0[1] && $0[1] <= length
        }
    }
}

/// Why a corpus could not be read.
package enum CorpusError: Error, Equatable {
    case unreadable(file: String)
    case malformedRow(file: String, line: Int)
    case labelOutOfSet(file: String, line: Int)
    case missingColumn(file: String, column: String)
}
