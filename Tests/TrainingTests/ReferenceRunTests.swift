// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

import Training

@Suite("A reference run, repeated")
struct ReferenceRunTests {
    private let reference: ReferenceRun

    init() throws {
        reference = try ReferenceRun(
            URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/ncvc"))
    }

    @Test("gives the reference's losses, gradients and weights", arguments: ["full", "masked"])
    func repeats(_ name: String) throws {
        let differences = try reference.repeatRun(name)
        #expect(differences.loss < 2e-5)
        #expect(differences.gradient < 1e-5)
        #expect(try #require(differences.weight) < 2e-4)
        #expect(try #require(differences.weightsApart) < 1e-3)
    }

    @Test("trains an adapter as the reference did, and merges it", arguments: ["ncvc", "llama"])
    func adapter(_ model: String) throws {
        let differences = try ReferenceRun(
            URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Fixtures/\(model)")
        ).repeatLoRA()
        #expect(differences.loss < 2e-5)
        #expect(differences.gradient < 1e-5)
        #expect(try #require(differences.weight) < 1e-5)
        #expect(try #require(differences.logits) < 1e-4)
    }

    @Test("keeps packed documents apart, or reads across them")
    func packing() throws {
        let differences = try reference.repeatPacking()
        #expect(differences.loss < 2e-5)
        #expect(differences.gradient < 1e-5)
        #expect(try #require(differences.logits) < 1e-4)
    }
}
