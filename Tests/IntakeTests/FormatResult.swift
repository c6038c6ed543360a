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
            let entries = try read()
            (documents, faults) = (entries.documents, entries.faults)
        } catch let error as IntakeError {
            faults.append(error.code)
        } catch {
            Issue.record("\(error)")
        }
        (self.documents, self.faults) = (documents, faults)
    }
}

/// Reads some thousand changed and cut copies of a file: each gives documents with sound sections, or faults.
func expectSoundness(
    of sample: [UInt8], seed: UInt64, copies: Int = 2000,
    reader: ([UInt8]) throws -> [ReadDocument]
) {
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<copies {
        let bytes = mutated(sample, &numbers)
        for document in FormatResult({ try reader(bytes) }).documents {
            document.expectSoundSections()
        }
    }
}
