// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import TestSupport
import Testing

@Suite("Labels of published taggers")
struct TokenLabelsTests {
    static let schemes: [(names: [String], path: [Int], runs: [String])] = [
        // IOB2: B begins anew, I goes on.
        (["O", "B-d", "I-d"], [0, 1, 2, 2, 0, 1, 1, 2], ["d 1-4", "d 5-6", "d 6-8"]),
        // BIOES: S alone, E last.
        (
            ["O", "B-d", "I-d", "E-d", "S-d"], [4, 4, 1, 3, 1, 2, 3, 0],
            ["d 0-1", "d 1-2", "d 2-4", "d 4-7"]
        ),
        // BILOU.
        (["O", "B-d", "I-d", "L-d", "U-d"], [4, 1, 3, 4], ["d 0-1", "d 1-3", "d 3-4"]),
        // BMES with an underscore.
        (["O", "B_d", "M_d", "E_d", "S_d"], [1, 2, 3, 4], ["d 0-3", "d 3-4"]),
        // Attributes belong to the class; m-key is no place M.
        (
            ["O", "B-d_positive", "I-d_positive", "B-m-key_executed", "I-m-key_executed"],
            [1, 2, 3, 4, 0], ["d_positive 0-2", "m-key_executed 2-4"]
        ),
        // No letters: the same label in a row is one entity.
        (["O", "disease", "drug"], [1, 1, 2, 0, 1], ["disease 0-2", "drug 2-3", "disease 4-5"]),
        // All begins, then all insides, as some number them.
        (["O", "B-d", "B-a", "I-d", "I-a"], [1, 3, 2, 4], ["d 0-2", "a 2-4"]),
    ]

    @Test("A path of labels shows the entities of its scheme", arguments: schemes)
    func runs(names: [String], path: [Int], runs: [String]) {
        let labels = TokenLabels(names)
        let found = labels.runs(path).map {
            "\(labels.classes[$0.classIndex]) \($0.tokens.lowerBound)-\($0.tokens.upperBound)"
        }
        #expect(found == runs)
    }

    @Test("The likeliest path never goes on with an entity that was not begun")
    func wholeEntities() {
        let labels = TokenLabels(["O", "B-d", "I-d", "B-a", "I-a"])
        // By themselves: I-d, then I-a; together B-d and I-d are likelier than any other whole one.
        let scores: [[Double]] = [[-4, -1, -0.5, -5, -5], [-4, -5, -1.5, -5, -0.5]]
        #expect(labels.path(scores) == [1, 2])
    }

    @Test("In BIOES an entity is not left open")
    func closed() {
        let labels = TokenLabels(["O", "B-d", "I-d", "E-d", "S-d"])
        #expect(labels.path([[-2, -0.3, -9, -9, -1]]) == [4])
        #expect(labels.path([[-2, -0.3, -9, -9, -3], [-0.2, -9, -1, -0.5, -9]]) == [1, 3])
    }

    @Test("The path is the best of all that the labels allow, by trying them all")
    func exhaustive() {
        var random = SeededNumbers(seed: 3)
        for names in [
            ["O", "B-d", "I-d", "B-a", "I-a"], ["O", "B-d", "I-d", "E-d", "S-d"], ["O", "x", "y"],
        ] {
            let labels = TokenLabels(names)
            for _ in 0..<40 {
                let scores = (0..<4).map { _ in names.map { _ in -4 * random.fraction() } }
                let best = Self.paths(names.count, 4).filter { Self.isWhole($0, labels) }
                    .max { Self.sum(scores, $0) < Self.sum(scores, $1) }
                #expect(labels.path(scores) == best)
            }
        }
    }

    private static func paths(_ labels: Int, _ count: Int) -> [[Int]] {
        (0..<count).reduce([[]]) { paths, _ in
            paths.flatMap { path in (0..<labels).map { path + [$0] } }
        }
    }

    private static func sum(_ scores: [[Double]], _ path: [Int]) -> Double {
        zip(scores, path).reduce(0) { $0 + $1.0[$1.1] }
    }

    /// Whether each inside has its begin and each begin, in BIOES, its end.
    private static func isWhole(_ path: [Int], _ labels: TokenLabels) -> Bool {
        let closes = labels.places.contains(.end)
        let opens = labels.places.contains(.begin)
        for (token, label) in path.enumerated() {
            let before = token > 0 ? path[token - 1] : nil
            let isOpen = before.map {
                [.begin, .inside].contains(labels.places[$0])
                    && labels.classOfLabel[$0] == labels.classOfLabel[label]
            }
            if opens, [.inside, .end].contains(labels.places[label]), isOpen != true {
                return false
            }
            if closes, let before, [.begin, .inside].contains(labels.places[before]),
                ![.inside, .end].contains(labels.places[label])
            {
                return false
            }
        }
        return !(closes && [.begin, .inside].contains(labels.places[path[path.count - 1]]))
    }

    @Test("No tokens have no labels")
    func empty() {
        #expect(TokenLabels(["O", "B-d"]).path([]).isEmpty)
    }
}

@Suite("Maps of labels")
struct LabelMapTests {
    @Test("PRISM's classes and our own names have their meanings without a map")
    func usual() throws {
        let map = try LabelMap(
            modelNames: [
                "O", "B-d_positive", "I-d_positive", "B-d_suspicious", "B-m-key_negated",
                "B-m-val_", "B-drug",
            ], names: nil, pieces: .first, given: [:])
        #expect(
            map.meanings == [
                "d_positive": "disease positive", "d_suspicious": "disease suspicious",
                "m-key_negated": "drug negative", "m-val_": "dose positive",
                "drug": "drug positive",
            ])
    }

    @Test("Classes without a meaning are named, unless the map says to ignore them")
    func unmapped() throws {
        let names = ["O", "B-d_positive", "B-a", "I-a", "B-timex3_date"]
        #expect(throws: LabelMap.Fault.unmapped(["a", "timex3_date"])) {
            try LabelMap(modelNames: names, names: nil, pieces: .first, given: [:])
        }
        let map = try LabelMap(
            modelNames: names, names: nil, pieces: .first,
            given: ["a": .ignored, "*": .ignored])
        #expect(map.meanings["timex3_date"] == "ignore")
    }

    @Test("A map must fit the model's labels")
    func misfits() throws {
        #expect(throws: LabelMap.Fault.namesMissing(count: 2)) {
            try LabelMap(modelNames: ["LABEL_0", "LABEL_1"], names: nil, pieces: .each, given: [:])
        }
        #expect(throws: LabelMap.Fault.nameCount(expected: 2, found: 1)) {
            try LabelMap(
                modelNames: ["LABEL_0", "LABEL_1"], names: ["O"], pieces: .each, given: [:])
        }
        #expect(throws: LabelMap.Fault.unknown(["e"])) {
            try LabelMap(
                modelNames: ["O", "B-d"], names: nil, pieces: .each, given: ["e": .ignored])
        }
        #expect(throws: LabelMap.Fault.noOutside) {
            try LabelMap(modelNames: ["B-d", "I-d"], names: nil, pieces: .each, given: [:])
        }
        #expect(throws: LabelMap.Fault.nothingMapped) {
            try LabelMap(
                modelNames: ["O", "B-d"], names: nil, pieces: .each, given: ["d": .ignored])
        }
    }
}
