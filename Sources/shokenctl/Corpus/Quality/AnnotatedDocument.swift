// SPDX-License-Identifier: Apache-2.0
import Corpora
import Foundation
import JSONFiles

/// A document with what a model says of its quality.
struct AnnotatedDocument: Codable {
    /// The two answers.
    static let labels = ["高", "低"]

    let document: Int
    let file: String
    let id: String?
    /// 高 or 低; nil where the answer was neither.
    let label: String?
    /// What the model wrote, where it was free to.
    let answer: String?
    /// Whether the model saw the beginning alone.
    let isCut: Bool
    let text: String

    enum CodingKeys: String, CodingKey {
        case document, file, id, label, answer, text
        case isCut = "cut"
    }

    /// The label that an answer is: one of the two and nothing else, but for quotes, spaces and a full stop.
    static func label(in answer: String) -> String? {
        let around = CharacterSet(charactersIn: "「」『』“”‘’'\"。.").union(.whitespacesAndNewlines)
        let bare = answer.trimmingCharacters(in: around)
        return labels.contains(bare) ? bare : nil
    }
}

/// Lines of JSON, read one after another.
struct JSONLineFile<Line: Decodable>: ~Copyable {
    private var raw: RawTextFile
    private let file: String

    init(_ file: String) throws {
        raw = try RawTextFile(file, format: .jsonl)
        self.file = file
    }

    /// Up to so many lines more.
    mutating func next(_ count: Int) throws -> [Line] {
        var lines: [Line] = []
        while lines.count < count, let record = try raw.next() {
            do {
                lines.append(try JSONDecoder().decode(Line.self, from: Data(record.bytes)))
            } catch {
                throw CommandFailure(
                    .badData, "\(file), line \(record.line) is no line of `corpus quality`")
            }
        }
        return lines
    }

    /// Passes over lines.
    mutating func skip(_ count: Int) throws {
        for _ in 0..<count { _ = try raw.next() }
    }
}
