// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import DurableFiles
package import Foundation
import JSONFiles
package import ResultStore

/// Takes answers of a large model elsewhere back: each is checked against its document, and what holds is kept as a run
/// of its own beside the results that count.
package struct BatchImport {
    /// Something that is not stored.
    package struct Fault: Hashable, Sendable, Encodable {
        /// The file of answers, or that of requests for one without an answer.
        package let file: String
        /// The line in it.
        package let line: Int
        /// What is wrong, a word of ``BatchFault``.
        package let code: String
        /// How many parts of the answer; the whole of it where it is nil.
        package let parts: Int?
    }

    /// What became of the answers.
    package struct Report: Hashable, Sendable, Encodable {
        /// Requests, and answers that came to one of them.
        package var requests = 0, answers = 0
        /// Documents that have results now that they had not, and those that had.
        package var stored = 0, known = 0
        /// What is not stored.
        package var faults: [Fault] = []
    }

    private struct Place {
        let file: String
        let line: Int
    }

    private let program: String
    private let startedAt = Date()
    private var requests: [String: (identifier: BatchIdentifier, place: Place)] = [:]
    private var answers: [BatchIdentifier: (answer: BatchAnswer, place: Place)] = [:]
    private var answered: Set<String> = []
    private var report = Report()
    /// How many results are written at once.
    private static let portion = 500

    /// An import by a version of the program.
    package init(program: String) { self.program = program }

    /// Reads the requests as they were exported. Throws `FileError`, and ``BatchError/request(file:line:)`` for a line that
    /// is no request of ours.
    package mutating func readRequests(_ path: FilePath) throws {
        try eachLine(of: path) { bytes, place in
            guard let text = BatchAnswer.customID(of: bytes), let identifier = BatchIdentifier(text)
            else { throw BatchError.request(file: place.file, line: place.line) }
            requests[text] = (identifier, place)
        }
        report.requests = requests.count
    }

    /// Reads a file of answers. Throws `FileError`.
    package mutating func readAnswers(_ path: FilePath) throws {
        try eachLine(of: path) { bytes, place in
            guard let text = BatchAnswer.customID(of: bytes) else {
                return note(.malformedLine, at: place)
            }
            guard let (identifier, _) = requests[text] else { return note(.foreign, at: place) }
            guard answered.insert(text).inserted else { return note(.repeated, at: place) }
            report.answers += 1
            do throws(BatchFault) {
                answers[identifier] = (try BatchAnswer(bytes, to: identifier), place)
            } catch {
                note(error, at: place)
            }
        }
    }

    /// Checks the answers against the current documents and keeps what holds. Throws `StoreError`.
    package mutating func store(
        from reader: ResultReader, into database: ResultDatabase, at date: Date
    ) throws -> Report {
        for (text, request) in requests where !answered.contains(text) {
            note(.missing, at: request.place)
        }
        let results = try results(from: reader)
        for (maker, results) in results {
            for start in stride(from: 0, to: results.count, by: Self.portion) {
                let part = results[start..<min(start + Self.portion, results.count)]
                let new = try database.keep(Array(part), by: maker, at: date)
                report.stored += new
                report.known += part.count - new
            }
            try database.finish(maker.run, at: date)
        }
        report.faults.sort { ($0.file, $0.line, $0.code) < ($1.file, $1.line, $1.code) }
        return report
    }

    /// What holds, for every document with a text that was answered, by its maker.
    private mutating func results(from reader: ResultReader) throws -> [ResultMaker: [BatchResult]]
    {
        let tasks = Set(answers.keys.map { Question(task: $0.task, prompt: $0.prompt) })
        var results: [ResultMaker: [BatchResult]] = [:]
        var met: Set<BatchIdentifier> = []
        var told: Set<BatchIdentifier> = []
        try reader.eachDocument(of: DocumentSelection()) { document in
            let digest = BatchIdentifier.digest(ofText: document.text)
            for question in tasks {
                let identifier = BatchIdentifier(
                    task: question.task, prompt: question.prompt, textDigest: digest)
                guard let (answer, place) = answers[identifier] else { continue }
                met.insert(identifier)
                do throws(BatchFault) {
                    let (findings, faults) = try answer.findings(in: document.text)
                    if told.insert(identifier).inserted {
                        for (fault, count) in faults { note(fault, at: place, parts: count) }
                    }
                    // An answer of which nothing holds is none, and a later one may be better.
                    if findings.entities.isEmpty, !faults.isEmpty { continue }
                    results[maker(of: answer), default: []].append(
                        BatchResult(document: document.id, findings: findings))
                } catch {
                    if told.insert(identifier).inserted { note(error, at: place) }
                }
            }
        }
        for (identifier, answer) in answers where !met.contains(identifier) {
            note(.noDocument, at: answer.place)
        }
        return results
    }

    private struct Question: Hashable {
        let task: BatchTask
        let prompt: String
    }

    /// Who answered: a model by its name, asked one question. There is no bundle, so that the digest is of these.
    private func maker(of answer: BatchAnswer) -> ResultMaker {
        let identifier = answer.identifier
        let said = "\(answer.model)\n\(identifier.task.rawValue)\n\(identifier.prompt)"
        let digest = ContentDigest(of: Data(said.utf8)).hexadecimal
        return ResultMaker(
            name: answer.model, version: "\(identifier.task.rawValue) \(identifier.prompt)",
            sha256: digest, cleaningVersion: "none", dictionary: "none", codeVersion: program,
            methods: ["entities": "batch", "tnm": "batch"],
            run: ResultRun(.batch, key: "batch " + digest.prefix(32), startedAt: startedAt))
    }

    private mutating func note(_ fault: BatchFault, at place: Place, parts: Int? = nil) {
        report.faults.append(
            Fault(file: place.file, line: place.line, code: fault.rawValue, parts: parts))
    }

    private func eachLine(of path: FilePath, _ body: ([UInt8], Place) throws -> Void) throws {
        var (line, rest) = (0, [UInt8]())
        var source = try FileSource(path)
        func take(_ bytes: [UInt8]) throws {
            line += 1
            guard bytes.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { return }
            try body(bytes, Place(file: path.description, line: line))
        }
        while let piece = try source.next() {
            var start = 0
            while let end = piece[start...].firstIndex(of: 0x0A) {
                try take(rest + piece[start..<end])
                (rest, start) = ([], end + 1)
            }
            rest += piece[start...]
        }
        if !rest.isEmpty { try take(rest) }
    }
}
