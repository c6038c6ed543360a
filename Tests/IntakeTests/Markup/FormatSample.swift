// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import Intake

/// What a reader made of a file.
struct FormatResult {
    let documents: [ClinicalDocument]
    /// Code and place of each fault.
    let faults: [String]

    init(_ read: () throws -> [ReadDocument]) {
        var (documents, faults) = ([ClinicalDocument](), [String]())
        do {
            for entry in try read() {
                switch entry.result {
                case .success(let document): documents.append(document)
                case .failure(let error):
                    faults.append(error.code + (entry.place.map { " " + $0.words } ?? ""))
                }
            }
        } catch let error as IntakeError {
            faults.append(error.code)
        } catch {
            Issue.record("\(error)")
        }
        (self.documents, self.faults) = (documents, faults)
    }
}

extension ClinicalDocument {
    /// Each section as `title|body`.
    var sectionLines: [String] {
        let scalars = Array(text.unicodeScalars)
        return source.sections.map { section in
            var body = String.UnicodeScalarView()
            body.append(contentsOf: scalars[section.range.start..<section.range.end])
            return section.title + "|" + String(body)
        }
    }

    /// Whether each section lies in the text, behind the one before, and begins where a line does.
    var hasSoundSections: Bool {
        let scalars = Array(text.unicodeScalars)
        var last = 0
        for section in source.sections {
            let range = section.range
            guard range.start >= last, range.end <= scalars.count,
                range.start == 0 || scalars[range.start - 1] == "\n"
            else { return false }
            last = range.end
        }
        return true
    }
}

/// Reads some thousand changed and cut copies of a file: each gives documents with sound sections, or faults.
func expectSoundness(
    of sample: [UInt8], seed: UInt64, copies: Int = 2000,
    reader: ([UInt8]) throws -> [ReadDocument]
) {
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<copies {
        var bytes = sample
        for _ in 0...numbers.number(below: 3) where !bytes.isEmpty {
            let place = numbers.number(below: bytes.count)
            switch numbers.number(below: 5) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 20))
            case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
            case 3: bytes.swapAt(place, numbers.number(below: bytes.count))
            default: bytes.removeLast(numbers.number(below: bytes.count))
            }
        }
        let result = FormatResult { try reader(bytes) }
        let isSound = result.documents.allSatisfy(\.hasSoundSections)
        #expect(isSound)
    }
}

/// What a line of the shared samples' list says of a file.
struct FormatSample: Decodable {
    struct Document: Decodable {
        let id, kind, status, patient_id, authored_at: String?
        let contains, absent, sections, once: [String]?
    }

    let file: String
    let outcome: String
    let documents: [Document]?

    static let folder = URL(filePath: #filePath)
        .appending(path: "../../../../../shared/fixtures/formats").standardized
    static let areThere = FileManager.default.fileExists(atPath: folder.path)

    /// The samples whose files have one of these beginnings.
    static func all(_ beginnings: String...) throws -> [FormatSample] {
        try Data(contentsOf: folder.appending(path: "expected.jsonl"))
            .split(separator: UInt8(ascii: "\n"))
            .map { try JSONDecoder().decode(Self.self, from: $0) }
            .filter { sample in beginnings.contains { sample.file.hasPrefix($0) } }
    }

    /// A file's bytes.
    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// Compares documents with what is expected of them, in order.
    func compare(_ found: [ClinicalDocument]) {
        let wanted = documents ?? []
        #expect(found.count == wanted.count, "\(file)")
        for (document, wanted) in zip(found, wanted) {
            func check(_ found: String?, _ value: String?) {
                if let value { #expect(found == value, "\(file)") }
            }
            check(document.externalIdentifier, wanted.id)
            check(document.kind.rawValue, wanted.kind)
            check(document.patientIdentifier, wanted.patient_id)
            // Which version another takes the place of shows in the database.
            if outcome == "documents" { check(document.source.status.rawValue, wanted.status) }
            if let time = wanted.authored_at {
                check(document.authoredAt.flatMap { StatedTime($0)?.utc }, StatedTime(time)?.utc)
            }
            for piece in wanted.contains ?? [] {
                #expect(document.text.contains(piece), "\(file): \(piece)")
            }
            for piece in wanted.absent ?? [] {
                #expect(!document.text.contains(piece), "\(file): \(piece)")
            }
            for piece in wanted.once ?? [] {
                #expect(document.text.ranges(of: piece).count == 1, "\(file): \(piece)")
            }
            if let titles = wanted.sections {
                #expect(document.source.sections.map(\.title) == titles, "\(file)")
            }
            #expect(document.hasSoundSections, "\(file)")
        }
    }
}
