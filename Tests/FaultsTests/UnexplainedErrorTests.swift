// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Faults

@Suite("Errors that explain themselves, and those that do not")
struct UnexplainedErrorTests {
    private struct Full: Explained {
        let explanation = "the cup is full"
        let disposition = Disposition.inputOutput(mayPass: true)
    }

    private enum Foreign: Error { case cup(Int) }

    @Test("an explained error keeps its own sentence and remedy")
    func own() {
        let error = explained(Full())
        #expect(error.explanation == "the cup is full")
        #expect(error.disposition.remedy == .retry)
    }

    @Test("a foreign one names the part and its type, and is a fault of ours")
    func foreign() {
        let error = explained(Foreign.cup(7))
        #expect(error.explanation.hasPrefix("a fault in FaultsTests "))
        #expect(error.explanation.contains("Foreign") && !error.explanation.contains("cup(7)"))
        #expect(error.disposition == .software && error.disposition.remedy == .report)
    }

    @Test("an error of Foundation's names its file")
    func file() throws {
        let url = URL(filePath: "/no/such/cup.txt")
        #expect(throws: CocoaError.self) { try Data(contentsOf: url) }
        do {
            _ = try Data(contentsOf: url)
        } catch {
            let sentence = explained(error).explanation
            #expect(sentence.contains("Foundation") && sentence.contains("/no/such/cup.txt"))
            #expect(!sentence.hasSuffix("."))
        }
    }

    @Test(
        "only what passes is tried again",
        arguments: [
            (Disposition.tryAgain, Disposition.Remedy.retry), (.inputOutput(mayPass: true), .retry),
            (.inputOutput(mayPass: false), .refuse), (.badData, .setAside), (.noInput, .setAside),
            (.usage, .refuse), (.configuration, .refuse), (.software, .report),
        ])
    func remedies(_ disposition: Disposition, _ remedy: Disposition.Remedy) {
        #expect(disposition.remedy == remedy)
    }
}
