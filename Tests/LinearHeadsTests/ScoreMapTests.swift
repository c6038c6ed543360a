// SPDX-License-Identifier: Apache-2.0
import Foundation
import LinearHeads
import Testing

@Suite("Maps of scores")
struct ScoreMapTests {
    private static let lines = ScoreMap.lines([
        .init(score: 0.4, probability: 0.5), .init(score: 0.8, probability: 0.7),
    ])

    @Test(
        "every map rises strictly",
        arguments: [
            ScoreMap.beta(a: 1, b: 1, c: 0), .beta(a: 0.6, b: 1.8, c: -0.4), lines,
        ])
    func rises(map: ScoreMap) {
        let values = (0...1000).map { map.probability(of: Double($0) / 1000) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        #expect(values.allSatisfy { (0...1).contains($0) } && map.isRising)
    }

    @Test("values by hand")
    func values() {
        #expect(abs(ScoreMap.beta(a: 1, b: 1, c: 0).probability(of: 0.37) - 0.37) < 1e-12)
        // ln p - ln (1 - p) twice: odds of 3 become odds of 9.
        #expect(abs(ScoreMap.beta(a: 2, b: 2, c: 0).probability(of: 0.75) - 0.9) < 1e-12)
        for (score, probability) in [(0.2, 0.25), (0.4, 0.5), (0.6, 0.6), (0.9, 0.85), (1, 1)] {
            #expect(abs(Self.lines.probability(of: score) - probability) < 1e-12)
        }
    }

    @Test("come back as they were stored")
    func stored() throws {
        for map in [Self.lines, .beta(a: 0.5, b: 2, c: 0.25)] {
            let back = try JSONDecoder().decode(ScoreMap.self, from: JSONEncoder().encode(map))
            #expect(back == map)
        }
    }

    @Test(
        "what does not rise is refused",
        arguments: [
            #"{"kind":"beta","values":[0,1,0]}"#, #"{"kind":"beta","values":[1,1]}"#,
            #"{"kind":"lines","points":[[0.5,0.5],[0.6,0.5]]}"#,
            #"{"kind":"lines","points":[[0.5,1]]}"#, #"{"kind":"lines","points":[[0.5]]}"#,
            #"{"kind":"cubic","values":[1,1,0]}"#,
        ])
    func refused(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(ScoreMap.self, from: Data(text.utf8))
        }
    }
}
