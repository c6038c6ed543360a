// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Configuration
import Foundation
import Testing

@Suite("A map of labels")
struct LabelMapFileTests {
    @Test("gives names, pieces and meanings")
    func whole() throws {
        let map = try LabelMapFile(
            toml: """
                names = ["O", "B-d"]
                pieces = "each"
                [labels]
                d = "disease"
                "t.key" = "dose negative"
                "*" = "ignore"
                """, file: "m.toml")
        #expect(map.names == ["O", "B-d"] && map.pieces == "each")
        #expect(
            map.meanings == [
                "d": .entity(.disease, .positive), "t.key": .entity(.dose, .negative),
                "*": .ignored,
            ])
    }

    @Test("of PRISM's labels that comes with the program is read")
    func shipped() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../etc/shoken/labels/prism.toml").standardized
        let map = try LabelMapFile(file: file.path)
        #expect(map.pieces == "each" && map.meanings == ["*": .ignored])
    }

    static let faults: [(toml: String, key: String)] = [
        ("names = 1", "names"), ("names = [1]", "names"),
        ("pieces = 1", "pieces"), ("labels = 1", "labels"), ("[labels]\nd = 1", "labels.d"),
        ("[labels]\nd = \"illness\"", "labels.d"),
        ("[labels]\nd = \"disease maybe\"", "labels.d"),
        ("[labels]\nd = \"\"", "labels.d"),
    ]

    @Test("with a key that nobody knows is refused, and the nearest one is told")
    func unknown() {
        let expected = ConfigurationError.unknownKey(
            file: "m.toml", key: "piece", nearest: "pieces")
        #expect(throws: expected) { try LabelMapFile(toml: "piece = 1", file: "m.toml") }
    }

    @Test("with a fault names file and key", arguments: faults)
    func fault(toml: String, key: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try LabelMapFile(toml: toml, file: "m.toml")
        }
        #expect(error?.explanation.hasPrefix("m.toml: \(key) ") == true)
    }
}
