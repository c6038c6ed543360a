// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import JSONFiles
import Spool

/// One line of a shard: its header, a document with what was found in it, a record that gave no document, or the end.
struct ShardLine: Codable, Hashable {
    var shard: ShardHeader?
    var document: ClinicalDocument?
    var findings: ShardFindings?
    var fault: RecordFault?
    var end: ShardEnd?
}

/// How much stands before the end of a shard.
struct ShardEnd: Codable, Hashable {
    let documents: Int
    let faults: Int
    /// SHA-256 of the bytes that were read, in hexadecimal.
    let sha256: String
}

/// What was found in a document, as far as it follows from the document alone.
struct ShardFindings: Codable, Hashable {
    let entities: [Entity]
    let tnm: TNMStage?
    let adverseEvents: [AdverseEvent]
    let adverseEventPairs: [AdverseEventPair]
    let similarityBands: [UInt64]

    private enum CodingKeys: String, CodingKey {
        case entities, tnm
        case adverseEvents = "adverse_events"
        case adverseEventPairs = "adverse_event_pairs"
        case similarityBands = "similarity_bands"
    }

    init(_ findings: Findings) {
        entities = findings.entities
        tnm = findings.tnm
        adverseEvents = findings.adverseEvents
        adverseEventPairs = findings.adverseEventPairs
        similarityBands = findings.similarityBands
    }

    /// The findings, without the profile that a comparison needs.
    var findings: Findings {
        var findings = Findings()
        findings.entities = entities
        findings.tnm = tnm
        findings.adverseEvents = adverseEvents
        findings.adverseEventPairs = adverseEventPairs
        findings.similarityBands = similarityBands
        return findings
    }
}

/// The sums by which lines of a shard are known as whole and in order: each covers its own line and the sum before.
struct ShardSum {
    private static let opening = Array(#","sum":""#.utf8)
    private static let ending = Array(#""}"#.utf8)
    private static let digits = 16
    private var last = ""

    /// The sum that a line must have, and from now on the last one.
    private mutating func next(_ body: [UInt8]) -> String {
        let digest = ContentDigest(of: Array(last.utf8) + body).hexadecimal
        last = String(digest.prefix(Self.digits))
        return last
    }

    /// A JSON object with its sum as the last member, without line feed.
    mutating func closed(_ object: Data) -> [UInt8] {
        let body = Array(object.dropLast())
        return body + Self.opening + Array(next(body).utf8) + Self.ending
    }

    /// The JSON object of a line without its sum; nil where the sum is not there or is another one.
    mutating func opened(_ line: [UInt8]) -> Data? {
        let length = Self.opening.count + Self.digits + Self.ending.count
        guard line.count > length else { return nil }
        let (body, tail) = (Array(line.dropLast(length)), Array(line.suffix(length)))
        guard tail == Self.opening + Array(next(body).utf8) + Self.ending else { return nil }
        return Data(body + Array("}".utf8))
    }
}
