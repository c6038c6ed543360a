// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import JSONFiles
import RowFiles

/// A file of predictions, a line each, that grows as a model answers.
///
/// Every line says what answered and how it was asked, so that an interrupted run goes on with the rows that
/// are missing, and answers of two models never stand in one file.
package final class PredictionFile {
    /// A row of a task.
    private struct Place: Hashable {
        let task: String
        let row: Int
    }

    /// Largest file that is read, in bytes.
    static let byteLimit = 1 << 30

    private let file: AppendedFile
    private let setting: [String: String]
    private var known: [Place: BenchmarkPrediction] = [:]

    /// Opens or makes a file for the answers of a setting; a line that was not written to its end is cut off.
    ///
    /// Throws ``PredictionError`` for a file of another setting, or with anything else in it, and `FileError`.
    package init(_ path: String, setting: [String: String]) throws {
        self.setting = setting
        file = try AppendedFile(FilePath(URL(filePath: path)), isPrivate: true)
        let content = try file.content(from: 0, maximumBytes: Self.byteLimit)
        let end = content.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        for prediction in try Self.predictions(content.prefix(end), file: path) {
            try check(prediction, path)
            known[Place(task: prediction.task, row: prediction.row)] = prediction
        }
        // What is no whole line is only cut off once the file is known to be of this kind.
        guard end < content.count else { return }
        guard !known.isEmpty || content.first == UInt8(ascii: "{") else {
            throw PredictionError.malformed(file: path, line: 1)
        }
        try file.cut(to: end)
    }

    private func check(_ prediction: BenchmarkPrediction, _ path: String) throws(PredictionError) {
        let found = prediction.setting ?? [:]
        guard found != setting else { return }
        for name in Set(found.keys).union(setting.keys).sorted()
        where found[name] != setting[name] {
            throw .otherSetting(
                file: path, name: name, found: found[name] ?? "none",
                wanted: setting[name] ?? "none")
        }
    }

    /// The answer to a row, if the file has it; throws ``PredictionError`` where it is of another question.
    package func prediction(
        task: String, row: Int, question: String
    ) throws(PredictionError) -> BenchmarkPrediction? {
        guard let found = known[Place(task: task, row: row)] else { return nil }
        guard found.question == question else {
            throw .otherQuestion(file: file.path.description, task: task, row: row)
        }
        return found
    }

    /// Adds an answer.
    package func append(_ prediction: BenchmarkPrediction) throws {
        var line = prediction
        line.setting = setting
        try file.append(JSONEncoder.sorted().encode(line) + [UInt8(ascii: "\n")])
        known[Place(task: prediction.task, row: prediction.row)] = line
    }

    /// Returns when all answers have reached the disk.
    package func flush() throws { try file.flush() }

    // MARK: Reading

    /// The answers of a file; throws ``PredictionError`` or `FileError`.
    package static func read(_ path: String) throws -> [BenchmarkPrediction] {
        let content = try DiskFiles().read(
            FilePath(URL(filePath: path)), maximumBytes: byteLimit)
        let found = try predictions(content, file: path)
        guard !found.isEmpty else { throw PredictionError.empty(file: path) }
        return found
    }

    private static func predictions(
        _ content: Data, file: String
    ) throws(PredictionError) -> [BenchmarkPrediction] {
        var found: [BenchmarkPrediction] = []
        var seen: Set<Place> = []
        let decoder = JSONDecoder()
        for line in NumberedLines(content) {
            guard
                let prediction = try? decoder.decode(BenchmarkPrediction.self, from: line.bytes)
            else { throw .malformed(file: file, line: line.number) }
            guard seen.insert(Place(task: prediction.task, row: prediction.row)).inserted else {
                throw .repeated(file: file, line: line.number)
            }
            found.append(prediction)
        }
        return found
    }
}

/// Why a file of predictions cannot be used.
package enum PredictionError: Error, Hashable {
    /// A line is no prediction.
    case malformed(file: String, line: Int)
    /// A line answers a row that another one answers.
    case repeated(file: String, line: Int)
    /// There is no line.
    case empty(file: String)
    /// What answered, or how it was asked, differs.
    case otherSetting(file: String, name: String, found: String, wanted: String)
    /// A row's question was another one.
    case otherQuestion(file: String, task: String, row: Int)
    /// A row has no right answer beside it.
    case noRightAnswer(file: String, task: String, row: Int)
    /// Two files answer no row that both have.
    case nothingInCommon(first: String, second: String)
}
