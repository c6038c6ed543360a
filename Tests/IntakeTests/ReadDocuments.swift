// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import Intake

extension [ReadDocument] {
    /// The documents among them.
    var documents: [ClinicalDocument] { compactMap { try? $0.result.get() } }

    /// Code and place of each fault.
    var faults: [String] {
        compactMap { entry in
            guard case .failure(let error) = entry.result else { return nil }
            return error.code + (entry.place.map { " " + $0.words } ?? "")
        }
    }
}

extension ClinicalDocument {
    /// Title and body of each section.
    var sectionTexts: [String] {
        let scalars = Array(text.unicodeScalars)
        return source.sections.map { section in
            var body = String.UnicodeScalarView()
            body.append(contentsOf: scalars[section.range.start..<section.range.end])
            return section.title + "|" + String(body)
        }
    }

    /// Checks that each section lies in the text, one after the other, and begins where a line does.
    func expectSoundSections() {
        let scalars = Array(text.unicodeScalars)
        var last = 0
        for section in source.sections {
            #expect(section.range.start >= last && section.range.end <= scalars.count)
            if section.range.start > 0, section.range.start <= scalars.count {
                #expect(scalars[section.range.start - 1] == "\n")
            }
            last = section.range.end
        }
    }
}

/// Bytes changed, left out, doubled or cut off at places of a random sequence.
func mutated(_ bytes: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
    var result = bytes
    for _ in 0...numbers.number(below: 4) where !result.isEmpty {
        let place = numbers.number(below: result.count)
        switch numbers.number(below: 5) {
        case 0: result[place] = UInt8(truncatingIfNeeded: numbers.next())
        case 1: result.remove(at: place)
        case 2: result.insert(result[numbers.number(below: result.count)], at: place)
        case 3: result.removeLast(min(place, result.count))
        default:
            let end = min(result.count, place + numbers.number(below: 40))
            result.insert(contentsOf: result[place..<end], at: numbers.number(below: result.count))
        }
    }
    return result
}

/// What the shared samples of formats say should come of them.
struct SharedSample: Decodable {
    struct Document: Decodable {
        let id, kind, status, replaces: String?
        let patientID, authoredAt: String?
        let contains, absent, once, sections: [String]?

        enum CodingKeys: String, CodingKey {
            case id, kind, status, replaces, contains, absent, once, sections
            case patientID = "patient_id"
            case authoredAt = "authored_at"
        }
    }

    let file: String
    let outcome: String
    let documents: [Document]?

    static let folder = URL(filePath: #filePath)
        .appending(path: "../../../../shared/fixtures/formats").standardized
    static let areThere = FileManager.default.fileExists(atPath: folder.path)

    /// All of them.
    static func samples() throws -> [SharedSample] {
        try Data(contentsOf: folder.appending(path: "expected.jsonl"))
            .split(separator: UInt8(ascii: "\n"))
            .map { try JSONDecoder().decode(Self.self, from: $0) }
    }

    /// The bytes of a file among them, listed or not.
    static func bytes(_ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: file)))
    }

    /// The file's bytes.
    func bytes() throws -> [UInt8] { try Self.bytes(file) }

    /// Compares documents in order with what is expected, of several versions the highest.
    func expect(_ all: [ClinicalDocument]) {
        let wanted = documents ?? []
        let found = all.enumerated().filter { place, document in
            !all.enumerated().contains { other, later in
                later.source.key == document.source.key && later.source.key != nil
                    && (Int(later.source.version ?? "") ?? 0, other)
                        > (Int(document.source.version ?? "") ?? 0, place)
            }
        }.map(\.element)
        #expect(found.count == wanted.count, "\(file)")
        for (document, wanted) in zip(found, wanted) {
            func check(_ found: String?, _ value: String?) {
                if let value { #expect(found == value, "\(file)") }
            }
            check(document.externalIdentifier, wanted.id)
            check(document.kind.rawValue, wanted.kind)
            check(document.patientIdentifier, wanted.patientID)
            if wanted.status == "superseded" {
                let isReplaced = all.contains { $0.source.replaces == document.source.key }
                #expect(document.source.isSuperseded || isReplaced, "\(file)")
            } else {
                check(document.source.status.rawValue, wanted.status)
            }
            if let time = wanted.authoredAt {
                check(document.authoredAt.flatMap { StatedTime($0)?.utc }, StatedTime(time)?.utc)
            }
            for piece in wanted.contains ?? [] { #expect(document.text.contains(piece), "\(file)") }
            for piece in wanted.absent ?? [] { #expect(!document.text.contains(piece), "\(file)") }
            for piece in wanted.once ?? [] {
                #expect(document.text.ranges(of: piece).count == 1, "\(file)")
            }
            // In a storage the path says which versions belong together.
            if let key = wanted.replaces, document.source.format != .ssmix2 {
                #expect(document.source.replaces?.hasSuffix(key) == true, "\(file)")
            }
            if let titles = wanted.sections {
                #expect(document.source.sections.map(\.title) == titles, "\(file)")
            }
            document.expectSoundSections()
        }
    }
}
