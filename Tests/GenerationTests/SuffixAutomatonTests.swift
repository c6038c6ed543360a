// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation
import TestSupport
import Testing

@Suite struct SuffixAutomatonTests {
    /// Where a string ends in a text, by looking everywhere.
    private func naiveEnds(_ string: [UInt8], in text: [UInt8]) -> [Int] {
        guard string.count <= text.count else { return [] }
        return (0...text.count - string.count)
            .filter { text[$0..<$0 + string.count].elementsEqual(string) }
            .map { $0 + string.count }
    }

    @Test("it knows all substrings, where they end, and no others", arguments: [1, 2, 3, 26])
    func naive(alphabet: Int) {
        var random = SeededNumbers(seed: UInt64(alphabet))
        for length in [0, 1, 2, 5, 30, 200] {
            let text = (0..<length).map { _ in UInt8(97 + random.number(below: alphabet)) }
            let automaton = SuffixAutomaton(text)
            #expect(automaton.stateCount <= max(2, 2 * length))
            #expect(automaton.edgeCount <= 3 * length)
            for _ in 0..<200 {
                let string = (0..<1 + random.number(below: 6)).map { _ in
                    UInt8(97 + random.number(below: alphabet + 1))
                }
                let expected = naiveEnds(string, in: text)
                let state = automaton.state(of: string)
                #expect((state != nil) == !expected.isEmpty)
                if let state { #expect(automaton.ends(of: state) == expected) }
            }
        }
    }

    @Test("places are told in bytes, scalars and units of UTF-16")
    func places() throws {
        let text = "a腫瘤b𠮷腫瘤\u{304B}\u{3099}"
        let document = try #require(DocumentText(text))
        let places = document.places(of: "腫瘤")
        #expect(places.map(\.utf8Start) == [1, 12])
        #expect(places.map(\.utf8End) == [7, 18])
        #expect(places.map(\.scalarStart) == [1, 5])
        #expect(places.map(\.scalarEnd) == [3, 7])
        #expect(places.map(\.utf16Start) == [1, 6])
        #expect(places.map(\.utf16End) == [3, 8])
        // The composed character is another string, though Swift calls the two equal.
        #expect(document.places(of: "\u{304C}").isEmpty)
        #expect(document.places(of: "\u{304B}\u{3099}").count == 1)
        #expect(document.places(of: "").isEmpty)
        #expect(document.places(of: "瘤腫").isEmpty)
    }
}
