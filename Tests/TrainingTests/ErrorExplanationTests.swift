// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Faults
import TestSupport
import Testing
import Training

@Suite("Errors of training in words") struct ErrorExplanationTests {
    private static let errors: [(TrainingError, [String], Disposition)] = [
        (.tensorMissing("t"), ["tensor t"], .badData),
        (.tensorShape("t", expected: [2], found: [3]), ["tensor t", "[2]", "[3]"], .badData),
        (.checkpoint(file: "c", reason: "cut"), ["c ", "cut", "--output"], .badData),
        (.unreadable(file: "c"), ["c "], .badData),
        (.reference(file: "r", field: "f"), ["r ", "f"], .badData),
        (.otherRun(file: "c", fields: ["a", "b"]), ["c ", "a, b"], .badData),
        (
            .noSpace(directory: "d", needed: 3 << 20, free: 1 << 20), ["d ", "3 MiB", "1 MiB"],
            .inputOutput(mayPass: true)
        ),
        (.inUse(directory: "d"), ["d;"], .tryAgain),
        (.noMetric("m", known: ["k"]), ["validation.metric", "m ", "k"], .configuration),
        (.diverged(phase: "p", step: 7, reason: .loss), ["loss", "p ", "7"], .software),
        (.stopped(phase: "p", step: 7), ["p ", "7"], .tryAgain),
    ]

    @Test("name the file, the step and how to go on", arguments: errors.indices)
    func words(of number: Int) {
        let (error, words, disposition) = Self.errors[number]
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
    }

    @Test("a checkpoint that could not be written says which one is whole")
    func unwritten() {
        let full = FileError(.write, FilePath("/run/c"), errno: 28)
        expectSentence(
            of: TrainingError.unwritten(full, lastStep: 40),
            naming: ["/run/c", "ENOSPC", "step 40 is whole"])
        expectSentence(
            of: TrainingError.unwritten(full, lastStep: nil), naming: ["no checkpoint yet"])
    }
}
